import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { comparePairs, type PairedComparison, type PassPair } from "../statistics/compare-pairs.ts";
import { compareMeasures, type MeasureDifference } from "./compare-measures.ts";

/** Two evaluations of the same samples beside each other. */
export interface LogComparison extends PairedComparison {
  /** Below which p-value a difference is more than chance. */
  readonly alpha: number;
  /** What the p-value is of: with several tries a sample it is a sign test over their shares. */
  readonly method: "mcnemar_exact" | "sign_test";
  /** Samples that passed more often in the baseline, and those that passed less often, in the baseline's order. */
  readonly worse_samples: readonly string[];
  readonly better_samples: readonly string[];
  /** Samples that one of the two has not tried as often as there are epochs; nothing is said of them. */
  readonly left_out: readonly string[];
  readonly measures: readonly MeasureDifference[];
}

/** How two logs are compared. */
export interface CompareOptions {
  /** Default 0.05. */
  readonly alpha?: number;
  /** Compares what both tried where one is not complete; default false. */
  readonly partial?: boolean;
}

/**
 * Holds a log against a baseline, sample by sample. Throws `usage` where they are not of the same samples, scorers and epochs, and where one is
 * not complete: then a difference would say nothing of the solver.
 */
export function compareLogs(
  baseline: EvaluationLog,
  current: EvaluationLog,
  { alpha = 0.05, partial = false }: CompareOptions = {},
): LogComparison {
  const differing = whatDiffers(baseline, current);
  if (differing !== null)
    throw new OrchestratorError(
      "usage",
      `the two logs differ in ${differing}; compare evaluations of the same samples`,
    );
  if (!partial) assertComplete(baseline, current);
  const pairs = pairLogs(baseline, current);
  const compared = new Set(pairs.map(({ sample }) => sample));
  return {
    ...comparePairs(pairs, baseline.seed, alpha),
    alpha,
    method: baseline.epochs === 1 ? "mcnemar_exact" : "sign_test",
    worse_samples: pairs.filter((pair) => pair.current < pair.baseline).map(({ sample }) => sample),
    better_samples: pairs.filter((pair) => pair.current > pair.baseline).map(({ sample }) => sample),
    left_out: [...passesBySample(baseline).keys()].filter((sample) => !compared.has(sample)),
    measures: compareMeasures(baseline, current, compared),
  };
}

/** For each sample that both tried, in the baseline's order, the share of its tries that passed. */
export function pairLogs(
  baseline: EvaluationLog,
  current: EvaluationLog,
): readonly (PassPair & { readonly sample: string })[] {
  const [before, after] = [passesBySample(baseline), passesBySample(current)];
  const both = [...before.keys()].filter((sample) => isTried(before, sample) && isTried(after, sample));
  return both.map((sample) => ({ sample, baseline: shareOf(before, sample), current: shareOf(after, sample) }));
}

function whatDiffers(baseline: EvaluationLog, current: EvaluationLog): string | null {
  if (baseline.dataset.sha256 !== current.dataset.sha256) return "their samples";
  if (baseline.epochs !== current.epochs) return "the number of epochs";
  const verdicts = ({ scorers }: EvaluationLog) =>
    scorers.flatMap(({ id, version, kind }) => (kind === "verdict" ? [`${id} ${version}`] : [])).sort();
  return verdicts(baseline).join() === verdicts(current).join() ? null : "the scorers that say what passed";
}

function assertComplete(baseline: EvaluationLog, current: EvaluationLog): void {
  const sides = [
    ["baseline", baseline],
    ["log held against it", current],
  ] as const;
  for (const [name, { summary }] of sides) {
    if (summary.is_complete) continue;
    const missing = `the ${name} is not complete: ${summary.not_tried} tries were not made`;
    throw new OrchestratorError("usage", `${missing}; go on with it, or compare what both tried by --partial`);
  }
}

interface Passes {
  readonly tries: number;
  readonly passed: number;
  /** One of its tries was not made. */
  readonly isPartial: boolean;
}

function passesBySample({ results }: EvaluationLog): ReadonlyMap<string, Passes> {
  const passes = new Map<string, Passes>();
  for (const result of results) passes.set(result.sample, addTry(passes.get(result.sample), result));
  return passes;
}

function addTry(before: Passes = { tries: 0, passed: 0, isPartial: false }, result: SampleResult): Passes {
  return {
    tries: before.tries + 1,
    passed: before.passed + (result.passed ? 1 : 0),
    isPartial: before.isPartial || result.status === "not_tried",
  };
}

function isTried(passes: ReadonlyMap<string, Passes>, sample: string): boolean {
  return passes.get(sample)?.isPartial === false;
}

function shareOf(passes: ReadonlyMap<string, Passes>, sample: string): number {
  const { passed, tries } = passes.get(sample) ?? { passed: 0, tries: 1 };
  return passed / tries;
}
