import type { Metric } from "../metric.ts";
import type { EvaluationLog } from "../schema/evaluation-log.ts";
import type { Dataset } from "../schema/sample.ts";
import type { Scorer } from "../scorer.ts";
import type { Solver } from "../solver.ts";

/** What the command line says of the solver. A solver that has no use for something that was said must not be given it. */
export interface SolverSettings {
  /** As `--model` of `run`: `recipe`, `openai:<model>`, … */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** Where model answers are recorded, or come from. */
  readonly cassettes?: { readonly folder: string; readonly mode: "record" | "replay" } | undefined;
}

/** A solver, or what makes one of what the command line says. */
export type SolverSource = Solver | ((settings: SolverSettings) => Solver | Promise<Solver>);

/** A scorer, or what makes one of what the command line says: one that asks a model is recorded and played again with the solver. */
export type ScorerSource = Scorer | ((settings: SolverSettings) => Scorer);

/** An evaluation as a team writes it down: samples, who works on them, and how that is judged. */
export interface EvaluationDefinition {
  /** Folders of fixtures are relative to the file of the definition. */
  readonly dataset: Dataset | (() => Dataset | Promise<Dataset>);
  readonly solver: SolverSource;
  /** At least one verdict. */
  readonly scorers: readonly ScorerSource[];
  readonly metrics?: readonly Metric[] | undefined;
  /** What holds where the command line says nothing else; the defaults are those of `runEvaluation`. */
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly timeLimitMs?: number | undefined;
  /** A text of its own below the figures. The dataset is what was chosen of it. */
  readonly describe?: ((log: EvaluationLog, dataset: Dataset) => string) | undefined;
  /** What the exit code goes by, where that is not whether every try passed. */
  readonly judge?: ((log: EvaluationLog, dataset: Dataset) => EvaluationAnswer) | undefined;
}

/** Whether what an evaluation asks holds; `unclear` where it cannot be told. */
export type EvaluationAnswer = "yes" | "no" | "unclear";

/** Gives a definition back as it is: for the default export of an `*.eval.ts`, so that it is checked as it is typed. */
export function defineEvaluation(definition: EvaluationDefinition): EvaluationDefinition {
  return definition;
}
