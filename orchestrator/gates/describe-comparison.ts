import { projectName } from "../schema/checked-project.ts";
import { isFlaky, isWorse } from "../schema/compare-tests.ts";
import { titleOf } from "../schema/test-case.ts";
import type { CaseChange, TestComparison } from "../schema/test-report.ts";
import { comparisonOfProject } from "./comparison-of-project.ts";

const namesMax = 5;

/** What a reader should know of a comparison with the base beyond that nothing got worse, in sentences. Empty where there is nothing to say. */
export function describeComparison(comparison: TestComparison): string[] {
  const { projects = [] } = comparison;
  if (projects.length < 2) return describeOne(comparison);
  return projects.flatMap((project) => {
    const own = comparisonOfProject(comparison, project);
    const name = projectName(project) || "the root";
    return own === null ? [] : describeOne(own).map((sentence) => `in ${name}: ${sentence}`);
  });
}

function describeOne({ base, counts, cases }: TestComparison): string[] {
  if (counts === null) {
    const reason = base.at(-1)?.reason ?? "they were not run";
    return [`the tests of the base left no list of what passed (${reason}), so these were compared with nothing`];
  }
  const { fail_to_fail, fail_to_pass, flaky } = counts;
  const of = (isWanted: (change: CaseChange) => boolean) => named(cases.filter(isWanted));
  return [
    ...(fail_to_fail === 0
      ? []
      : [
          `${tests(fail_to_fail)} failed before and still ${fail_to_fail === 1 ? "fails" : "fail"}${of(({ kind }) => kind === "fail_to_fail")}`,
        ]),
    ...(fail_to_pass === 0
      ? []
      : [
          `${tests(fail_to_pass)} failed before and ${fail_to_pass === 1 ? "passes" : "pass"} now${of(({ kind }) => kind === "fail_to_pass")}`,
        ]),
    ...(flaky === 0 ? [] : [`${tests(flaky)} ended differently in two runs of the base${of(isFlaky)}`]),
    ...lossNotes(cases),
  ];
}

function lossNotes(cases: readonly CaseChange[]): string[] {
  const lost = cases.filter(
    (change) => isWorse(change) && (change.kind === "removed" || change.kind === "skipped_now"),
  );
  return lost.length === 0
    ? []
    : [`${tests(lost.length)} of the base ${lost.length === 1 ? "is" : "are"} gone or switched off${named(lost)}`];
}

function tests(count: number): string {
  return count === 1 ? "1 test" : `${count} tests`;
}

function named(cases: readonly CaseChange[]): string {
  const names = cases.slice(0, namesMax).map(titleOf);
  const more = cases.length > namesMax ? ", …" : "";
  return names.length === 0 ? "" : `: ${names.join(", ")}${more}`;
}
