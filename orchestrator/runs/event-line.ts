import { z } from "zod";
import { sha256 } from "../io/hash.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { Actor } from "../schema/primitives.ts";
import { type EventDraft, type EventName, eventSchemaVersion, type KnownEvent, RunEvent } from "../schema/run-event.ts";
import { foreignVersion, parseKnownEvent } from "./known-event.ts";

/** Payloads of more bytes than this are moved to a blob. */
const inlinePayloadBytesMax = 8192;

/** What the first line names as the hash of the line before. */
export const firstPrevHash = "0".repeat(64);

/** Where in a log an event goes. */
export interface EventPlace {
  readonly seq: number;
  readonly epoch: number;
  readonly timestamp: string;
  readonly held_ms: number;
  readonly task_id: string;
  readonly run_id: string;
  readonly prev_hash: string;
}

/** A draft that was redacted: what redaction left of the payload is not known to fit the event. */
export interface RedactedDraft {
  readonly event: EventName;
  readonly actor: RunEvent["actor"];
  readonly cause?: string;
  readonly payload: unknown;
}

/** An event with its line (newline included), and the payload's text where that is too long for the line. */
export interface SealedEvent {
  readonly event: KnownEvent;
  readonly line: Buffer;
  readonly blob: { readonly sha256: string; readonly text: string } | null;
}

/** Turns a draft into a line that hashes the one before it. */
export function sealDraft(place: EventPlace, draft: EventDraft): SealedEvent {
  const { line, blob, envelope } = seal(place, draft);
  return { event: { ...envelope, ...draft }, line, blob };
}

/** As `sealDraft`, for what redaction changed. Throws `document_invalid` for a payload that could not be read back. */
export function sealRedacted(place: EventPlace, draft: RedactedDraft): SealedEvent {
  const { line, blob, envelope } = seal(place, draft);
  const actor = Actor.safeParse(draft.actor);
  const event = parseKnownEvent({ ...envelope, ...draft }, draft.payload);
  if (typeof event === "string" || !actor.success) {
    const reason = typeof event === "string" ? event : "names no proper actor";
    throw new OrchestratorError(
      "document_invalid",
      `the event was not written, since what was to be recorded ${reason}`,
    );
  }
  return { event, line, blob };
}

function seal(place: EventPlace, draft: RedactedDraft) {
  const payloadText = JSON.stringify(draft.payload);
  const payloadBytes = Buffer.byteLength(payloadText);
  const blob = payloadBytes > inlinePayloadBytesMax ? { sha256: sha256(payloadText), text: payloadText } : null;
  const { prev_hash, ...position } = place;
  const head = {
    schema_version: eventSchemaVersion,
    ...position,
    event: draft.event,
    actor: draft.actor,
    ...(draft.cause === undefined ? {} : { cause: draft.cause }),
  };
  const payload =
    blob === null
      ? `"payload":${payloadText}`
      : `"payload":null,"payload_blob":{"blob_sha256":"${blob.sha256}","bytes":${payloadBytes}}`;
  const open = `${JSON.stringify(head).slice(0, -1)},${payload},"prev_hash":"${prev_hash}"`;
  const hash = sha256(`${open}}`);
  const line = Buffer.from(`${open},"hash":"${hash}"}\n`);
  return { line, blob, envelope: { schema_version: eventSchemaVersion, ...position, prev_hash, hash } };
}

/** A line as it was read: an event whose own hash is right, or the reason why it is none. */
export type ReadLine =
  | { readonly event: RunEvent }
  | {
      readonly event: null;
      readonly reason: string;
      /** True for a JSON object: somebody changed an event. False for garbage, such as a power cut leaves. */
      readonly isObject: boolean;
    };

const hashMember = ',"hash":"';
const suffixBytes = hashMember.length + 64 + 2;

/** Reads one line (without its newline) and checks its own hash. Never throws. */
export function readEventLine(line: Buffer): ReadLine {
  const object = parseObject(line);
  if (typeof object === "string") return { event: null, reason: object, isObject: false };
  const refuse = (reason: string) => ({ event: null, reason, isObject: true }) as const;
  const parsed = RunEvent.safeParse(object);
  if (!parsed.success) return refuse(describeMisfit(object, parsed.error));
  const event = parsed.data;
  const bodyEnd = line.length - suffixBytes;
  if (bodyEnd < 1 || line.subarray(bodyEnd).toString("latin1") !== `${hashMember}${event.hash}"}`) {
    return refuse("does not end with its hash");
  }
  const body = Buffer.from(line.subarray(0, bodyEnd + 1));
  body[bodyEnd] = 0x7d;
  return sha256(body) === event.hash ? { event } : refuse("was changed: its content does not fit its hash");
}

/** What another version wrote need not look like an event of this one. */
function describeMisfit(object: object, error: z.ZodError): string {
  const { data } = z.object({ schema_version: z.number() }).safeParse(object);
  if (data !== undefined && data.schema_version !== eventSchemaVersion) return foreignVersion(data.schema_version);
  return `is no event: ${error.issues[0]?.message ?? ""}`;
}

function parseObject(line: Buffer): object | string {
  try {
    const value: unknown = JSON.parse(line.toString("utf8"));
    return typeof value === "object" && value !== null ? value : "is no JSON object";
  } catch (error) {
    return `is no JSON: ${messageOf(error)}`;
  }
}
