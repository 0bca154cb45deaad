import { type Interval, normalPercentile } from "./interval.ts";
import type { Tries } from "./pass-estimates.ts";

/**
 * The score interval of a share, 95 %, without continuity correction: Wilson 1927, "Probable inference, the law of succession, and
 * statistical inference"; method 3 of Newcombe 1998, "Two-sided confidence intervals for the single proportion", Statistics in Medicine
 * 17:857. Right for independent tries, and also near 0 and 1. Without a try it says nothing: 0 to 1.
 */
export function wilsonInterval({ tries, passed }: Tries): Interval {
  if (tries === 0) return { low: 0, high: 1 };
  const square = normalPercentile ** 2;
  const middle = (passed + square / 2) / (tries + square);
  const spread = (passed * (tries - passed)) / tries + square / 4;
  const half = (normalPercentile / (tries + square)) * Math.sqrt(spread);
  return {
    low: passed === 0 ? 0 : Math.max(0, middle - half),
    high: passed === tries ? 1 : Math.min(1, middle + half),
  };
}
