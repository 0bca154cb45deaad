import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { EvaluationLog } from "../schema/evaluation-log.ts";
import { formatComparison } from "./format-comparison.ts";
import { formatLog } from "./format-log.ts";
import { markdownReport } from "./markdown-report.ts";
import type { ReportExtras } from "./report-extras.ts";

/** Writes a log down for one kind of reader. */
export type ReportWriter = (log: EvaluationLog, extras: ReportExtras) => string;

/** Every kind of report by its name. */
export function reportWriters(): Readonly<Record<string, ReportWriter>> {
  return {
    json: (log) => `${JSON.stringify(log, null, 2)}\n`,
    text: (log, { comparison, verdict }) =>
      comparison === undefined ? formatLog(log) : `${formatLog(log)}\n${formatComparison(comparison, verdict)}`,
    markdown: markdownReport,
  };
}

/** The writer of a name. Throws `usage` for another. */
export function reportWriter(name: string): ReportWriter {
  const writers = reportWriters();
  const writer = Object.hasOwn(writers, name) ? writers[name] : undefined;
  if (writer !== undefined) return writer;
  throw new OrchestratorError("usage", `there is no report "${name}"; there are ${Object.keys(writers).join(", ")}`);
}
