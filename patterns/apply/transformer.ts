import { setImmediate as pause } from "node:timers/promises";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Codemod } from "../engine/codemod.ts";
import { type FileJob, type FileOutcome, transformFile } from "./transform-file.ts";

/**
 * Characters of candidates from which threads are begun. Two of them take a third of a second to start, which pays from 3 million on;
 * at 12 million they halve the time. Measured on two cores; below that the process is better off alone, as one of many in a CI job.
 */
const poolCharactersMin = 8_388_608;
const turnMs = 50;

/** Turns candidates into outcomes, in whatever order. */
export interface Transformer {
  /** Resolves once there is room for more. */
  add(job: FileJob): Promise<void>;
  /** The outcome of each job. Throws `aborted`. */
  finish(onProgress: (done: number) => void): Promise<readonly FileOutcome[]>;
  /** Ends what is under way; safe to call at any time. */
  close(): Promise<void>;
  /** Threads besides the main one. */
  workers(): number;
}

/** What a transformer works with. */
export interface TransformerParts {
  readonly codemods: readonly Codemod[];
  /** Starts the threads; null where there are none to be had. */
  readonly startPool: (() => Transformer) | null;
  readonly monotonicMs: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly poolCharactersMin?: number | undefined;
}

/** Transforms in this thread, or in others once there is enough to do. The outcomes are the same. */
export function createTransformer(parts: TransformerParts): Transformer {
  const waiting: FileJob[] = [];
  const threshold = parts.poolCharactersMin ?? poolCharactersMin;
  let characters = 0;
  let pool: Transformer | null = null;
  return {
    async add(job) {
      if (pool !== null) return pool.add(job);
      waiting.push(job);
      characters += job.text.length;
      if (parts.startPool === null || characters < threshold) return;
      pool = parts.startPool();
      for (const each of waiting.splice(0)) await pool.add(each);
    },
    finish: (onProgress) => (pool === null ? transformHere(parts, waiting, onProgress) : pool.finish(onProgress)),
    close: async () => pool?.close(),
    workers: () => pool?.workers() ?? 0,
  };
}

async function transformHere(
  { codemods, monotonicMs, signal }: TransformerParts,
  jobs: readonly FileJob[],
  onProgress: (done: number) => void,
): Promise<readonly FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  let turnEndsAt = monotonicMs() + turnMs;
  for (const job of jobs) {
    outcomes.push(transformFile(codemods, job));
    if (monotonicMs() < turnEndsAt) continue;
    onProgress(outcomes.length);
    await pause();
    if (signal?.aborted) throw new OrchestratorError("aborted", "nothing was written");
    turnEndsAt = monotonicMs() + turnMs;
  }
  return outcomes;
}
