import type { EvaluationLog, SampleResult } from "../../schema/evaluation-log.ts";
import { type Outcome, outcomeOf } from "../describe-result.ts";
import { reasonOf } from "../format-log.ts";
import { html, type Markup } from "./markup.ts";
import { createDetails } from "./try-details.ts";

const rowsMax = 5_000;

/** Every try as a row that can be opened, those that did not pass first. Of very many, how many are left out. */
export function tryTable(log: EvaluationLog): Markup {
  const results = orderForReading(log.results);
  const shown = results.slice(0, rowsMax);
  const detailsOf = createDetails(log);
  const leftOut = results.length - shown.length;
  return html`<section aria-labelledby="results">
<h2 id="results" tabindex="-1">Tries</h2>
${filterForm(results)}
${leftOut === 0 ? null : html`<p class="small">${leftOut} more tries are left out of this page; the log has them.</p>`}
<table id="tries" class="tries">
<caption>Those that did not pass come first. The line below each sample opens its diff, scores and trajectory.</caption>
<thead><tr><th scope="col">Sample</th>${log.epochs === 1 ? null : html`<th scope="col" class="number epoch">Try</th>`}<th scope="col" class="outcome">Outcome</th><th scope="col" class="number time">Time</th><th scope="col" class="number lines">Lines</th></tr></thead>
${shown.map((result) => tryRow(log, result, detailsOf(result)))}
</table>
</section>`;
}

/** The name of the place of a try in the page. */
export function anchorOf({ sample, epoch }: Pick<SampleResult, "sample" | "epoch">): string {
  return `try-${sample}-${epoch}`;
}

/** The outcome as a word in its colour. */
function outcomePill(result: SampleResult): Markup {
  const outcome = outcomeOf(result);
  return html`<span class="pill ${toneOf(outcome)}">${marks[outcome]}<span class="word"> ${outcome}</span></span>`;
}

/** The outcome as a mark, for rows of many. */
export function markOf(result: SampleResult): { readonly mark: string; readonly tone: string; readonly word: Outcome } {
  const word = outcomeOf(result);
  return { word, mark: marks[word], tone: toneOf(word) };
}

const marks = {
  passed: "✓",
  "not passed": "✗",
  "out of time": "◷",
  infrastructure: "!",
  "not tried": "–",
} as const satisfies Record<Outcome, string>;

function toneOf(outcome: Outcome): "good" | "bad" | "warn" {
  return outcome === "passed" ? "good" : outcome === "not passed" ? "bad" : "warn";
}

function orderForReading(results: readonly SampleResult[]): readonly SampleResult[] {
  return [...results.filter(({ passed }) => !passed), ...results.filter(({ passed }) => passed)];
}

function filterForm(results: readonly SampleResult[]): Markup {
  const outcomes = [...new Set(results.map(outcomeOf))];
  return html`<form id="filter" class="filter" hidden>
<div><label for="words">Words in the sample or the reason</label><input id="words" name="words" type="search" autocomplete="off"></div>
<div><label for="outcome">Outcome</label><select id="outcome" name="outcome"><option value="">all</option>${outcomes.map((outcome) => html`<option value="${outcome}">${outcome}</option>`)}</select></div>
<output name="shown" for="words outcome" aria-live="polite"></output>
</form>`;
}

function tryRow({ epochs }: EvaluationLog, result: SampleResult, details: Markup): Markup {
  const why = result.passed ? null : reasonOf(result);
  const lines = result.status === "scored" ? changedLines(result.patch) : 0;
  const duration = "duration_ms" in result ? result.duration_ms : 0;
  const columns = epochs === 1 ? 4 : 5;
  return html`<tbody id="${anchorOf(result)}" data-outcome="${outcomeOf(result)}" data-text="${result.sample} ${why}">
<tr><th scope="row">${result.sample}</th>${epochs === 1 ? null : html`<td class="number epoch">${result.epoch}</td>`}<td class="outcome">${outcomePill(result)}</td><td class="number time" data-key="${duration}">${seconds(duration)}</td><td class="number lines">${lines}</td></tr>
<tr class="more"><td colspan="${columns}"><details><summary>${why ?? summaryOf(result)}</summary>${details}</details></td></tr>
</tbody>
`;
}

function summaryOf(result: SampleResult): string {
  return result.status === "scored" ? Object.keys(result.scores).join(", ") : "";
}

function changedLines(patch: string): number {
  return patch.match(/^(?:\+(?!\+\+ )|-(?!-- ))/gm)?.length ?? 0;
}

/** A time for a reader. */
export function seconds(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}
