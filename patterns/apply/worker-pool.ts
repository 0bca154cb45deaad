import { Worker } from "node:worker_threads";
import { messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PlacedLibrary } from "../libraries/place-library.ts";
import type { FileJob, FileOutcome } from "./transform-file.ts";
import type { Transformer } from "./transformer.ts";

/** Characters that one message holds, about; and how many messages may wait for each thread. */
const batchCharacters = 262_144;
const batchesPerThread = 4;

/** What the threads run. */
export interface PoolParts {
  /** The module of `worker.ts`, compiled. */
  readonly module: URL;
  /** Given to each thread: which codemods it finds and applies. */
  readonly recipe: WorkerRecipe;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/** The codemods of a thread, which cannot be sent as they are: ids in the order of their application, settings, and where other libraries lie. */
export interface WorkerRecipe {
  readonly ids: readonly string[];
  readonly libraries: readonly PlacedLibrary[];
  readonly settings: Readonly<Record<string, string>>;
}

interface Thread {
  readonly worker: Worker;
  isBusy: boolean;
}

/** Threads that transform batches of files. A thread that dies fails the whole. */
export function createWorkerPool({ module, recipe, threads: count, signal }: PoolParts): Transformer {
  const outcomes: FileOutcome[] = [];
  const batches: FileJob[][] = [];
  const waiters = new Set<() => void>();
  let filling: FileJob[] = [];
  let characters = 0;
  let fault: Error | null = null;

  const wake = () => {
    for (const waiter of waiters) waiter();
    waiters.clear();
  };
  const threads: readonly Thread[] = Array.from({ length: count }, () => {
    const thread: Thread = { worker: new Worker(module, { workerData: recipe, execArgv: [] }), isBusy: false };
    thread.worker.on("message", (done: readonly FileOutcome[]) => {
      outcomes.push(...done);
      thread.isBusy = false;
      feed();
      wake();
    });
    thread.worker.on("error", (error) => {
      fault ??= new OrchestratorError("process_failed", `a thread of the patterns died: ${messageOf(error)}`, {
        cause: error,
      });
      wake();
    });
    return thread;
  });
  const feed = () => {
    for (const thread of threads) {
      if (thread.isBusy) continue;
      const batch = batches.shift();
      if (batch === undefined) return;
      thread.isBusy = true;
      thread.worker.postMessage(batch);
    }
  };
  const flush = () => {
    if (filling.length > 0) batches.push(filling);
    [filling, characters] = [[], 0];
    feed();
  };
  const until = async (isReached: () => boolean, onWake = () => {}) => {
    while (!isReached()) {
      if (fault !== null) throw fault;
      if (signal?.aborted) throw new OrchestratorError("aborted", "nothing was written");
      await new Promise<void>((resolve) => waiters.add(resolve));
      onWake();
    }
    if (fault !== null) throw fault;
  };
  signal?.addEventListener("abort", wake);
  return {
    async add(job) {
      filling.push(job);
      characters += job.text.length;
      if (characters < batchCharacters) return;
      flush();
      await until(() => batches.length <= batchesPerThread * count);
    },
    async finish(onProgress) {
      flush();
      await until(
        () => batches.length === 0 && threads.every(({ isBusy }) => !isBusy),
        () => onProgress(outcomes.length),
      );
      return outcomes;
    },
    async close() {
      signal?.removeEventListener("abort", wake);
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
    workers: () => count,
  };
}
