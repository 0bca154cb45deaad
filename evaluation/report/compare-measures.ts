import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { bootstrapInterval } from "../statistics/bootstrap-interval.ts";
import type { Interval } from "../statistics/interval.ts";
import { meanOf } from "../statistics/mean-with-error.ts";

/** One measure in two evaluations, over the samples that have it in both. */
export interface MeasureDifference {
  readonly id: string;
  readonly samples: number;
  readonly baseline: number;
  readonly current: number;
  /** The mean of current minus baseline, sample by sample. */
  readonly difference: number;
  /** The bootstrap interval of the difference, 95 %; zero inside: none is shown. */
  readonly interval: Interval;
}

type Measures = Readonly<Record<string, number>>;

/**
 * Every measure that both logs have, and what each try says by itself: `solver-ms`, `model-tokens` and `model-usd`. A sample's value is the mean
 * of its tries that have one. The time of a try from the cache is left out.
 */
export function compareMeasures(
  baseline: EvaluationLog,
  current: EvaluationLog,
  samples: ReadonlySet<string>,
): readonly MeasureDifference[] {
  const [before, after] = [valuesOf(baseline, samples), valuesOf(current, samples)];
  return [...before.keys()].flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)];
    return old === undefined || now === undefined ? [] : differenceOf(id, old, now, baseline.seed);
  });
}

type BySample = ReadonlyMap<string, readonly number[]>;

function differenceOf(id: string, before: BySample, after: BySample, seed: number): readonly MeasureDifference[] {
  const pairs = [...before].flatMap(([sample, values]) => {
    const now = after.get(sample);
    return now === undefined ? [] : [{ baseline: meanOf(values), current: meanOf(now) }];
  });
  if (pairs.length === 0) return [];
  const differences = pairs.map(({ baseline, current }) => current - baseline);
  return [
    {
      ...{ id, samples: pairs.length },
      baseline: meanOf(pairs.map((pair) => pair.baseline)),
      current: meanOf(pairs.map((pair) => pair.current)),
      difference: meanOf(differences),
      interval: bootstrapInterval(differences, seed),
    },
  ];
}

/** The values of each measure by their sample. */
function valuesOf(log: EvaluationLog, samples: ReadonlySet<string>): ReadonlyMap<string, BySample> {
  const found = new Map<string, Map<string, number[]>>();
  const measured = log.scorers.flatMap(({ id, kind }) => (kind === "measure" ? [id] : []));
  for (const result of log.results.filter(({ sample }) => samples.has(sample))) {
    for (const [id, value] of Object.entries(measuresIn(result, measured))) {
      const bySample = found.get(id) ?? new Map<string, number[]>();
      found.set(id, bySample);
      bySample.set(result.sample, [...(bySample.get(result.sample) ?? []), value]);
    }
  }
  return found;
}

function measuresIn(result: SampleResult, measured: readonly string[]): Measures {
  if (result.status !== "scored") return {};
  const { scores, usage, duration_ms, is_cached } = result;
  const scored = measured.flatMap((id) => (scores[id] === undefined ? [] : [[id, scores[id].value] as const]));
  const used = usage && { "model-tokens": usage.input_tokens + usage.output_tokens, "model-usd": usage.cost_usd };
  return { ...Object.fromEntries(scored), ...(is_cached ? {} : { "solver-ms": duration_ms }), ...used };
}
