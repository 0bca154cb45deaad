import { Worker } from "node:worker_threads";
import { messageOf } from "../schema/errors.ts";

const stopTriesMax = 100;

/** One file that is written again and again, so that others see a sign of life. */
export interface FileBeat {
  readonly path: string;
  readonly intervalMs: number;
  /** A path; once something is there, nothing more is written. */
  readonly silentOnce: string;
  /** What the file says, but for the members `beat`, `at` and `held_ms`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The `beat` of the next write. */
  readonly beat: number;
  /** `held_ms` at the start; it grows by a clock that does not jump. */
  readonly heldMs: number;
  readonly report: (message: string) => void;
}

/** A beat under way. */
export interface RunningBeat {
  /** Changes members of the document. */
  update(members: Readonly<Record<string, unknown>>): void;
  /** Ends the beats and gives the next one's number. Once this returns, the thread never touches the file again. */
  stop(): number;
}

/** Writes files at intervals from a thread of its own, which a busy main thread cannot starve. */
export interface BeatThread {
  start(beat: FileBeat): RunningBeat;
}

interface ThreadMessage {
  readonly id: number;
  readonly start?: Omit<FileBeat, "report" | "beat">;
  readonly state?: Int32Array;
  readonly update?: Readonly<Record<string, unknown>>;
}

/** A thread that begins with its first beat and ends with its last. It never keeps the process alive. */
export function createBeatThread(): BeatThread {
  const reports = new Map<number, (message: string) => void>();
  let worker: Worker | null = null;
  let lastId = 0;

  const open = (): Worker => {
    const opened = new Worker(`(${runBeats.toString()})()`, { eval: true, execArgv: [], env: {} });
    opened.on("message", ({ id, problem }: { id: number; problem: string }) => reports.get(id)?.(problem));
    opened.on("error", (error) => {
      for (const report of reports.values()) report(`the thread of the heartbeat died: ${messageOf(error)}`);
    });
    opened.unref();
    return opened;
  };
  const post = (message: ThreadMessage) => worker?.postMessage(message);
  return {
    start({ report, beat, ...start }) {
      lastId += 1;
      const id = lastId;
      const state = new Int32Array(new SharedArrayBuffer(8));
      state[1] = beat;
      reports.set(id, report);
      worker ??= open();
      post({ id, start, state });
      return {
        update: (update) => post({ id, update }),
        stop() {
          const next = endBeat(state);
          reports.delete(id);
          post({ id });
          if (reports.size === 0) {
            worker?.terminate().catch(() => {});
            worker = null;
          }
          return next;
        },
      };
    },
  };
}

/** Waits for a write under way, then forbids all others. A write takes far less than the second that is granted here. */
function endBeat(state: Int32Array): number {
  for (let tries = 0; tries < stopTriesMax && Atomics.compareExchange(state, 0, 0, 2) === 1; tries += 1) {
    Atomics.wait(state, 0, 1, 10);
  }
  Atomics.store(state, 0, 2);
  return Atomics.load(state, 1);
}

/**
 * What the thread runs. It is given to the thread as text, so it must not use anything from outside. `state` holds 0 at rest, 1 during
 * a write and 2 after the end; and the next beat's number.
 */
function runBeats(): void {
  const { lstatSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const { dirname, join } = process.getBuiltinModule("node:path");
  const { parentPort, threadId } = process.getBuiltinModule("node:worker_threads");
  const running = new Map<number, { timer: NodeJS.Timeout; members: Record<string, unknown> }>();
  const started = new Map<number, number>();

  const write = (path: string, text: string) => {
    const temporary = join(dirname(path), `.beat-${process.pid}-${threadId}.tmp`);
    try {
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  };
  const beat = (message: ThreadMessage, members: Record<string, unknown>) => {
    const { id, start, state } = message;
    if (start === undefined || state === undefined || Atomics.compareExchange(state, 0, 0, 1) !== 0) return;
    try {
      if (lstatSync(start.silentOnce, { throwIfNoEntry: false }) !== undefined) return;
      const heldMs = Math.round(start.heldMs + performance.now() - (started.get(id) ?? 0));
      const signs = { beat: Atomics.add(state, 1, 1), at: new Date().toISOString(), held_ms: heldMs };
      write(start.path, `${JSON.stringify({ ...start.document, ...members, ...signs })}\n`);
    } catch (error) {
      parentPort?.postMessage({ id, problem: `the heartbeat was not written: ${String(error)}` });
    } finally {
      Atomics.compareExchange(state, 0, 1, 0);
      Atomics.notify(state, 0);
    }
  };
  parentPort?.on("message", (message: ThreadMessage) => {
    const { id, start, update } = message;
    const found = running.get(id);
    if (start !== undefined) {
      const members = {};
      started.set(id, performance.now());
      running.set(id, { members, timer: setInterval(() => beat(message, members), start.intervalMs) });
    } else if (update !== undefined) {
      Object.assign(found?.members ?? {}, update);
    } else {
      clearInterval(found?.timer);
      running.delete(id);
      started.delete(id);
    }
  });
}
