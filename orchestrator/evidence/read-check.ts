import { readForeignFile } from "../io/foreign-file.ts";
import type { CheckReading, CommandPlan, LanguageAdapter } from "../schema/adapter-port.ts";
import type { CommandOutcome } from "../schema/process-port.ts";

/** Room for one command's report. */
const reportBytesMax = 67_108_864;

/**
 * What one of the adapter's commands showed, by its report in the folder `reports`. The code under test may put anything there: a report
 * that is no regular file of at most 64 MiB makes the check fail, and says why. Never rejects for what lies there.
 */
export async function readCheck(
  adapter: Pick<LanguageAdapter, "read">,
  plan: CommandPlan,
  outcome: CommandOutcome,
  reports: string,
): Promise<CheckReading> {
  if (plan.reportFile === null) return adapter.read(plan, outcome, null);
  const report = await readForeignFile(reports, plan.reportFile, reportBytesMax);
  if (report.kind !== "unusable") return adapter.read(plan, outcome, report.kind === "read" ? report.text : null);
  return {
    ...adapter.read(plan, outcome, null),
    verdict: "failed",
    reason: `the report cannot be used: ${report.reason}`,
  };
}
