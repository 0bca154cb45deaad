import type { EvaluationLog, SampleResult } from "../../schema/evaluation-log.ts";
import { percent } from "../format-log.ts";
import { html, type Markup } from "./markup.ts";
import { anchorOf, markOf } from "./try-table.ts";

const samplesMax = 1_000;

/** What became of each sample over its tries, those that differ from try to try first; nothing where each was tried once. */
export function epochTable({ epochs, results }: EvaluationLog): Markup | null {
  if (epochs === 1) return null;
  const samples = [...bySample(results)].sort(([, left], [, right]) => unevenness(right) - unevenness(left));
  const leftOut = samples.length - samplesMax;
  return html`<section aria-labelledby="samples">
<h2 id="samples">Samples over ${epochs} tries</h2>
<table class="plain"><caption>Samples that pass at one try and fail at another come first.</caption>
<thead><tr><th scope="col">Sample</th><th scope="col">Tries</th><th scope="col" class="number">Passed</th></tr></thead>
<tbody>${samples.slice(0, samplesMax).map(([sample, tries]) => sampleRow(sample, tries))}</tbody></table>
${leftOut > 0 ? html`<p class="small muted">${leftOut} more samples are in the log.</p>` : null}
</section>`;
}

function bySample(results: readonly SampleResult[]): ReadonlyMap<string, readonly SampleResult[]> {
  const found = new Map<string, SampleResult[]>();
  for (const result of results) {
    const tries = found.get(result.sample) ?? [];
    if (tries.push(result) === 1) found.set(result.sample, tries);
  }
  return found;
}

function sampleRow(sample: string, tries: readonly SampleResult[]): Markup {
  return html`<tr><th scope="row">${sample}</th><td><span class="marks">${tries.map((result) => {
    const { mark, tone, word } = markOf(result);
    return html`<a class="pill ${tone}" href="#${anchorOf(result)}" aria-label="try ${result.epoch}: ${word}">${mark}</a>`;
  })}</span></td><td class="number">${percent(shareOf(tries))}</td></tr>
`;
}

function shareOf(tries: readonly SampleResult[]): number {
  return tries.filter(({ passed }) => passed).length / tries.length;
}

/** 0 where all tries ended alike, most where half of them passed. */
function unevenness(tries: readonly SampleResult[]): number {
  return 0.5 - Math.abs(0.5 - shareOf(tries));
}
