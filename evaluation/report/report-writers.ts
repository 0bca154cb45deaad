import { writeCtrf } from "../../adapters/exports/write-ctrf.ts";
import { writeJunit } from "../../adapters/exports/write-junit.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { EvaluationLog } from "../schema/evaluation-log.ts";
import { formatComparison } from "./format-comparison.ts";
import { formatLog } from "./format-log.ts";
import { writeHtml } from "./html/write-html.ts";
import { markdownReport } from "./markdown-report.ts";
import type { ReportExtras } from "./report-extras.ts";
import { testRunOf } from "./test-run-of-log.ts";

/** Writes a log down for one kind of reader. */
export type ReportWriter = (log: EvaluationLog, extras: ReportExtras) => string;

/** Every kind of report by its name. */
export function reportWriters(): Readonly<Record<string, ReportWriter>> {
  return {
    json: (log) => `${JSON.stringify(log, null, 2)}\n`,
    text: (log, { comparison, verdict }) =>
      comparison === undefined ? formatLog(log) : `${formatLog(log)}\n${formatComparison(comparison, verdict)}`,
    markdown: markdownReport,
    html: (log, { baseline }) => writeHtml(log, baseline),
    junit: (log) => writeJunit([testRunOf(log)]),
    ctrf: (log) => `${JSON.stringify(writeCtrf([testRunOf(log)]), null, 2)}\n`,
  };
}

/** The writer of a name. Throws `usage` for another. */
export function reportWriter(name: string): ReportWriter {
  const writers = reportWriters();
  const writer = Object.hasOwn(writers, name) ? writers[name] : undefined;
  if (writer !== undefined) return writer;
  throw new OrchestratorError("usage", `there is no report "${name}"; there are ${Object.keys(writers).join(", ")}`);
}
