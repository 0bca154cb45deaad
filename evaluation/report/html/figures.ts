import type { EvaluationLog } from "../../schema/evaluation-log.ts";
import { percent } from "../format-log.ts";
import { scorerName } from "../scorer-name.ts";
import { intervalChart } from "./charts.ts";
import { html, type Markup, type Part } from "./markup.ts";

/** The totals of an evaluation: how much passed, how sure that is, and what was measured. */
export function figures(log: EvaluationLog): Markup {
  return html`<section aria-labelledby="figures">
<h2 id="figures">Result</h2>
<div class="card">
${passRate(log)}
${facts(countsOf(log))}${facts(usageOf(log))}
</div>
<div class="columns">${estimatesTable(log)}${measuresTable(log)}</div>
${flakyList(log)}
</section>`;
}

function passRate({ summary }: EvaluationLog): Markup {
  const { mean, interval, method } = summary.pass_rate;
  if (mean === null) return html`<p class="lead"><strong>Nothing was tried</strong>, so there is no pass rate.</p>`;
  const bounds = `with 95 % confidence between ${percent(interval.low)} and ${percent(interval.high)}`;
  const caption = `Pass rate ${percent(mean)}; ${bounds} (${methods[method]}).`;
  return html`<p class="lead"><strong>${percent(mean)}</strong> of ${summary.samples} samples passed, ${summary.passed} of ${summary.tries} tries.</p>
${summary.is_complete ? null : html`<p><span class="pill warn">not complete</span> ${summary.not_tried} tries were not made; the pass rate is of those that were made alone.</p>`}
${intervalChart({ id: "rate", caption, mean, interval, scale: { low: 0, high: 1 }, format: percent })}`;
}

const flakyMax = 200;
const methods = { wilson: "Wilson", bootstrap_over_samples: "bootstrap over the samples" } as const;

function countsOf({ summary }: EvaluationLog): readonly Fact[] {
  const notTold = summary.timed_out + summary.infrastructure_failed;
  return [
    ["passed", whole(summary.passed)],
    ["not passed", whole(summary.tries - summary.passed - notTold)],
    ["out of time", whole(summary.timed_out)],
    ["infrastructure failed", whole(summary.infrastructure_failed)],
    ["not tried", whole(summary.not_tried)],
  ];
}

function usageOf({ summary }: EvaluationLog): readonly Fact[] {
  const { turns, input_tokens, output_tokens, cost_usd } = summary.usage;
  if (turns === 0 && input_tokens === 0) return [];
  return [
    ["model calls", whole(turns)],
    ["tokens in", whole(input_tokens)],
    ["tokens out", whole(output_tokens)],
    ["US dollars", figure(cost_usd)],
  ];
}

type Fact = readonly [name: string, value: string];

function facts(all: readonly Fact[]): Markup | null {
  if (all.length === 0) return null;
  return html`<dl class="facts">${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Thousands apart by a thin blank. */
function whole(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, "\u202f");
}

function flakyList({ summary: { flaky } }: EvaluationLog): Markup | null {
  if (flaky.length === 0) return null;
  const leftOut = flaky.length - flakyMax;
  return html`<h3>Flaky targets (${flaky.length})</h3><p class="small muted">Two runs of the same state disagree about them, so they speak neither for a solver nor against it.</p>
<ul class="lists">${flaky.slice(0, flakyMax).map(({ sample, target }) => html`<li>${sample}: ${target}</li>\n`)}</ul>
${leftOut > 0 ? html`<p class="small muted">and ${leftOut} more</p>` : null}`;
}

function estimatesTable({ summary: { estimates } }: EvaluationLog): Markup | null {
  if (estimates.length < 2) return null;
  return plainTable(
    "Of several tries of one sample, on average",
    ["tries", "one passes (pass@k)", "all pass (pass^k)"],
    estimates.map(({ k, pass_at_k, pass_hat_k }) => [k, percent(pass_at_k), percent(pass_hat_k)]),
  );
}

function measuresTable({ summary: { measures, metrics } }: EvaluationLog): Markup | null {
  const rows = [
    ...Object.entries(measures).map(([id, { mean, standard_error, tries }]): readonly Part[] => [
      ...[scorerName(id), figure(mean), standard_error === null ? "none" : `± ${figure(standard_error)}`, tries],
    ]),
    ...Object.entries(metrics).map(([id, value]): readonly Part[] => [
      ...[id, value === null ? "none" : figure(value), "", ""],
    ]),
  ];
  return rows.length === 0 ? null : plainTable("Measures", ["measure", "mean", "standard error", "tries"], rows);
}

/** A small table whose first column names the row and whose others are figures. */
export function plainTable(caption: string, heads: readonly string[], rows: readonly (readonly Part[])[]): Markup {
  const [first = "", ...others] = heads;
  return html`<div class="card scroll" tabindex="0" role="group" aria-label="${caption}"><table class="plain">
<caption>${caption}</caption>
<thead><tr><th scope="col">${first}</th>${others.map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>\n`,
  )}</tbody>
</table></div>`;
}

/** A figure of any size with three digits that say something. */
export function figure(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
