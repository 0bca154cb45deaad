import { join } from "node:path";
import { createAppendFile, cutFile, isPresent, readFrom, sizeOf } from "../io/append-file.ts";
import type { BeatThread } from "../io/beat-thread.ts";
import type { Clock } from "../io/clock.ts";
import type { Disk } from "../io/disk.ts";
import { listDirectory, removeEmptyFolder, removeTree, writeFileAtomic } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { mapBounded } from "../io/map-bounded.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { EventDraft, EventPayload, KnownEvent, RunEvent, SetAside } from "../schema/run-event.ts";
import type { RunKey, RunLease } from "../schema/run-store.ts";
import type { Signer } from "../schema/signing.ts";
import type { ScannedLog, TornTail } from "./event-log.ts";
import { createFileLeaseBackend } from "./file-lease-backend.ts";
import { type HeartbeatSettings, startHeartbeat } from "./heartbeat-file.ts";
import { createInbox } from "./inbox.ts";
import type { LeaseBackend } from "./lease-backend.ts";
import { listEpochs, makeRunDirectory, runDirectory } from "./run-directory.ts";
import { describeHolder, type HolderSight, lookUpHolder, seeHolder, showsLife } from "./run-holder.ts";
import { createRunLease } from "./run-lease.ts";
import { refuseFirstEvent, runExists } from "./run-refusals.ts";
import { epochMax, fencedName, isAsideName, segmentName, tornName } from "./segment-name.ts";
import { readSoundLog, readWholeLog } from "./sound-log.ts";

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
        set_aside: [],
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
  const found = await readWholeLog(key, directory);
  const epoch = nextEpoch(key, sight);
  const backend = await claimSegment(context, key, epoch, [directory]);
  if (backend === null) throw held(key, await seeHolder(directory));
  try {
    // What the runner before wrote until the moment of the claim is part of the run, so it must be continued.
    const { log, events } = (await isUnchanged(directory, found.log.bytes))
      ? found
      : await readSoundLog(key, directory);
    const kept = await keepAside(directory, epoch, log, context.disk);
    const continues = continuesFrom(events);
    const lease = createRunLease({ key, epoch, events, backend, ...context });
    const held_before_ms = heldBefore(sight, context.clock);
    await lease.append(await leaseDraft(context, actor, { continues, reason, held_before_ms, set_aside: kept }));
    if (kept.length > 0) await lease.sync();
    for (const { epoch: end, offset } of [...log.tails, ...log.fenced])
      await cutFile(join(directory, segmentName(end)), offset, context.disk);
    return lease;
  } catch (error) {
    await backend.close(false);
    throw error;
  }
}

function nextEpoch({ runId }: RunKey, { epoch }: HolderSight): number {
  if (epoch < epochMax) return epoch + 1;
  const message = `run ${runId} was taken over ${epochMax} times, and no run is taken over more often; start a new one`;
  throw new OrchestratorError("run_state_refused", message);
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

/**
 * Copies beside the log what is no part of it: what a crash left at its end, and what a runner wrote after its lease was lost. It is cut off
 * only after the event that reports it is written, so what lies there already was reported by a runner that died before it had cut.
 */
async function keepAside(directory: string, epoch: number, log: ScannedLog, disk: Disk): Promise<SetAside[]> {
  const late = await mapBounded(log.fenced, 8, async (tail) => ((await isKept(directory, tail)) ? [] : [tail]));
  const found = [
    ...log.tails.map((tail) => ({ tail, reason: "torn" as const, name: tornName(tail.epoch) })),
    ...late.flat().map((tail) => ({ tail, reason: "fenced" as const, name: fencedName(tail.epoch, epoch) })),
  ];
  const kept: SetAside[] = [];
  for (const { tail, reason, name } of found) {
    await writeFileAtomic(join(directory, name), tail.bytes, { durable: true, disk });
    const { length: bytes } = tail.bytes;
    kept.push({ segment: segmentName(tail.epoch), reason, bytes, sha256: sha256(tail.bytes), kept_as: name });
  }
  return kept;
}

async function isKept(directory: string, { epoch, bytes }: TornTail): Promise<boolean> {
  const names = (await listDirectory(directory)).map(({ name }) => name);
  const own = names.filter((name) => isAsideName(name) && name.startsWith(`events.${epoch}.`));
  for (const path of own.map((name) => join(directory, name)))
    if (sizeOf(path) === bytes.length && (await readFrom(path, 0, bytes.length))?.equals(bytes)) return true;
  return false;
}

async function leaseDraft(
  context: ClaimContext,
  actor: RunEvent["actor"],
  payload: Omit<EventPayload<"lease_acquired">, "holder">,
): Promise<EventDraft> {
  return { event: "lease_acquired", actor, payload: { holder: await context.holder(), ...payload } };
}
