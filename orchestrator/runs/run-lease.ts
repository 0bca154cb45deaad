import { isUtf8 } from "node:buffer";
import { sha256 } from "../io/hash.ts";
import type { Command } from "../schema/command.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunLease } from "../schema/run-store.ts";
import { refuseArtifactName } from "./artifact-name.ts";
import { createEventWriter, type EventWriter, type LeaseParts } from "./event-writer.ts";
import type { LeaseBackend } from "./lease-backend.ts";
import { createManifestFold, manifestText } from "./manifest-fold.ts";
import { isAboutManifest, signatureName, signManifest } from "./manifest-signature.ts";
import { metricsOf } from "./run-metrics.ts";

/** The lease over a backend. Its calls are carried out one after the other, in the order they were made. */
export function createRunLease(parts: LeaseParts): RunLease {
  const { key, epoch, backend, redactor } = parts;
  const writer = createEventWriter(parts);
  const writeManifest = createManifestWriter(writer, parts);
  const inOrder = createQueue();
  let ending: Promise<void> | null = null;

  const putArtifact: RunLease["putArtifact"] = async (name, content, mediaType, options = {}) => {
    refuseArtifactName(name);
    const bytes = Buffer.from(options.raw ? content : await redactor.text(textOf(name, content)));
    writer.assertHeld();
    await backend.putFile(name, bytes);
    const payload = { name, sha256: sha256(bytes), bytes: bytes.length, media_type: mediaType };
    await writer.append({ event: "artifact_stored", actor: storeActor, payload });
  };
  const putBlob: RunLease["putBlob"] = async (content) => {
    writer.assertHeld();
    return backend.streamBlob(content);
  };
  return {
    key,
    epoch,
    events: writer.events,
    append: (draft) => inOrder(() => writer.append(draft)),
    sync: () => inOrder(() => writer.sync()),
    writeManifest: () => inOrder(writeManifest),
    putArtifact: (...artifact) => inOrder(() => putArtifact(...artifact)),
    putBlob: (content) => inOrder(() => putBlob(content)),
    pending: () => inOrder(() => pendingCommands(backend, writer.events)),
    settle: (commandId) => inOrder(() => backend.dropCommand(commandId)),
    working: (stepId) => backend.working(stepId),
    release: () => {
      ending ??= inOrder(() => backend.close(!writer.end()));
      return ending;
    },
  };
}

/** Who signs the events that the store writes of its own accord. */
const storeActor = { kind: "runner", id: "run-store", authenticated_by: "process" } as const;

function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

/** A manifest is written after the log that it sums up is durable, so that it never claims more. */
function createManifestWriter(writer: EventWriter, parts: LeaseParts): () => Promise<RunManifest> {
  const { backend } = parts;
  const fold = createManifestFold();
  let folded = 0;
  let isCounted = false;
  return async () => {
    await writer.sync();
    for (const event of writer.events.slice(folded)) fold.add(event);
    folded = writer.events.length;
    const manifest = fold.manifest();
    const text = manifestText(manifest);
    const isFinal = manifest.finished_at !== null;
    await backend.putManifest(text, isFinal);
    if (isFinal) await putSignature(parts, manifest, text);
    const metrics = isCounted ? null : metricsOf(manifest, writer.events);
    writer.assertHeld();
    if (metrics !== null) await backend.putMetrics(metrics);
    isCounted ||= metrics !== null;
    writer.assertHeld();
    return manifest;
  };
}

/** A run that was over before this lease may have been signed by somebody else, whose signature stays. */
async function putSignature(
  { backend, signer, events }: LeaseParts,
  manifest: RunManifest,
  text: string,
): Promise<void> {
  if (signer === undefined) return;
  const wasOver = events.some(({ event }) => event === "run_finished");
  const envelope = wasOver ? await backend.getFile(signatureName) : null;
  if (envelope !== null && isAboutManifest(envelope, text)) return;
  await backend.putFile(signatureName, Buffer.from(signManifest(signer, manifest, text)));
  await backend.sync();
}

/** A runner that died after it wrote down a command, and before it settled it, must not obey twice. */
async function pendingCommands(backend: LeaseBackend, events: readonly KnownEvent[]): Promise<readonly Command[]> {
  const waiting = await backend.commands();
  if (waiting.length === 0) return [];
  const received = new Set(
    events.flatMap((event) => (event.event === "command_received" ? [event.payload.command.id] : [])),
  );
  for (const { id } of waiting) if (received.has(id)) await backend.dropCommand(id);
  return waiting.filter(({ id }) => !received.has(id));
}

function textOf(name: string, content: Uint8Array | string): string {
  if (typeof content === "string") return content;
  if (isUtf8(content)) return Buffer.from(content).toString("utf8");
  throw new OrchestratorError(
    "document_invalid",
    `the artifact ${name} is no text and cannot be redacted; store it as raw`,
  );
}
