import { readPatternDataset } from "../datasets/pattern-dataset.ts";
import { filesMatch } from "../scorers/files-match.ts";
import { idempotence } from "../scorers/idempotence.ts";
import { wallTime } from "../scorers/wall-time.ts";
import { createCodemodSolver } from "../solvers/codemod-solver.ts";
import type { EvaluationDefinition } from "./definition.ts";

/** The evaluations of this package by their names, in the order in which they are listed. */
export function shippedEvaluations(): Readonly<Record<string, EvaluationDefinition>> {
  return {
    patterns: {
      dataset: readPatternDataset,
      solver: () => createCodemodSolver(),
      scorers: [filesMatch, idempotence, wallTime],
    },
  };
}
