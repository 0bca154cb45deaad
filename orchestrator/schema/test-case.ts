import type { CaseOutcome, TestCase } from "./test-report.ts";

/** True for an outcome that keeps a run of tests from being green. */
export function isFailing(outcome: CaseOutcome): boolean {
  return outcome === "failed" || outcome === "error" || outcome === "timeout" || outcome === "crashed";
}

/** A case as it is named to a reader: `suite > name`, or the name alone. */
export function titleOf({ suite, name }: Pick<TestCase, "suite" | "name">): string {
  return suite === "" ? name : `${suite} > ${name}`;
}
