import { shippedDatasets } from "../datasets/shipped-datasets.ts";
import { filesContain } from "../scorers/files-contain.ts";
import { filesMatch } from "../scorers/files-match.ts";
import { idempotence } from "../scorers/idempotence.ts";
import { outcomeRead } from "../scorers/outcome-read.ts";
import { patchRatio } from "../scorers/patch-ratio.ts";
import { scopeKept } from "../scorers/scope-kept.ts";
import { testsPass } from "../scorers/tests-pass.ts";
import { wallTime } from "../scorers/wall-time.ts";
import { createCodemodSolver } from "../solvers/codemod-solver.ts";
import { knownGoodSolver } from "../solvers/known-good-solver.ts";
import { noOpSolver } from "../solvers/no-op-solver.ts";
import type { EvaluationDefinition } from "./definition.ts";

/** The evaluations of this package by their names, in the order in which they are listed. */
export function shippedEvaluations(): Readonly<Record<string, EvaluationDefinition>> {
  const { patterns, adapters, "bug-fixes": bugFixes, refactors } = shippedDatasets();
  return {
    patterns: {
      dataset: patterns,
      solver: () => createCodemodSolver(),
      scorers: [filesMatch, idempotence, wallTime],
    },
    adapters: { dataset: adapters, solver: noOpSolver, scorers: [outcomeRead] },
    "bug-fixes": { dataset: bugFixes, solver: knownGoodSolver, scorers: [testsPass, scopeKept, patchRatio, wallTime] },
    refactors: {
      dataset: refactors,
      solver: () => createCodemodSolver(),
      scorers: [testsPass, filesContain, scopeKept, idempotence, wallTime],
    },
  };
}
