import { isSameProject, type ProjectLabel } from "../schema/checked-project.ts";
import type { TestComparison } from "../schema/test-report.ts";

/** What a comparison says of one project; null where it was not compared. What it says of another one's tests never counts for this. */
export function comparisonOfProject(comparison: TestComparison, project: ProjectLabel): TestComparison | null {
  const { projects = [{ counts: comparison.counts }], base, cases } = comparison;
  const own = projects.find((each) => isSameProject(each, project));
  if (own === undefined) return null;
  return {
    ...comparison,
    counts: own.counts,
    base: base.filter((each) => isSameProject(each, project)),
    cases: cases.filter((each) => isSameProject(each, project)),
  };
}
