import { writeCtrf } from "../../adapters/exports/write-ctrf.ts";
import { writeJunit } from "../../adapters/exports/write-junit.ts";
import type { EvaluationLog } from "../schema/evaluation-log.ts";
import { formatLog } from "./format-log.ts";
import { writeHtml } from "./html/write-html.ts";
import { testRunOf } from "./test-run-of-log.ts";

/** What a report may hold besides the log. */
export interface ReportOptions {
  /** What the log is held against, for those reports that compare. */
  readonly baseline?: EvaluationLog | undefined;
}

/** Writes a log for one kind of reader. Throws `usage` where the baseline cannot be compared with it. */
export type ReportWriter = (log: EvaluationLog, options: ReportOptions) => string;

/** Every kind of report by its name. */
export const reportWriters: Readonly<Record<"json" | "text" | "html" | "junit" | "ctrf", ReportWriter>> = {
  json: (log) => `${JSON.stringify(log, null, 2)}\n`,
  text: (log) => formatLog(log),
  html: (log, { baseline }) => writeHtml(log, baseline),
  junit: (log) => writeJunit([testRunOf(log)]),
  ctrf: (log) => `${JSON.stringify(writeCtrf([testRunOf(log)]), null, 2)}\n`,
};
