import type { Machine } from "./machine.ts";
import type { Score, ScorerKind } from "./schema/evaluation-log.ts";
import type { Sample } from "./schema/sample.ts";
import type { Solution } from "./schema/solution.ts";
import type { Solver } from "./solver.ts";

/** Files by their paths, and what each is: mode and content hash, or where a link leads. */
export type FolderSnapshot = ReadonlyMap<string, string>;

/** What a solver left, for reading. A scorer that writes works on a copy. */
export interface Subject {
  readonly sample: Sample;
  readonly epoch: number;
  readonly solver: Solver;
  /** What the solver says of its work. */
  readonly solution: Solution;
  /** Absolute. */
  readonly root: string;
  /** Files that the solver wrote, changed or removed, in order. */
  readonly changedPaths: readonly string[];
  /** The text of a file afterwards, or before; null where there is none, or no text file of at most 4 MiB. */
  after(path: string): Promise<string | null>;
  before(path: string): Promise<string | null>;
  /** A copy of the state that the sample began with, or that the solver left; removed when the work is done. */
  inBase<T>(work: (root: string) => Promise<T>): Promise<T>;
  inCopy<T>(work: (root: string) => Promise<T>): Promise<T>;
  /** The solver at work once more, on the files below `root`. */
  solveAgain(root: string): Promise<readonly string[]>;
  readonly durationMs: number;
  readonly signal: AbortSignal;
  readonly machine: Machine;
}

/**
 * Scores what a solver left; null where the sample gives nothing to go by, which counts as 0 for a verdict and leaves a measure out. A try
 * passes when every verdict is 1. What is thrown is a failure of the infrastructure.
 */
export interface Scorer {
  readonly id: string;
  /** A change of what the scorer says raises it; results of an older version are not taken from the cache. */
  readonly version: string;
  readonly kind: ScorerKind;
  score(subject: Subject): Promise<Score | null>;
}

/** The id of a model's opinion, or the beginning of it. It can stand beside verdicts, and never alone. */
export const modelGradedId = "model-graded";

/** A verdict with its reason. */
export function verdict(isPassed: boolean, reason: string): Score {
  return { value: isPassed ? 1 : 0, reason };
}
