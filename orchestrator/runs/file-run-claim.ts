import { join } from "node:path";
import { createAppendFile, cutFile, isPresent, readFrom, sizeOf } from "../io/append-file.ts";
import type { BeatThread } from "../io/beat-thread.ts";
import type { Clock } from "../io/clock.ts";
import type { Disk } from "../io/disk.ts";
import { removeEmptyFolder, removeTree, writeFileAtomic } from "../io/files.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { EventDraft, EventPayload, KnownEvent, RunEvent } from "../schema/run-event.ts";
import type { RunKey, RunLease } from "../schema/run-store.ts";
import type { Signer } from "../schema/signing.ts";
import type { TornTail } from "./event-log.ts";
import { createFileLeaseBackend } from "./file-lease-backend.ts";
import { type HeartbeatSettings, startHeartbeat } from "./heartbeat-file.ts";
import { createInbox } from "./inbox.ts";
import type { LeaseBackend } from "./lease-backend.ts";
import { mapBounded } from "./map-bounded.ts";
import { listEpochs, makeRunDirectory, runDirectory } from "./run-directory.ts";
import { describeHolder, type HolderSight, lookUpHolder, seeHolder, showsLife } from "./run-holder.ts";
import { createRunLease } from "./run-lease.ts";
import { refuseFirstEvent, runExists } from "./run-refusals.ts";
import { segmentName, tornName } from "./segment-name.ts";
import { readSoundLog, refuseShortenedLog } from "./sound-log.ts";

/** What claims are made with. */
export interface ClaimContext {
  readonly root: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly heartbeat: HeartbeatSettings;
  readonly thread: BeatThread;
  readonly disk: Disk;
  readonly report: (message: string) => void;
  readonly signer?: Signer | undefined;
  /** Who this process is, redacted. */
  readonly holder: () => Promise<string>;
  /** Segments that were let go of by leases whose last heartbeat could not be written. */
  readonly letGo: Set<string>;
}

/** Begins a run: its folder, its first segment, its first two events. See `RunStore.create`. */
export async function createRun(context: ClaimContext, key: RunKey, first: EventDraft): Promise<RunLease> {
  refuseFirstEvent(first);
  const directory = runDirectory(context.root, key);
  const isNew = !isPresent(directory);
  const backend = await claimNewRun(context, key, directory);
  if (backend === null) throw runExists(key);
  const lease = createRunLease({ key, epoch: 1, events: [], backend, ...context });
  try {
    await lease.append(first);
    await lease.append(
      await leaseDraft(context, first.actor, {
        continues: null,
        reason: "created",
        held_before_ms: null,
        torn_tail: null,
      }),
    );
    return lease;
  } catch (error) {
    await lease.release();
    // A run without a first event is nothing that anyone could go on with.
    if (isNew) await removeTree(directory).catch((cleanup: unknown) => context.report(messageOf(cleanup)));
    throw error;
  }
}

async function claimNewRun(context: ClaimContext, key: RunKey, directory: string): Promise<LeaseBackend | null> {
  try {
    const newFolders = await makeRunDirectory(context.root, directory, context.disk);
    return await claimSegment(context, key, 1, newFolders);
  } catch (error) {
    // Another may be making the same run, so only what is empty goes.
    await removeEmptyFolder(directory).catch((cleanup: unknown) => context.report(messageOf(cleanup)));
    throw error;
  }
}

/** Takes over a run that nobody holds. See `RunStore.acquire`. */
export async function acquireRun(
  context: ClaimContext,
  key: RunKey,
  reason: string,
  actor: RunEvent["actor"],
): Promise<RunLease> {
  const directory = runDirectory(context.root, key);
  const sight = await seeHolder(directory);
  if (sight.epoch > 0) await refuseHeld(context, key, directory, sight);
  const found = await readSoundLog(key, directory);
  await refuseShortenedLog(key, directory, found.events.length);
  const epoch = sight.epoch + 1;
  const backend = await claimSegment(context, key, epoch, [directory]);
  if (backend === null) throw held(key, await seeHolder(directory));
  try {
    // What the runner before wrote until the moment of the claim is part of the run, so it must be continued.
    const { log, events } = (await isUnchanged(directory, found.log.bytes))
      ? found
      : await readSoundLog(key, directory);
    const torn_tail = await keepTails(directory, log.tails, context.disk);
    const continues = continuesFrom(events);
    const lease = createRunLease({ key, epoch, events, backend, ...context });
    const held_before_ms = heldBefore(sight, context.clock);
    await lease.append(await leaseDraft(context, actor, { continues, reason, held_before_ms, torn_tail }));
    for (const { epoch: torn, offset } of [...log.tails, ...(await keptBefore(directory, log.fenced))])
      await cutFile(join(directory, segmentName(torn)), offset, context.disk);
    return lease;
  } catch (error) {
    await backend.close(false);
    throw error;
  }
}

