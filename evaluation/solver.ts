import type { Json } from "../orchestrator/schema/primitives.ts";
import type { Machine } from "./machine.ts";
import type { Sample } from "./schema/sample.ts";
import type { Solution } from "./schema/solution.ts";

/** One try of one sample: the solver changes the files below `root`, a copy of its own. */
export interface Attempt {
  readonly sample: Sample;
  /** Absolute. */
  readonly root: string;
  readonly epoch: number;
  /** Differs from try to try, and is the same when a try is made again. */
  readonly seed: number;
  /** Aborted when the time is up; what is still written afterwards counts for nothing. */
  readonly signal: AbortSignal;
  readonly machine: Machine;
}

/**
 * Something that works on samples. To find no solution is an answer: change nothing and say so. What is thrown is a failure of the
 * infrastructure; only a fault that is `retryable`, or unknown, is tried again.
 */
export interface Solver {
  readonly id: string;
  /** All that the solver's work depends on besides the sample: its version, its settings, its model. */
  readonly fingerprint: Json;
  /** True where the same sample and seed always give the same files, so that a result may come from the cache. */
  readonly isDeterministic: boolean;
  solve(attempt: Attempt): Promise<Solution>;
}
