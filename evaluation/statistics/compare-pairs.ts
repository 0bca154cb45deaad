import { bootstrapInterval } from "./bootstrap-interval.ts";
import type { Interval } from "./interval.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { meanOf } from "./mean-with-error.ts";

/** The share of its tries that one sample passed, in a baseline and in what is held against it: 0 to 1. */
export interface PassPair {
  readonly baseline: number;
  readonly current: number;
}

/** What a paired comparison says. */
export interface PairedComparison {
  readonly pairs: number;
  readonly better: number;
  readonly worse: number;
  /** The mean of current minus baseline. */
  readonly difference: number;
  /** The bootstrap interval of the difference, 95 %. */
  readonly interval: Interval;
  /** McNemar's exact test over the samples that differ; with several tries a sample, a sign test over their shares. */
  readonly p_value: number;
  /** By the p-value at `alpha`: at 5 % a difference that chance alone makes more often than one time in twenty is none. */
  readonly verdict: "better" | "worse" | "no_difference_shown";
}

/** Compares sample by sample. Both sides must have tried the same samples, equally often. The same pairs and seed give the same answer. */
export function comparePairs(pairs: readonly PassPair[], seed: number, alpha = 0.05): PairedComparison {
  const differences = pairs.map(({ baseline, current }) => current - baseline);
  const better = differences.filter((each) => each > 0).length;
  const worse = differences.filter((each) => each < 0).length;
  const pValue = mcnemarExact({ worse, better });
  return {
    ...{ pairs: pairs.length, better, worse },
    difference: pairs.length === 0 ? 0 : meanOf(differences),
    interval: pairs.length === 0 ? { low: -1, high: 1 } : bootstrapInterval(differences, seed),
    p_value: pValue,
    verdict: pValue >= alpha ? "no_difference_shown" : better > worse ? "better" : "worse",
  };
}