/** Throws `run_held` unless the runner that claimed the run last has let go, is provably dead, or shows no life for its stale time. */
async function refuseHeld(context: ClaimContext, key: RunKey, directory: string, sight: HolderSight): Promise<void> {
  if (sight.isReleased || context.letGo.has(join(directory, segmentName(sight.epoch)))) return;
  const state = await lookUpHolder(sight.holder);
  if (state === "dead") return;
  if (state !== "alive") {
    const seconds = sight.heartbeat?.stale_after_seconds ?? context.heartbeat.staleAfterSeconds;
    context.report(
      `the holder of run ${key.runId} cannot be looked up from here; its heartbeat is watched for ${seconds} s`,
    );
  }
  if (state === "alive" || (await showsLife(directory, sight, context.heartbeat.staleAfterSeconds))) {
    throw held(key, await seeHolder(directory));
  }
}

function held(key: RunKey, sight: HolderSight): OrchestratorError {
  return new OrchestratorError(
    "run_held",
    `run ${key.runId} is held by ${describeHolder(sight)}; see what it does with: codex-orchestrator runs show ${key.runId}, ` +
      "or leave it a command (pause, cancel, approve, reject)",
  );
}

/** Creates the segment of `epoch`, which is the claim, and begins the heartbeat; null where another was first. */
async function claimSegment(
  context: ClaimContext,
  key: RunKey,
  epoch: number,
  newFolders: readonly string[],
): Promise<LeaseBackend | null> {
  const directory = runDirectory(context.root, key);
  const holder = await context.holder();
  const path = join(directory, segmentName(epoch));
  const file = createAppendFile(path, context.disk);
  if (file === null) return null;
  const heart = await startHeartbeat({
    directory,
    holder,
    epoch,
    settings: context.heartbeat,
    clock: context.clock,
    thread: context.thread,
    nextSegment: join(directory, segmentName(epoch + 1)),
    report: context.report,
    disk: context.disk,
  });
  return createFileLeaseBackend({
    runId: key.runId,
    epoch,
    directory,
    file,
    newFolders,
    heart,
    inbox: createInbox(directory, context.report, context.disk),
    report: context.report,
    disk: context.disk,
    onSilentRelease: () => context.letGo.add(path),
  });
}

/** A runner that was killed may have worked for one interval after its last heartbeat, or until now where that is sooner. */
function heldBefore({ heartbeat, isReleased }: HolderSight, clock: Clock): number | null {
  if (heartbeat === null) return null;
  if (isReleased) return heartbeat.held_ms;
  const sinceMs = Math.max(0, clock.now().getTime() - Date.parse(heartbeat.at));
  return heartbeat.held_ms + Math.min(sinceMs, heartbeat.interval_seconds * 1000);
}

async function isUnchanged(directory: string, bytes: number): Promise<boolean> {
  const epochs = await listEpochs(directory);
  return epochs.reduce((sum, epoch) => sum + sizeOf(join(directory, segmentName(epoch))), 0) === bytes;
}

function continuesFrom(events: readonly KnownEvent[]): EventPayload<"lease_acquired">["continues"] {
  const last = events.at(-1);
  return last === undefined ? null : { seq: last.seq, hash: last.hash };
}

/** Copies torn bytes beside the log. They are cut off only after the event that reports them is written. */
async function keepTails(
  directory: string,
  tails: readonly TornTail[],
  disk: Disk,
): Promise<EventPayload<"lease_acquired">["torn_tail"]> {
  if (tails.length === 0) return null;
  for (const { epoch, bytes } of tails)
    await writeFileAtomic(join(directory, tornName(epoch)), bytes, { durable: true, disk });
  return {
    bytes: tails.reduce((sum, { bytes }) => sum + bytes.length, 0),
    kept_as: tails.map(({ epoch }) => tornName(epoch)).join(", "),
  };
}

/** What a runner reported and died before it had cut it off. */
async function keptBefore(directory: string, fenced: readonly TornTail[]): Promise<readonly TornTail[]> {
  const isKept = async ({ epoch, bytes }: TornTail) => {
    const path = join(directory, tornName(epoch));
    return sizeOf(path) === bytes.length && (await readFrom(path, 0, bytes.length))?.equals(bytes) === true;
  };
  const kept = await mapBounded(fenced, 8, async (tail) => ((await isKept(tail)) ? [tail] : []));
  return kept.flat();
}

async function leaseDraft(
  context: ClaimContext,
  actor: RunEvent["actor"],
  payload: Omit<EventPayload<"lease_acquired">, "holder">,
): Promise<EventDraft> {
  return { event: "lease_acquired", actor, payload: { holder: await context.holder(), ...payload } };
}
