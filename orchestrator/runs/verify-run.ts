import { join } from "node:path";
import { z } from "zod";
import { listDirectory, readFileIfThere } from "../io/files.ts";
import { hashJson, sha256 } from "../io/hash.ts";
import { messageOf } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import { RunManifest } from "../schema/run-manifest.ts";
import type { SignatureVerifier } from "../schema/signing.ts";
import { isArtifactName } from "./artifact-name.ts";
import { type ScannedLog, scanLog } from "./event-log.ts";
import { type KnownLog, resolveLog } from "./known-log.ts";
import { headName, isCutBefore, type LogHead, readHead } from "./log-head.ts";
import { foldManifest, manifestText } from "./manifest-fold.ts";
import { signatureName, signatureProblem } from "./manifest-signature.ts";
import { readBlobFile, readLog } from "./run-directory.ts";
import { epochMax, epochOfSegment } from "./segment-name.ts";
import { manifestBytesMax } from "./sound-log.ts";
import { checkAside } from "./verify-aside.ts";
import { checkOutputs } from "./verify-outputs.ts";

const artifactBytesMax = 268_435_456;
const signatureBytesMax = 262_144;

/** One thing that does not fit. */
export interface VerifyProblem {
  /** The file, relative to the run's folder. */
  readonly where: string;
  /** 1-based, in a file of lines. */
  readonly line?: number;
  readonly message: string;
}

/** What a check of a run's folder found. */
export interface RunVerification {
  /** True where there is no problem. */
  readonly ok: boolean;
  /** The first line of the log that does not fit comes first. */
  readonly problems: readonly VerifyProblem[];
  /** What is worth knowing and is no problem. */
  readonly notes: readonly string[];
  /** Null where no first event could be read. */
  readonly run: { readonly task_id: string; readonly run_id: string } | null;
  /** How many events of the log are sound. */
  readonly events: number;
  readonly epochs: number;
  readonly checked: {
    /** Blobs and artifacts whose content was hashed. */
    readonly blobs: number;
    readonly artifacts: number;
    /** True where `manifest.json` was compared with the fold of the log. */
    readonly manifest: boolean;
    /** True where the manifest was found to be signed by the key that was given. */
    readonly signature: boolean;
  };
}

/**
 * Recomputes all that a run's folder claims: the chain of its log, blobs, artifacts, and the manifest. Needs nothing but the
 * folder, which may be a copy from elsewhere. With a `verifier`, the manifest must also be signed by its key, which shows a log that
 * was cut or written anew as a whole. Never throws for what it finds; what cannot be checked is a problem.
 */
export async function verifyRun(
  directory: string,
  { verifier }: { readonly verifier?: SignatureVerifier } = {},
): Promise<RunVerification> {
  // A run that is under way goes on while it is read: what sums up the log is read before it.
  const summary = await readSummary(directory);
  const log = await readLog(directory).catch((error: unknown) => unreadable(error));
  const known = await resolveLog(log, (hash) => readBlobFile(directory, hash));
  const problems = known.problems.map(({ segment, line, message }) => ({ where: segment, line, message }));
  const foreign = await findForeignSegments(directory);
  const documents = known.events.flatMap((event) => checkDocument(event) ?? []);
  const artifacts = await checkArtifacts(directory, known.events);
  const outputs = await checkOutputs(directory, known.events);
  const aside = await checkAside(directory, known.events);
  const manifest = checkManifest(summary, known);
  const first = log.events[0]?.event;
  const signature = await checkSignature(directory, verifier, first);
  const all = [
    ...problems,
    ...foreign,
    ...documents,
    ...artifacts.problems,
    ...outputs.problems,
    ...aside.problems,
    ...(manifest.problem === null ? [] : [manifest.problem]),
    ...(signature.problem === null ? [] : [{ where: signatureName, message: signature.problem }]),
  ];
  return {
    ok: all.length === 0,
    problems: all,
    notes: [manifest.note, signature.note, describeLateEvents(known.events), ...aside.notes, ...outputs.notes].filter(
      (note) => note !== null,
    ),
    run: first === undefined ? null : { task_id: first.task_id, run_id: first.run_id },
    events: log.events.length,
    epochs: new Set(log.events.map(({ event }) => event.epoch)).size,
    checked: {
      blobs: countBlobs(log) + outputs.checked,
      artifacts: artifacts.checked,
      manifest: manifest.checked,
      signature: signature.checked,
    },
  };
}

