import type { Verdict } from "../../../orchestrator/schema/verdict.ts";
import type { EvaluationLog, SampleResult } from "../../schema/evaluation-log.ts";
import type { TrajectoryStep } from "../../schema/solution.ts";
import { scorerName } from "../scorer-name.ts";
import { diffView } from "./diff-view.ts";
import { figure } from "./figures.ts";
import { html, type Markup, type Part } from "./markup.ts";

type Scored = Extract<SampleResult, { status: "scored" }>;

/** What one try may take of the page, and all of them together; then a try's details are in the log alone. */
const patchCharactersMax = 16_384;
const detailCharactersMax = 49_152;
const pageCharactersMax = 8_388_608;
const pathsMax = 50;
const stepsMax = 200;

/** Gives the details of one try after the other, until the page has enough. */
export function createDetails(log: EvaluationLog): (result: SampleResult) => Markup {
  const measures = new Set(log.scorers.flatMap(({ id, kind }) => (kind === "measure" ? [id] : [])));
  let left = pageCharactersMax;
  return (result) => {
    if (left <= 0)
      return html`<div class="detail"><p class="small">This page holds no more details; the log has them.</p></div>`;
    const full = html`<div class="detail">${partsOf(result, measures)}</div>`;
    const details = full.markup.length <= detailCharactersMax ? full : shortDetails(result, measures);
    left -= details.markup.length;
    return details;
  };
}

function partsOf(result: SampleResult, measures: ReadonlySet<string>): Part {
  if (result.status === "not_tried") return html`<p>${result.reason}</p>`;
  if (result.status === "timed_out") return [html`<p>The solver was not done in its time.</p>`, placeOf(result)];
  if (result.status === "infrastructure_failed")
    return [
      html`<p>Nothing can be said of the solver: <code>${result.code}</code></p><pre>${result.message}</pre>`,
      placeOf(result),
    ];
  return [
    ...[
      noteOf(result),
      scoresOf(result, measures),
      gatesOf(result.verdicts ?? []),
      guardsOf(result),
      changeOf(result, patchCharactersMax),
    ],
    ...[trajectoryOf(result.trajectory ?? []), outputOf(result), placeOf(result)],
  ];
}

/** Without what is long: trajectory and output. */
function shortDetails(result: SampleResult, measures: ReadonlySet<string>): Markup {
  if (result.status !== "scored")
    return html`<div class="detail"><p class="small">Too long for this page; the log has it.</p></div>`;
  return html`<div class="detail">${noteOf({ ...result, note: result.note.slice(0, 500) })}${scoresOf(result, measures)}
${changeOf(result, patchCharactersMax / 4)}<p class="small">Gates, guards, trajectory and output are too long for this page; the log has them.</p>${placeOf(result)}</div>`;
}

function noteOf({ note }: Scored): Markup | null {
  return note === "" ? null : html`<p>${note}</p>`;
}

function scoresOf({ scores }: Scored, measures: ReadonlySet<string>): Markup {
  return html`<h3>Scores</h3><table class="plain"><thead><tr><th scope="col">scorer</th><th scope="col">score</th><th scope="col">reason</th></tr></thead>
<tbody>${Object.entries(scores).map(
    ([id, { value, reason }]) =>
      html`<tr><th scope="row">${scorerName(id)}</th><td>${measures.has(id) ? figure(value) : verdictPill(value === 1)}</td><td>${cut(reason, 1_000)}</td></tr>\n`,
  )}</tbody></table>`;
}

function verdictPill(isPassed: boolean): Markup {
  return isPassed ? html`<span class="pill good">✓ yes</span>` : html`<span class="pill bad">✗ no</span>`;
}

function gatesOf(verdicts: readonly Verdict[]): Markup | null {
  if (verdicts.length === 0) return null;
  return html`<h3>Gates</h3><ul class="findings">${verdicts.slice(0, stepsMax).map((verdict) => html`<li>${verdict.gate} ${decisionOf(verdict)}</li>\n`)}</ul>${restOf(verdicts.length, "verdicts")}`;
}

