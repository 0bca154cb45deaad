import { isSameProject, projectsIn } from "../schema/checked-project.ts";
import type { CheckResult } from "../schema/test-report.ts";

/**
 * One result for each goal of each project, of all that it showed on the same files: the last one that failed, where one did, since a check that passes
 * only sometimes shows nothing; one that did not end by itself with a report counts more than one that names the tests that failed. Its
 * reason then says how often it was run.
 */
export function worstResults(results: readonly CheckResult[]): CheckResult[] {
  const goals = [...new Set(results.map(({ goal }) => goal))];
  return goals.flatMap((goal) => {
    const own = results.filter((result) => result.goal === goal);
    return projectsIn(own).flatMap((project) => worstOf(own.filter((result) => isSameProject(result, project))));
  });
}

function worstOf(runs: readonly CheckResult[]): CheckResult[] {
  const failed = runs.filter(({ verdict }) => verdict === "failed");
  const broken = failed.findLast(({ status, report }) => status !== "exited" || report === null);
  const worst = broken ?? failed.at(-1) ?? runs.at(-1);
  if (worst === undefined) return [];
  if (failed.length === 0 || failed.length === runs.length) return [worst];
  const often = failed.length === 1 ? "once" : `${failed.length} times`;
  const reason = `${worst.reason}; it was run ${runs.length} times on these files and failed ${often}: a check that passes only sometimes has not passed`;
  return [{ ...worst, reason }];
}