function unreadable(error: unknown): ScannedLog {
  const problem = { kind: "damaged", segment: "events.jsonl", line: 1, message: messageOf(error) } as const;
  return { ...scanLog([]), problems: [problem] };
}

/** What is named as a segment and is read as none. */
async function findForeignSegments(directory: string): Promise<readonly VerifyProblem[]> {
  const entries = await listDirectory(directory).catch(() => []);
  const names = entries.map(({ name }) => name).filter((name) => /^events\..*jsonl$/.test(name));
  return names
    .filter((name) => epochOfSegment(name) === null)
    .map((name) => ({ where: name, message: `is no segment of the log: those have the numbers 2 to ${epochMax}` }));
}

function countBlobs({ events }: ScannedLog): number {
  return new Set(events.flatMap(({ event }) => event.payload_blob?.blob_sha256 ?? [])).size;
}

function describeLateEvents(events: readonly KnownEvent[]): string | null {
  const end = events.findIndex(({ event }) => event === "run_finished");
  const late = end === -1 ? 0 : events.length - 1 - end;
  if (late === 0) return null;
  const came = late === 1 ? "1 event" : `${late} events`;
  return `${came} came after the end of the run; neither the manifest nor its signature says anything of them`;
}

/** Compares a document in an event with the hash that stands beside it. */
function checkDocument({ seq, event, payload }: KnownEvent): VerifyProblem | null {
  const fail = (what: string) => ({ where: `event ${seq}`, message: `records ${what} that does not fit its hash` });
  switch (event) {
    case "step_started":
      return hashJson(payload.input) === payload.input_sha256 ? null : fail("an input");
    case "gate_passed":
    case "gate_refused":
    case "gate_asked":
      if ((payload.evidence ?? null) === null) return null;
      return hashJson(payload.evidence) === payload.verdict.evidence_sha256 ? null : fail("evidence");
    default:
      return null;
  }
}

async function checkArtifacts(directory: string, events: readonly KnownEvent[]) {
  const stored = new Map(
    events.flatMap((event) =>
      event.event === "artifact_stored" ? [[event.payload.name, event.payload] as const] : [],
    ),
  );
  const problems: VerifyProblem[] = [];
  for (const artifact of stored.values()) {
    const message = await checkArtifact(directory, artifact);
    if (message !== null) problems.push({ where: artifact.name, message });
  }
  return { problems, checked: stored.size };
}

async function checkArtifact(directory: string, artifact: RunManifest["artifacts"][number]): Promise<string | null> {
  if (!isArtifactName(artifact.name)) return "is recorded as an artifact, which it cannot be by its name";
  try {
    const bytes = await readFileIfThere(join(directory, artifact.name), artifactBytesMax);
    if (bytes === null) return "is recorded as an artifact, but is not there";
    return sha256(bytes) === artifact.sha256 && bytes.length === artifact.bytes
      ? null
      : "was changed since it was recorded";
  } catch (error) {
    return messageOf(error);
  }
}

interface ManifestCheck {
  readonly problem: VerifyProblem | null;
  readonly note: string | null;
  readonly checked: boolean;
}

interface Summary {
  readonly manifest: Buffer | null | Error;
  readonly head: LogHead | null;
}

