import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";

/** An evaluation for a person: the figures, then every try that did not pass, with the reason. */
export function formatLog(log: EvaluationLog): string {
  const rows = [...figuresOf(log), ...log.results.filter(({ passed }) => !passed).map(describeResult)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join("");
}

type Row = readonly [name: string, text: string];

function figuresOf({ dataset, solver, summary, epochs }: EvaluationLog): readonly Row[] {
  const { pass_rate: rate, estimates } = summary;
  const interval = `95 %: ${percent(rate.interval.low)} to ${percent(rate.interval.high)}, ${rate.method}`;
  const last = estimates.at(-1);
  return [
    ["dataset", `${dataset.id}, ${summary.samples} samples`],
    ["solver", solver.id],
    ["passed", `${summary.passed} of ${summary.tries} tries`],
    ["not told", `${summary.infrastructure_failed} failed by the infrastructure, ${summary.timed_out} out of time`],
    ["pass rate", `${percent(rate.mean)} (${interval})`],
    ...(epochs === 1 || last === undefined ? [] : [estimateRow(last)]),
    ...Object.entries(summary.measures).map(([id, { mean }]): Row => [id, `${mean.toFixed(2)} on average`]),
    ...Object.entries(summary.metrics).map(([id, value]): Row => [id, String(value ?? "none")]),
  ];
}

function estimateRow({ k, pass_at_k, pass_hat_k }: EvaluationLog["summary"]["estimates"][number]): Row {
  return [`of ${k} tries`, `one passes: ${percent(pass_at_k)}, all pass: ${percent(pass_hat_k)}`];
}

function describeResult(result: SampleResult): Row {
  const name = `${result.sample} ${result.epoch}`;
  if (result.status === "timed_out") return [name, "out of time"];
  if (result.status === "infrastructure_failed") return [name, `infrastructure: ${result.message.split("\n")[0]}`];
  const failed = Object.entries(result.scores).find(([, { value }]) => value === 0);
  return [name, failed === undefined ? "not passed" : `${failed[0]}: ${failed[1].reason}`];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
