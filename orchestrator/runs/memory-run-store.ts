import type { Clock } from "../io/clock.ts";
import { sha256 } from "../io/hash.ts";
import { createWaker } from "../io/waker.ts";
import type { Command } from "../schema/command.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Heartbeat } from "../schema/heartbeat.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { EventDraft, EventPayload, KnownEvent, RunEvent } from "../schema/run-event.ts";
import type { RunKey, RunLease, RunRow } from "../schema/run-store.ts";
import { refuseArtifactName } from "./artifact-name.ts";
import { type ScannedLog, scanLog } from "./event-log.ts";
import { refuseCommandId, refuseFullInbox } from "./inbox.ts";
import { refuseDamage, resolveLog } from "./known-log.ts";
import type { LeaseBackend } from "./lease-backend.ts";
import { foldManifest } from "./manifest-fold.ts";
import { inOrder } from "./metrics-table.ts";
import type { RunArchive } from "./run-archive.ts";
import { createRunLease } from "./run-lease.ts";
import { compareNewestFirst, listPage } from "./run-list.ts";
import { metricsOf } from "./run-metrics.ts";
import { artifactNotFound, refuseFirstEvent, runExists, runNotFound } from "./run-refusals.ts";
import { damagedRow, rowOf } from "./run-row.ts";
import { type WatchSource, watchEvents, watchPauseMs } from "./watch-events.ts";

interface Parts {
  readonly clock: Clock;
  readonly redactor: Redactor;
}

interface MemoryRun {
  readonly key: RunKey;
  /** The lines of each epoch, the first epoch first. */
  readonly segments: Buffer[][];
  readonly blobs: Map<string, Uint8Array>;
  readonly files: Map<string, Uint8Array>;
  readonly inbox: Map<string, Command>;
  /** Null while nobody holds the run. */
  heartbeat: Heartbeat | null;
  readonly watchers: Set<() => void>;
}

/** Runs that live as long as the store, for scripts and tests that need no record. Makes the same promises, but for durability. */
export function createMemoryRunStore(parts: Parts): RunArchive {
  const runs = new Map<string, MemoryRun>();
  const find = (key: RunKey): MemoryRun => {
    const run = runs.get(nameOf(key));
    if (run === undefined) throw runNotFound(key);
    return run;
  };
  const keys = () => [...runs.values()].map(({ key }) => key).sort(compareNewestFirst);
  return {
    create: (key, first) => createRun(runs, key, first, parts),
    acquire: async (key, reason, actor) => acquireRun(find(key), reason, actor, parts),
    async read(key) {
      const log = scanRun(find(key));
      const { problems } = await resolveRunLog(find(key), log);
      return { events: log.events.map(({ event }) => event), problems };
    },
    events: async (key) => readEvents(find(key)),
    async *watch(key, query) {
      yield* watchEvents(createWatchSource(find(key)), query);
    },
    manifest: async (key) => foldManifest(await readEvents(find(key))),
    async heartbeat(key) {
      const { heartbeat } = find(key);
      return { heartbeat, liveness: heartbeat === null ? "none" : "alive" };
    },
    async submit(key, command) {
      const { inbox } = find(key);
      refuseCommandId(command.id);
      refuseFullInbox(inbox.has(command.id) ? 0 : inbox.size);
      inbox.set(command.id, await parts.redactor.json(command));
    },
    waiting: async (key) => [...find(key).inbox.values()],
    list: (query) => listPage(keys(), query, (key) => readRow(find(key))),
    keys: async () => keys(),
    async metrics() {
      const found = await Promise.all([...runs.values()].map((run) => readEvents(run)));
      return { rows: inOrder(found.flatMap((events) => metricsOf(foldManifest(events), events) ?? [])), unreadable: 0 };
    },
    readArtifact: async (key, name) => readArtifact(find(key), name),
    readBlob: async (key, sha256) => find(key).blobs.get(sha256) ?? null,
  };
}

function nameOf({ taskId, runId }: RunKey): string {
  return `${taskId}/${runId}`;
}

async function createRun(
  runs: Map<string, MemoryRun>,
  key: RunKey,
  first: EventDraft,
  parts: Parts,
): Promise<RunLease> {
  refuseFirstEvent(first);
  if (runs.has(nameOf(key))) throw runExists(key);
  const run: MemoryRun = {
    key,
    segments: [],
    blobs: new Map(),
    files: new Map(),
    inbox: new Map(),
    heartbeat: null,
    watchers: new Set(),
  };
  runs.set(nameOf(key), run);
  const lease = createRunLease({ key, epoch: 1, events: [], backend: claim(run, parts.clock), ...parts });
  try {
    await lease.append(first);
    await lease.append(leaseDraft(first.actor, "created", null));
    return lease;
  } catch (error) {
    runs.delete(nameOf(key));
    throw error;
  }
}

