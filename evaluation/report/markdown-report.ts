import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import type { LogComparison } from "./compare-logs.ts";
import { comparisonFigures } from "./format-comparison.ts";
import { figuresOf, type Row, reasonOf } from "./format-log.ts";
import type { ReportExtras } from "./report-extras.ts";

const rowsMax = 50;
const charactersMax = 300;
const commentCharactersMax = 60_000;

/**
 * A log as a comment on a pull request: figures, the comparison with a baseline, and what did not pass. Whatever stands in the log is shown
 * as text: it makes no link, mention or markup. Bounded.
 */
export function markdownReport(log: EvaluationLog, { comparison, verdict }: ReportExtras = {}): string {
  const failed = log.results.filter(({ passed }) => !passed);
  const parts = [
    `### Evaluation ${code(log.dataset.id)}`,
    table(["figure", "value"], figuresOf(log)),
    ...(comparison === undefined
      ? []
      : [
          "#### Against the baseline",
          table(["figure", "value"], comparisonFigures(comparison, verdict)),
          ...changes(comparison),
        ]),
    ...(failed.length === 0
      ? []
      : [folded(`${failed.length} tries that did not pass`, table(["try", "why"], failed.map(rowOf)))]),
    ...(log.summary.flaky.length === 0 ? [] : [flakyPart(log)]),
  ];
  return `${within(parts).join("\n\n")}\n`;
}

/** The parts that fit, in order; a comment may hold no more. */
function within(parts: readonly string[]): readonly string[] {
  let left = commentCharactersMax;
  return parts.map((part) => {
    left -= part.length + 2;
    return left >= 0 ? part : "A part is left out, since a comment cannot hold it; it is in the log.";
  });
}

function changes({ worse_samples, better_samples }: LogComparison): readonly string[] {
  const rows = [
    ...worse_samples.map((sample): Row => [sample, "worse"]),
    ...better_samples.map((sample): Row => [sample, "better"]),
  ];
  return rows.length === 0 ? [] : [table(["sample", "than before"], rows)];
}

function flakyPart({ summary: { flaky } }: EvaluationLog): string {
  const rows = flaky.map(({ sample, target }): Row => [sample, target]);
  return folded(`${flaky.length} flaky targets, which speak for nobody`, table(["sample", "target"], rows));
}

function rowOf(result: SampleResult): Row {
  return [`${result.sample} ${result.epoch}`, reasonOf(result)];
}

function table(head: Row, rows: readonly Row[]): string {
  const lines = rows.slice(0, rowsMax).map(([name, text]) => `| ${code(name)} | ${code(text)} |`);
  const more = rows.length > rowsMax ? [`| … | and ${rows.length - rowsMax} more |`] : [];
  return [`| ${head[0]} | ${head[1]} |`, "| --- | --- |", ...lines, ...more].join("\n");
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** As `<code>`, where nobody is mentioned, with every sign as its number, which no Markdown takes for markup. */
function code(text: string): string {
  const line = text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
  const shown = line.replaceAll(/[^A-Za-z0-9 ,%/-]/gu, (sign) => `&#${visible(sign)};`);
  return `<code>${shown}</code>`;
}

/** Signs that command, or turn the direction of writing, are shown as a replacement character. */
function visible(sign: string): number {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(sign) ? 0xfffd : (sign.codePointAt(0) ?? 0xfffd);
}
