import { isFailing } from "../../orchestrator/schema/test-case.ts";
import type { CheckResult, TestCase } from "../../orchestrator/schema/test-report.ts";

/** One command that ended, with every case of its report; none where it was no test. */
export interface TestRun {
  /** What ran: an adapter, or a project of a repository. */
  readonly name: string;
  readonly result: Pick<CheckResult, "command" | "verdict" | "reason" | "duration_ms">;
  readonly cases: readonly TestCase[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * The cases as another tool is to see them. Where the run failed and no case says so (a report that is missing or cut off, an exit code), a
 * case of the run itself does, since a reader of cases alone would call it green; and a build or a linter that passed is one case.
 */
export function exportedCases({ name, result, cases }: TestRun): readonly TestCase[] {
  const isPassed = result.verdict === "passed";
  if (isPassed ? cases.length > 0 : cases.some(({ outcome }) => isFailing(outcome))) return cases;
  const outcome = isPassed ? "passed" : "error";
  const own: TestCase = { suite: name, name: result.command.join(" "), outcome, message: result.reason };
  return [...cases, { ...own, ...(cases.length === 0 ? { duration_ms: result.duration_ms } : {}) }];
}