async function acquireRun(run: MemoryRun, reason: string, actor: RunEvent["actor"], parts: Parts): Promise<RunLease> {
  if (run.heartbeat !== null) {
    const message = `run ${run.key.runId} is held by this process (epoch ${run.heartbeat.epoch}); leave it a command, or wait`;
    throw new OrchestratorError("run_held", message);
  }
  const backend = claim(run, parts.clock);
  const events = await readEvents(run);
  const lease = createRunLease({ key: run.key, epoch: run.segments.length, events, backend, ...parts });
  const last = events.at(-1);
  await lease.append(leaseDraft(actor, reason, last === undefined ? null : { seq: last.seq, hash: last.hash }));
  return lease;
}

const holder = "this process";

function leaseDraft(
  actor: RunEvent["actor"],
  reason: string,
  continues: EventPayload<"lease_acquired">["continues"],
): EventDraft {
  return {
    event: "lease_acquired",
    actor,
    payload: { holder, continues, reason, held_before_ms: null, set_aside: [] },
  };
}

/** Takes the run at once, so that of two calls the second finds it held. */
function claim(run: MemoryRun, clock: Clock): LeaseBackend {
  const lines: Buffer[] = [];
  const epoch = run.segments.push(lines);
  const startedMs = clock.monotonicMs();
  const signs = () => ({ at: clock.now().toISOString(), held_ms: Math.round(clock.monotonicMs() - startedMs) });
  run.heartbeat = {
    schema_version: 1,
    holder,
    epoch,
    step_id: null,
    ...signs(),
    beat: 0,
    interval_seconds: 10,
    stale_after_seconds: 30,
  };
  return {
    appendLine(line) {
      lines.push(line);
      for (const wake of run.watchers) wake();
    },
    assertHeld() {},
    async putHead() {},
    async sync() {},
    async putBlob(sha256, content) {
      run.blobs.set(sha256, Buffer.from(content));
    },
    async streamBlob(chunks) {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) parts.push(Buffer.from(chunk));
      const content = Buffer.concat(parts);
      const hash = sha256(content);
      run.blobs.set(hash, content);
      return hash;
    },
    async putFile(name, bytes) {
      run.files.set(name, bytes);
    },
    getFile: async (name) => run.files.get(name) ?? null,
    async putManifest() {},
    async putMetrics() {},
    commands: async () => [...run.inbox.values()],
    async dropCommand(id) {
      run.inbox.delete(id);
    },
    working(stepId) {
      if (run.heartbeat !== null) run.heartbeat = { ...run.heartbeat, step_id: stepId, ...signs() };
    },
    async close() {
      run.heartbeat = null;
    },
  };
}

function scanRun(run: MemoryRun): ScannedLog {
  return scanLog(run.segments.map((lines, index) => ({ epoch: index + 1, bytes: Buffer.concat(lines) })));
}

function resolveRunLog(run: MemoryRun, log: ScannedLog) {
  return resolveLog(log, async (sha256) => run.blobs.get(sha256) ?? null);
}

async function readEvents(run: MemoryRun): Promise<readonly KnownEvent[]> {
  const { events, problems } = await resolveRunLog(run, scanRun(run));
  refuseDamage(run.key, problems);
  return events;
}

async function readRow(run: MemoryRun): Promise<RunRow> {
  try {
    const manifest = foldManifest(await readEvents(run));
    return await rowOf(run.key, manifest, async () => (run.heartbeat === null ? "none" : "alive"));
  } catch (error) {
    return damagedRow(run.key, error);
  }
}

function readArtifact(run: MemoryRun, name: string): Uint8Array {
  refuseArtifactName(name);
  const bytes = run.files.get(name);
  if (bytes === undefined) throw artifactNotFound(run.key, name);
  return bytes;
}

function createWatchSource(run: MemoryRun): WatchSource {
  let seen = 0;
  const waker = createWaker();
  run.watchers.add(waker.wake);
  return {
    async read() {
      const events = scanRun(run).events.slice(seen);
      seen += events.length;
      return events.map(({ event }) => event);
    },
    readBlob: async (sha256) => run.blobs.get(sha256) ?? null,
    change: (signal) => waker.wait(watchPauseMs, signal),
    close: () => run.watchers.delete(waker.wake),
  };
}