async function readSummary(directory: string): Promise<Summary> {
  const manifest = await readFileIfThere(join(directory, "manifest.json"), manifestBytesMax).catch(
    (error: unknown) => new Error(messageOf(error)),
  );
  return { manifest, head: await readHead(directory) };
}

/** The manifest of an unfinished run may be behind its log, for it is written now and then; the head of the log is not. */
function checkManifest({ manifest, head }: Summary, { events, problems }: KnownLog): ManifestCheck {
  const fail = (message: string, where = "manifest.json") => ({
    problem: { where, message },
    note: null,
    checked: false,
  });
  if (manifest instanceof Error) return fail(manifest.message);
  if (manifest === null && events.some(({ event }) => event === "run_finished")) return fail("is not there");
  const isDamaged = problems.some(({ kind }) => kind === "damaged");
  if (manifest !== null && isDamaged) return fail("cannot be checked, since the log cannot be read whole");
  if (!isDamaged && isCutBefore(head, events))
    return fail(`names event ${head?.seq} as durable, which the log does not hold: its end is gone`, headName);
  if (manifest === null) return { problem: null, note: "no manifest was written yet", checked: false };
  // The head is older than any manifest, and logs of version 1 had none.
  if (head === null && (events[0]?.schema_version ?? 1) > 1)
    return fail("is not there or cannot be read, so nothing says where the log ended", headName);
  return { problem: compareManifest(manifest, events), note: null, checked: true };
}

interface SignatureCheck {
  readonly problem: string | null;
  readonly note: string | null;
  readonly checked: boolean;
}

async function checkSignature(
  directory: string,
  verifier: SignatureVerifier | undefined,
  run: { readonly task_id: string; readonly run_id: string } | undefined,
): Promise<SignatureCheck> {
  const fail = (problem: string) => ({ problem, note: null, checked: false });
  try {
    const envelope = await readFileIfThere(join(directory, signatureName), signatureBytesMax);
    if (verifier === undefined) {
      const note = envelope === null ? null : "the manifest is signed; give the public key with --key to check that";
      return { problem: null, note, checked: false };
    }
    if (envelope === null)
      return fail("is not there: only the manifest of a finished run is signed, where a key is configured");
    const manifest = await readFileIfThere(join(directory, "manifest.json"), manifestBytesMax);
    if (manifest === null || run === undefined) return fail("signs a manifest that is not there");
    const problem = signatureProblem(envelope, verifier, manifest, run);
    return { problem, note: null, checked: problem === null };
  } catch (error) {
    return fail(messageOf(error));
  }
}

function compareManifest(bytes: Buffer, events: readonly KnownEvent[]): VerifyProblem | null {
  const where = "manifest.json";
  const count = readEventCount(bytes);
  if (count === null) return { where, message: "is no manifest" };
  const finished = events.findIndex(({ event }) => event === "run_finished");
  if (count > events.length) return { where, message: `sums up ${count} events, but the log holds ${events.length}` };
  if (count <= finished) return { where, message: `sums up ${count} events and misses the end of the run` };
  const expected = manifestText(foldManifest(finished === -1 ? events.slice(0, count) : events));
  if (bytes.equals(Buffer.from(expected))) return null;
  const [found, due] = [bytes.toString("utf8").split("\n"), expected.split("\n")];
  const index = found.findIndex((line, at) => line !== due[at]);
  const line = index === -1 ? found.length : index + 1;
  return {
    where,
    line,
    message: `is not what the log says: ${quote(due[line - 1])} is due, not ${quote(found[line - 1])}`,
  };
}

const ManifestLog = z.object({ log: RunManifest.shape.log });

function readEventCount(bytes: Buffer): number | null {
  try {
    const count = ManifestLog.safeParse(JSON.parse(bytes.toString("utf8"))).data?.log.events ?? 0;
    return count > 0 ? count : null;
  } catch {
    return null;
  }
}

function quote(line: string | undefined): string {
  return line === undefined ? "the end" : JSON.stringify(line.trim().slice(0, 120));
}
