import type { EvaluationLog } from "../../schema/evaluation-log.ts";
import type { PassPair } from "../../statistics/compare-pairs.ts";
import { compareLogs, type LogComparison, pairLogs } from "../compare-logs.ts";
import type { MeasureDifference } from "../compare-measures.ts";
import { percent } from "../format-log.ts";
import { significanceOf } from "../judge-regression.ts";
import { intervalChart, pairsChart, splitChart } from "./charts.ts";
import { figure, plainTable } from "./figures.ts";
import { html, type Markup } from "./markup.ts";

const samplesMax = 1_000;

/** A log beside its baseline, in words, figures and charts. Throws `usage` where the two cannot be compared. */
export function comparison(baseline: EvaluationLog, current: EvaluationLog): Markup {
  const compared = compareLogs(baseline, current, { partial: true });
  const differences = pairLogs(baseline, current).map(differenceOf);
  return html`<section aria-labelledby="comparison">
<h2 id="comparison">Compared with the baseline</h2>
<div class="card">
<p class="lead">${sentenceOf(compared)}</p>
<p class="muted small">Baseline: ${baseline.solver.id}, ${baseline.started_at}. ${significanceOf(compared)}</p>
${leftOutOf(compared)}
${charts(baseline, current, compared, differences)}
${pairsTable(differences)}
</div>
${samplesOf("Worse than the baseline", compared.worse_samples)}
${samplesOf("Better than the baseline", compared.better_samples)}
${measures(compared.measures)}
</section>`;
}

interface SampleDifference {
  readonly sample: string;
  readonly difference: number;
}

function differenceOf({ sample, baseline, current }: PassPair & { readonly sample: string }): SampleDifference {
  return { sample, difference: current - baseline };
}

function sentenceOf({ verdict, difference }: LogComparison): Markup {
  if (verdict === "better") return html`<strong>Better</strong> by ${points(difference)}, more than chance makes.`;
  if (verdict === "worse") return html`<strong>Worse</strong>, ${points(difference)}: more than chance makes.`;
  return html`<strong>No difference shown</strong>: ${points(difference)} may be chance.`;
}

function leftOutOf({ left_out: leftOut }: LogComparison): Markup | null {
  if (leftOut.length === 0) return null;
  return html`<p><span class="pill warn">left out</span> ${leftOut.length} samples that one of the two has not tried.</p>`;
}

function charts(
  baseline: EvaluationLog,
  current: EvaluationLog,
  compared: LogComparison,
  differences: readonly SampleDifference[],
): readonly Markup[] {
  const { difference, interval, better, worse, pairs } = compared;
  const between = `with 95 % confidence between ${points(interval.low)} and ${points(interval.high)}`;
  const caption = `Difference of the pass rates ${points(difference)}, ${between}. The thin line is no difference.`;
  const same = pairs - better - worse;
  return [
    ...rateCharts(baseline, current),
    intervalChart({
      ...{ id: "difference", caption, mean: difference, interval, format: points },
      ...{ scale: { low: -1, high: 1 }, zero: 0 },
    }),
    splitChart("split", `${better} samples better, ${same} the same, ${worse} worse.`, {
      up: better,
      same,
      down: worse,
    }),
    pairsChart(
      "pairs",
      "Paired differences: how much more, or less, of its tries each sample passed.",
      differences.map((each) => each.difference),
    ),
  ];
}

function rateCharts(baseline: EvaluationLog, current: EvaluationLog): readonly Markup[] {
  return Object.entries({ Baseline: baseline, "This evaluation": current }).flatMap(([name, { summary }], index) => {
    const { mean, interval } = summary.pass_rate;
    if (mean === null) return [];
    const caption = `${name}: ${percent(mean)}, between ${percent(interval.low)} and ${percent(interval.high)}.`;
    return intervalChart({ id: `rate-${index}`, caption, mean, interval, scale: { low: 0, high: 1 }, format: percent });
  });
}

function pairsTable(differences: readonly SampleDifference[]): Markup {
  const differing = differences.filter(({ difference }) => difference !== 0);
  if (differing.length === 0) return html`<p class="small muted">No sample differs.</p>`;
  const rows = [...differing].sort((left, right) => left.difference - right.difference).slice(0, samplesMax);
  return html`<details><summary>The samples that differ as a table</summary>${plainTable(
    `Differences of ${differing.length} samples${rows.length < differing.length ? `, the first ${rows.length}` : ""}`,
    ["Sample", "Difference"],
    rows.map(({ sample, difference }) => [sample, points(difference)]),
  )}</details>`;
}

function samplesOf(title: string, samples: readonly string[]): Markup | null {
  if (samples.length === 0) return null;
  const leftOut = samples.length - samplesMax;
  const shown = samples.slice(0, samplesMax);
  return html`<h3>${title} (${samples.length})</h3>
<ul class="lists">${shown.map((sample) => html`<li><a href="#try-${sample}-1">${sample}</a></li>\n`)}</ul>
${leftOut > 0 ? html`<p class="small muted">and ${leftOut} more</p>` : null}`;
}

function measures(differences: readonly MeasureDifference[]): Markup | null {
  if (differences.length === 0) return null;
  return plainTable(
    "Measures, on average over the samples",
    ["measure", "baseline", "now", "difference", "95 % between"],
    differences.map(({ id, baseline, current, difference, interval: { low, high } }) => [
      ...[id, figure(baseline), figure(current), signed(difference), `${signed(low)} and ${signed(high)}`],
    ]),
  );
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${figure(value).replace("-", "−")}`;
}

/** A difference of shares in percentage points. */
function points(difference: number): string {
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  return `${sign}${(Math.abs(difference) * 100).toFixed(1)} points`;
}