function guardsOf({ guards }: Scored): Markup | null {
  if (guards === undefined) return null;
  const { caught, escaped, not_enforced, attempted } = guards;
  const reached = escaped
    .slice(0, pathsMax)
    .map((what) => html`<li><span class="pill bad">✗ escaped</span> ${what}</li>\n`);
  const held = caught
    .slice(0, pathsMax)
    .map(
      ({ by, rule, detail }) =>
        html`<li><span class="pill good">✓ caught</span> <code>${by}</code>${rule === undefined ? null : html` <code>${rule}</code>`} ${cut(detail, 300)}</li>\n`,
    );
  const gaps = not_enforced.map(
    (bound) => html`<li><span class="pill warn">– not enforced here</span> <code>${bound}</code></li>\n`,
  );
  const rows = [...reached, ...held, ...gaps];
  const leftOut = Math.max(0, caught.length - pathsMax) + Math.max(0, escaped.length - pathsMax);
  return html`<h3>Guards</h3>${attempted ? null : html`<p class="small">The record does not show that the model tried.</p>`}${rows.length === 0 ? html`<p class="small muted">No guard had to hold anything back.</p>` : html`<ul class="findings">${rows}</ul>`}${leftOut > 0 ? html`<p class="small muted">and ${leftOut} more in the log</p>` : null}`;
}

function decisionOf(verdict: Verdict): Markup {
  if (verdict.decision === "pass") return html`<span class="pill good">✓ pass</span>`;
  if (verdict.decision === "ask") return html`<span class="pill warn">? ask</span> ${verdict.question}`;
  return html`<span class="pill bad">✗ refuse</span><ul class="findings">${verdict.findings
    .slice(0, pathsMax)
    .map(
      ({ rule, message, path, line }) => html`<li><code>${rule}</code> ${placeIn(path, line)}${message}</li>\n`,
    )}</ul>`;
}

function placeIn(path: string | undefined, line: number | undefined): Markup | null {
  return path === undefined ? null : html`<code>${path}${line === undefined ? "" : `:${line}`}</code> `;
}

function changeOf({ changed_paths, patch }: Scored, charactersMax: number): Markup {
  if (changed_paths.length === 0) return html`<h3>Changes</h3><p class="small muted">No file was changed.</p>`;
  const paths = changed_paths.slice(0, pathsMax).map((path) => html`<li><code>${path}</code></li>\n`);
  const list = html`<ul class="findings">${paths}</ul>${changed_paths.length > pathsMax ? html`<p class="small muted">and ${changed_paths.length - pathsMax} files more</p>` : null}`;
  return html`<h3>Changes (${changed_paths.length} files)</h3>${changed_paths.length === 1 && patch !== "" ? null : list}${patch === "" ? null : diffView(patch, charactersMax)}`;
}

function trajectoryOf(steps: readonly TrajectoryStep[]): Markup | null {
  if (steps.length === 0) return null;
  return html`<h3>Trajectory</h3><ol class="steps">${steps
    .slice(0, stepsMax)
    .map(
      ({ kind, title, at, detail }) =>
        html`<li><span class="kind">${kind.replace("_", " ")}${at === undefined ? "" : ` ${at.slice(11, 19)}`}</span> ${title}${detail === undefined ? null : html`<pre>${cut(detail, 1_000)}</pre>`}</li>\n`,
    )}</ol>${restOf(steps.length, "steps")}`;
}

function restOf(count: number, what: string): Markup | null {
  return count <= stepsMax ? null : html`<p class="small muted">and ${count - stepsMax} ${what} more in the log</p>`;
}

function outputOf({ output }: Scored): Markup | null {
  if (output === undefined || output === "") return null;
  return html`<h3>Output</h3><pre tabindex="0" role="region" aria-label="output">${output.slice(-8_192)}</pre>`;
}

function placeOf(result: Exclude<SampleResult, { status: "not_tried" }>): Markup {
  const { usage, run } = result.status === "scored" ? result : { usage: undefined, run: undefined };
  const facts = [
    `try ${result.epoch}, seed ${result.seed}`,
    result.started_at,
    ...(result.attempts > 1 ? [`${result.attempts} attempts`] : []),
    ...(result.is_cached ? ["from the cache"] : []),
    ...(usage === undefined
      ? []
      : [`${usage.turns} turns, ${usage.input_tokens} + ${usage.output_tokens} tokens, $${figure(usage.cost_usd)}`]),
    ...(run === undefined ? [] : [`run ${run.run_id}: ${run.status}`]),
  ];
  return html`<p class="small muted">${facts.join(" · ")}</p>`;
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)} [cut off]`;
}
