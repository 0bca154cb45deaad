import type { CheckResult, TestCase } from "../../orchestrator/schema/test-report.ts";
import { isFailing } from "../reports/report-reading.ts";

/** One command of tests that ended, with every case of its report. */
export interface TestRun {
  /** What ran: an adapter, or a project of a repository. */
  readonly name: string;
  readonly result: CheckResult;
  readonly cases: readonly TestCase[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * The cases as another tool is to see them. Where the run failed and no case says so (a report that is missing or cut off, an exit code), a
 * case of the run itself does, since a reader of cases alone would call it green.
 */
export function exportedCases({ name, result, cases }: TestRun): readonly TestCase[] {
  if (result.verdict === "passed" || cases.some(({ outcome }) => isFailing(outcome))) return cases;
  const own: TestCase = { suite: name, name: result.command.join(" "), outcome: "error", message: result.reason };
  return [...cases, own];
}
