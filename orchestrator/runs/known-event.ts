import { z } from "zod";
import { sha256 } from "../io/hash.ts";
import { messageOf } from "../schema/errors.ts";
import {
  type EventName,
  eventPayloads,
  eventSchemaVersion,
  isKnownEventName,
  type KnownEvent,
  type RunEvent,
} from "../schema/run-event.ts";

function known<Name extends EventName>(name: Name) {
  return z.strictObject({ event: z.literal(name), payload: eventPayloads[name] });
}

const NamedPayload = z.discriminatedUnion("event", [
  known("run_created"),
  known("lease_acquired"),
  known("workspace_prepared"),
  known("step_started"),
  known("model_answered"),
  known("model_call_failed"),
  known("tool_started"),
  known("tool_finished"),
  known("tool_interrupted"),
  known("delegation_refused"),
  known("step_finished"),
  known("step_failed"),
  known("step_drifted"),
  known("gate_passed"),
  known("gate_refused"),
  known("gate_asked"),
  known("question_asked"),
  known("command_received"),
  known("run_blocked"),
  known("run_faulted"),
  known("artifact_stored"),
  known("mcp_server_started"),
  known("command_started"),
  known("command_finished"),
  known("command_interrupted"),
  known("goal_started"),
  known("goal_unblocked"),
  known("goal_ended"),
  known("change_committed"),
  known("run_finished"),
]);

/** Why an event of another version of the format is not read. */
export function foreignVersion(version: number): string {
  return `was written in version ${version} of the event format; this program reads version ${eventSchemaVersion}`;
}

/** Gives an event its typed payload, or says in one sentence why this version cannot. */
export function parseKnownEvent(event: RunEvent, payload: unknown): KnownEvent | string {
  if (event.schema_version !== eventSchemaVersion) return foreignVersion(event.schema_version);
  if (!isKnownEventName(event.event)) return `is an event that this version does not know: ${event.event}`;
  const { event: name, payload: _raw, payload_blob: _reference, ...envelope } = event;
  const parsed = NamedPayload.safeParse({ event: name, payload });
  return parsed.success
    ? { ...envelope, ...parsed.data }
    : `does not fit the event ${name}: ${z.prettifyError(parsed.error)}`;
}

/** Reads a blob of a run; null where it is not there. */
export type BlobReader = (sha256: string) => Promise<Uint8Array | null>;

/** As `parseKnownEvent`, fetching and checking a payload that lies in a blob. Never rejects. */
export async function resolveEvent(event: RunEvent, readBlob: BlobReader): Promise<KnownEvent | string> {
  if (event.payload_blob === undefined) return parseKnownEvent(event, event.payload);
  const hash = event.payload_blob.blob_sha256;
  try {
    const bytes = await readBlob(hash);
    if (bytes === null) return `has its payload in blobs/${hash}, which is not there; it may have been pruned`;
    if (sha256(bytes) !== hash) return `has its payload in blobs/${hash}, whose content has another hash`;
    const payload: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return parseKnownEvent(event, payload);
  } catch (error) {
    return `has its payload in blobs/${hash}, which cannot be read: ${messageOf(error)}`;
  }
}
