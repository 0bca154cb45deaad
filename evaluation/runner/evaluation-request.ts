import type { Machine } from "../machine.ts";
import type { Metric } from "../metric.ts";
import type { EvaluationIdentity, SampleResult, Selection } from "../schema/evaluation-log.ts";
import type { Dataset } from "../schema/sample.ts";
import type { Scorer } from "../scorer.ts";
import type { Solver } from "../solver.ts";
import type { EvaluationBudget } from "./evaluation-budget.ts";

/** What is evaluated, and how. */
export interface EvaluationRequest {
  readonly dataset: Dataset;
  readonly solver: Solver;
  /** At least one verdict. */
  readonly scorers: readonly Scorer[];
  readonly metrics?: readonly Metric[];
  /** Which samples of the dataset these are, where they are not all. */
  readonly selection?: Selection;
  /** How often each sample is tried; default 1. */
  readonly epochs?: number;
  /** Default 0. */
  readonly seed?: number;
  /** How many tries are under way at once; default 2. */
  readonly concurrency?: number;
  /** For the solver of one try, and once more for each scorer; default ten minutes. */
  readonly timeLimitMs?: number;
  /** How often a failure of the infrastructure is tried again; default 2. The pause before doubles from `retryPauseMs`, default 500. */
  readonly retriesMax?: number;
  readonly retryPauseMs?: number;
  /** Limits on the whole; default none. What they leave over is `not_tried`. */
  readonly budget?: EvaluationBudget;
  /** Whether tries of the record that the infrastructure failed are made again; default false. */
  readonly retryInfrastructure?: boolean;
  /** Where the record is kept, or what chooses that for an evaluation. A record of the same evaluation is gone on with. */
  readonly folder: string | ((identity: EvaluationIdentity) => Promise<string>);
  /** Where results of deterministic solvers are kept for other evaluations; left out: nowhere. */
  readonly cacheFolder?: string;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  /** Told of each try that ended, also of those from the record and the cache. */
  readonly onResult?: (result: SampleResult) => void;
}
