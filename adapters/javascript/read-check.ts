import type { CheckReading, CommandPlan } from "../../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import { checkPlanOf, judgeExit, judgeTests, judgeWithoutReport } from "../reports/judge-check.ts";
import { readJestJson } from "../reports/read-jest-json.ts";
import { readJunit, readNodeTestJunit } from "../reports/read-junit.ts";
import { readMochaJson } from "../reports/read-mocha-json.ts";
import { readTap } from "../reports/read-tap.ts";
import type { ReportReader } from "../reports/report-reading.ts";
import { noReportVariable, reportNames } from "./plan-test.ts";

const dialects: ReadonlyMap<string, readonly [dialect: string, read: ReportReader]> = new Map([
  [reportNames["node-test"], ["node-test-junit", readNodeTestJunit]],
  [reportNames.vitest, ["vitest-junit", readJunit]],
  [reportNames.jest, ["jest-json", readJestJson]],
  [reportNames.mocha, ["mocha-json", readMochaJson]],
  [reportNames.ava, ["ava-tap", readTap]],
  [reportNames.tap, ["node-tap", readTap]],
  [reportNames.tape, ["tape-tap", readTap]],
]);

/** What a planned command showed. A report under a name that `planTest` does not give is read as plain JUnit. */
export function readCheck(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  if (plan.reportFile === null) {
    return judgeWithoutReport(plan, outcome, plan.env[noReportVariable] ?? "the test command has no report");
  }
  const name = plan.reportFile.split("/").at(-1) ?? "";
  const [dialect, read] = dialects.get(name) ?? ["junit", readJunit];
  return judgeTests(plan, outcome, report, dialect, read);
}
