import type { LogComparison } from "./compare-logs.ts";
import type { MeasureDifference } from "./compare-measures.ts";
import type { Row } from "./format-log.ts";
import { type RegressionVerdict, significanceOf } from "./judge-regression.ts";

const shownMax = 50;

/** A comparison for a person: the figures, what chance has to do with it, and every sample that differs. */
export function formatComparison(comparison: LogComparison, verdict?: RegressionVerdict): string {
  const rows = [...comparisonFigures(comparison, verdict), ...differingRows(comparison)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join("");
}

/** The figures of a comparison, for any report. */
export function comparisonFigures(comparison: LogComparison, verdict?: RegressionVerdict): readonly Row[] {
  const { pairs, interval, difference, left_out: leftOut } = comparison;
  const between = `95 %: ${points(interval.low)} to ${points(interval.high)}, bootstrap over samples`;
  return [
    ["compared", `${pairs} samples`],
    ...(leftOut.length === 0 ? [] : [leftOutRow(leftOut)]),
    ["difference", `${points(difference)} of the pass rate (${between})`],
    ["chance", significanceOf(comparison)],
    ...comparison.measures.map(measureRow),
    ...(verdict === undefined ? [] : [regressionRow(verdict)]),
  ];
}

function regressionRow({ is_regression, reason }: RegressionVerdict): Row {
  return ["regression", is_regression ? `yes: ${reason}` : "none"];
}

function leftOutRow(leftOut: readonly string[]): Row {
  return ["left out", `${leftOut.length} samples that one of the two has not tried`];
}

function measureRow({ id, baseline, current, interval }: MeasureDifference): Row {
  if (interval.low === 0 && interval.high === 0) return [id, `${figure(current)}, as before`];
  const isShown = interval.low > 0 || interval.high < 0;
  const between = `difference 95 %: ${figure(interval.low)} to ${figure(interval.high)}`;
  return [id, `${figure(baseline)}, now ${figure(current)} (${between}${isShown ? "" : ", may be none"})`];
}

function differingRows({ worse_samples, better_samples }: LogComparison): readonly Row[] {
  return [...listed("worse", worse_samples), ...listed("better", better_samples)];
}

function listed(name: string, samples: readonly string[]): readonly Row[] {
  const rows = samples.slice(0, shownMax).map((sample): Row => [name, sample]);
  return samples.length <= shownMax ? rows : [...rows, [name, `and ${samples.length - shownMax} more`]];
}

/** A difference of shares as points of a hundred, with its sign. */
function points(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)} points`;
}

function figure(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
