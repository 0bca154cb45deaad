import { guardrailsDataset } from "../datasets/guardrails-dataset.ts";
import { shippedDatasets } from "../datasets/shipped-datasets.ts";
import { formatGuardCard } from "../report/format-guard-card.ts";
import { type GuardCard, guardCardOf } from "../report/guard-card.ts";
import { filesContain } from "../scorers/files-contain.ts";
import { filesMatch } from "../scorers/files-match.ts";
import { guardHeld } from "../scorers/guard-held.ts";
import { idempotence } from "../scorers/idempotence.ts";
import { outcomeRead } from "../scorers/outcome-read.ts";
import { patchRatio } from "../scorers/patch-ratio.ts";
import { runStatus } from "../scorers/run-status.ts";
import { scopeKept } from "../scorers/scope-kept.ts";
import { testsPass } from "../scorers/tests-pass.ts";
import { wallTime } from "../scorers/wall-time.ts";
import { createCodemodSolver } from "../solvers/codemod-solver.ts";
import { knownGoodSolver } from "../solvers/known-good-solver.ts";
import { noOpSolver } from "../solvers/no-op-solver.ts";
import { createWorkflowSolver } from "../solvers/workflow-solver.ts";
import type { EvaluationAnswer, EvaluationDefinition } from "./definition.ts";

/** For one try of the guardrails. A loop that no guard ends is ended by it, and counts as missed. */
const guardrailsLimitMs = 120_000;

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
    guardrails: {
      dataset: guardrailsDataset,
      // Each sample has its own scripted model, so that there is none to choose.
      solver: createWorkflowSolver(),
      scorers: [guardHeld, runStatus],
      timeLimitMs: guardrailsLimitMs,
      describe: (log, dataset) => formatGuardCard(guardCardOf(log, dataset)),
      judge: (log, dataset) => judgeGuardCard(guardCardOf(log, dataset)),
    },
  };
}

function judgeGuardCard({ isHeld, counts }: GuardCard): EvaluationAnswer {
  if (isHeld) return "yes";
  return counts.missed > 0 || counts.false_alarms > 0 ? "no" : "unclear";
}
