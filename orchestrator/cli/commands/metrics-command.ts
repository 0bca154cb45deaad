import type { OpenRuns } from "../../compose.ts";
import { checkRecord } from "../../runs/check-record.ts";
import { type RecordState, summarizeMetrics } from "../../runs/summarize-metrics.ts";
import type { RunMetrics } from "../../schema/metrics.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { rowsText } from "../views/metrics-rows.ts";
import { metricsPrometheus, metricsText } from "../views/metrics-view.ts";
import { openRepositoryRuns } from "./open-repository.ts";

/** `metrics`: the finished runs, a line each, or summed up. */
export async function metricsCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const opened = await openRepositoryRuns(context);
  const task = args.text("task");
  const table = await opened.runs.metrics();
  const all = task === undefined ? table.rows : table.rows.filter(({ task_id }) => task_id === task);
  const rows = all.slice(-(args.count("last") ?? 500));
  if (table.unreadable > 0) printer.note(`${table.unreadable} lines hold no metrics and were left out`);
  const isForPrometheus = args.text("format") === "prometheus";
  if (!args.isOn("summarize") && !isForPrometheus) {
    if (format === "json") printer.printJson({ runs: rows, more: all.length > rows.length });
    else printer.print(rowsText(rows, printer.paint));
    return exitCodes.yes;
  }
  const summary = summarizeMetrics(rows, await checkRecords(opened, rows));
  if (isForPrometheus) printer.print(metricsPrometheus(summary).trimEnd());
  else if (format === "json") printer.printJson({ ...summary, more: all.length > rows.length });
  else printer.print(metricsText(summary, printer));
  return exitCodes.yes;
}

/** One after the other: verifying reads whole logs. */
async function checkRecords(opened: OpenRuns, rows: readonly RunMetrics[]): Promise<ReadonlyMap<string, RecordState>> {
  const records = new Map<string, RecordState>();
  for (const row of rows) records.set(row.run_id, await checkRecord(opened, row));
  return records;
}
