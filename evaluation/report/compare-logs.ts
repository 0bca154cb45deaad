import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { EvaluationLog } from "../schema/evaluation-log.ts";
import { comparePairs, type PairedComparison } from "../statistics/compare-pairs.ts";

/** Two evaluations of the same samples beside each other. */
export interface LogComparison extends PairedComparison {
  /** Samples that passed more often in the baseline, and those that passed less often, in the baseline's order. */
  readonly worse_samples: readonly string[];
  readonly better_samples: readonly string[];
}

/**
 * Holds a log against a baseline, sample by sample. Throws `usage` where they are not of the same samples, scorers and epochs: then a
 * difference would say nothing of the solver.
 */
export function compareLogs(baseline: EvaluationLog, current: EvaluationLog): LogComparison {
  const differing = whatDiffers(baseline, current);
  if (differing !== null)
    throw new OrchestratorError(
      "usage",
      `the two logs differ in ${differing}; compare evaluations of the same samples`,
    );
  const [before, after] = [passesBySample(baseline), passesBySample(current)];
  const { epochs } = baseline;
  const pairs = [...before].map(([sample, passed]) => ({
    ...{ sample, baseline: passed / epochs, current: (after.get(sample) ?? 0) / epochs },
  }));
  return {
    ...comparePairs(pairs, baseline.seed),
    worse_samples: pairs.filter((pair) => pair.current < pair.baseline).map(({ sample }) => sample),
    better_samples: pairs.filter((pair) => pair.current > pair.baseline).map(({ sample }) => sample),
  };
}

function whatDiffers(baseline: EvaluationLog, current: EvaluationLog): string | null {
  if (baseline.dataset.sha256 !== current.dataset.sha256) return "their samples";
  if (baseline.epochs !== current.epochs) return "the number of epochs";
  const verdicts = ({ scorers }: EvaluationLog) =>
    scorers.flatMap(({ id, version, kind }) => (kind === "verdict" ? [`${id} ${version}`] : [])).sort();
  return verdicts(baseline).join() === verdicts(current).join() ? null : "the scorers that say what passed";
}

function passesBySample({ results }: EvaluationLog): ReadonlyMap<string, number> {
  const passes = new Map<string, number>();
  for (const { sample, passed } of results) passes.set(sample, (passes.get(sample) ?? 0) + (passed ? 1 : 0));
  return passes;
}
