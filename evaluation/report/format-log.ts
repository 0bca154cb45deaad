import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { modelGradedId } from "../scorer.ts";
import { scorerName } from "./scorer-name.ts";

/** An evaluation for a person: the figures, then every try that did not pass, with the reason, and at last the targets that are flaky. */
export function formatLog(log: EvaluationLog): string {
  const rows = [...figuresOf(log), ...log.results.filter(({ passed }) => !passed).map(describeRow), ...flakyRows(log)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join("");
}

/** A figure with its name. */
export type Row = readonly [name: string, text: string];

/** The figures of an evaluation, for any report. */
export function figuresOf(log: EvaluationLog): readonly Row[] {
  const { solver, summary, epochs } = log;
  const last = summary.estimates.at(-1);
  return [
    ["dataset", describeDataset(log)],
    ["solver", solver.id],
    ...graderRows(log),
    ["passed", `${summary.passed} of ${summary.tries} tries`],
    ["not told", `${summary.infrastructure_failed} failed by the infrastructure, ${summary.timed_out} out of time`],
    ...(summary.is_complete ? [] : [incompleteRow(log)]),
    ["pass rate", passRateText(log)],
    ...(epochs === 1 || last === undefined ? [] : [estimateRow(last)]),
    ...Object.entries(summary.measures).map(([id, { mean }]): Row => [scorerName(id), `${mean.toFixed(2)} on average`]),
    ...Object.entries(summary.metrics).map(([id, value]): Row => [id, String(value ?? "none")]),
    ...usageRows(log),
  ];
}

function graderRows({ scorers }: EvaluationLog): readonly Row[] {
  const names = scorers.filter(({ id }) => id.startsWith(modelGradedId)).map(({ id, kind }) => `${id}, a ${kind}`);
  return names.length === 0 ? [] : [["a model's opinion", names.join("; ")]];
}

function describeDataset({ dataset: { id, samples, selection } }: EvaluationLog): string {
  if (selection === undefined) return `${id}, ${samples} samples`;
  const filters = selection.filters.length === 0 ? "" : ` by ${selection.filters.join(", ")}`;
  return `${id}, ${samples} of ${selection.of} samples${filters}`;
}

function incompleteRow({ summary, results }: EvaluationLog): Row {
  const [first] = results.flatMap((result) => (result.status === "not_tried" ? [result.reason] : []));
  return ["not tried", `${summary.not_tried} tries: ${first}; the pass rate is of those that were made alone`];
}

function passRateText({ summary: { pass_rate: rate } }: EvaluationLog): string {
  if (rate.mean === null) return "none: nothing was tried";
  return `${percent(rate.mean)} (95 %: ${percent(rate.interval.low)} to ${percent(rate.interval.high)}, ${rate.method})`;
}

function usageRows({ summary: { usage } }: EvaluationLog): readonly Row[] {
  const tokens = usage.input_tokens + usage.output_tokens;
  return tokens === 0 && usage.turns === 0
    ? []
    : [["used", `${tokens} tokens in ${usage.turns} model calls, ${usage.cost_usd.toFixed(4)} US dollars`]];
}

function estimateRow({ k, pass_at_k, pass_hat_k }: EvaluationLog["summary"]["estimates"][number]): Row {
  return [`of ${k} tries`, `one passes: ${percent(pass_at_k)}, all pass: ${percent(pass_hat_k)}`];
}

function describeRow(result: SampleResult): Row {
  return [`${result.sample} ${result.epoch}`, reasonOf(result)];
}

/** Why a try did not pass, on one line. */
export function reasonOf(result: SampleResult): string {
  if (result.status === "timed_out") return "out of time";
  if (result.status === "not_tried") return `not tried: ${result.reason}`;
  if (result.status === "infrastructure_failed") return `infrastructure: ${result.message.split("\n")[0]}`;
  const failed = Object.entries(result.scores).find(([, { value }]) => value === 0);
  return failed === undefined ? "not passed" : `${scorerName(failed[0])}: ${failed[1].reason}`;
}

function flakyRows({ summary }: EvaluationLog): readonly Row[] {
  return summary.flaky.map(({ sample, target }) => [
    `${sample} flaky`,
    `${target}: two runs of the same state disagree`,
  ]);
}

/** A share as a person reads it. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
