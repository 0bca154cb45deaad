import type { EvaluationLog } from "../schema/evaluation-log.ts";
import type { LogComparison } from "./compare-logs.ts";
import type { RegressionVerdict } from "./judge-regression.ts";

/** What a report may show besides the log. */
export interface ReportExtras {
  readonly baseline?: EvaluationLog | undefined;
  readonly comparison?: LogComparison | undefined;
  readonly verdict?: RegressionVerdict | undefined;
}
