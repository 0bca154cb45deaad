import { isSameProject, type ProjectLabel, projectName } from "../schema/checked-project.ts";
import { isLost } from "../schema/compare-tests.ts";
import { titleOf } from "../schema/test-case.ts";
import type { CaseChange, TestComparison } from "../schema/test-report.ts";
import type { Finding } from "../schema/verdict.ts";
import { comparisonOfProject } from "./comparison-of-project.ts";
import { literalPathOf } from "./glob.ts";

/** What a plan says of tests. */
export interface PlanWords {
  readonly plan_paths: readonly string[];
  readonly plan_texts?: readonly string[] | undefined;
  readonly touched_tests?: readonly string[] | undefined;
}

const casesNamedMax = 20;

/** What is known of the tests of a change. */
export interface TestedChange {
  readonly comparison: TestComparison | null;
  /** The projects whose tests left a report. */
  readonly tested: readonly ProjectLabel[];
  /** All projects. */
  readonly projects: readonly ProjectLabel[];
}

/**
 * The tests that a change takes away or switches off and that the plan does not give up: it names their file by its very path, or the test
 * itself in quotes in an item's description. Where a report does not tell the file of a test, and where the base left no list of its tests,
 * every file of tests of that project that the change touches must be named so; where nothing was compared, nobody can tell.
 */
export function lostTests({ comparison, tested, projects }: TestedChange, plan: PlanWords): Finding[] {
  if (comparison === null) return [notCompared("")];
  const named = new Set(plan.plan_paths.map(literalPathOf).filter((path) => path !== null));
  const untoldIn = tested.flatMap((project) => {
    const own = comparisonOfProject(comparison, project);
    if (own === null) return [notCompared(projectName(project))];
    return own.counts === null ? untold(own, touchedIn(project, projects, plan), named) : [];
  });
  const gone = comparison.cases.filter(isLost);
  const lost = gone.filter((change) => {
    const isAlone = !gone.some((other) => other.name === change.name && !isSameProject(other, change));
    return !isGivenUp(change, isAlone, named, { ...plan, touched_tests: touchedIn(change, projects, plan) });
  });
  const shown = lost.slice(0, casesNamedMax).map(lossFinding);
  const more = lost.length - shown.length + comparison.worse_left_out;
  const left = { rule: "test/lost", message: `${more} more tests fail, are gone or are switched off` };
  return [...untoldIn, ...shown, ...(more === 0 ? [] : [left])];
}

function notCompared(project: string): Finding {
  const of = project === "" ? "" : ` of ${project}`;
  const message = `the tests${of} were not compared with those of the base, so whether the change took some away cannot be told`;
  return { rule: "test/not-compared", message };
}

/** The touched files of tests that lie in a project, and in none below it. */
function touchedIn(
  { root = "." }: ProjectLabel,
  projects: readonly ProjectLabel[],
  { touched_tests = [] }: PlanWords,
): readonly string[] {
  const isIn = (path: string, folder: string) => folder === "." || path.startsWith(`${folder}/`);
  const below = projects.flatMap((each) => {
    const other = each.root ?? ".";
    return other !== root && isIn(other, root) ? [other] : [];
  });
  return touched_tests.filter((path) => isIn(path, root) && !below.some((folder) => isIn(path, folder)));
}

function untold({ base }: TestComparison, touched: readonly string[], named: ReadonlySet<string>): Finding[] {
  const reason = base.at(-1)?.reason ?? "they were not run";
  return touched
    .filter((path) => !named.has(path))
    .map((path) => ({
      rule: "test/base-unknown",
      path,
      message: `the tests of the base left no list of what passed (${reason}), so what the change to ${path} takes away cannot be told: take that back, or let an item of the plan name this very path`,
    }));
}

function isGivenUp(
  { root, file, suite, name }: CaseChange,
  isAlone: boolean,
  named: ReadonlySet<string>,
  { plan_texts = [], touched_tests = [] }: PlanWords,
): boolean {
  const prefix = root === undefined || root === "." ? "" : `${root}/`;
  const isOfNamed = [...named].some((path) => {
    const inRoot = path.startsWith(prefix) ? path.slice(prefix.length) : null;
    return file === path || (inRoot !== null && (suite === inRoot || suite.startsWith(`${inRoot} > `)));
  });
  const isTouchedNamed =
    file === undefined && touched_tests.length > 0 && touched_tests.every((path) => named.has(path));
  return (
    isOfNamed ||
    isTouchedNamed ||
    plan_texts.some(
      (text) =>
        [`\`${name}\``, `"${name}"`, `'${name}'`].some((quoted) => text.includes(quoted)) &&
        // The name alone does not say which one of several projects is meant.
        (isAlone || (root !== undefined && text.includes(root))),
    )
  );
}

function lossFinding(change: CaseChange): Finding {
  const { kind, name, file, head } = change;
  const of = projectName(change) === "" ? "" : ` in ${projectName(change)}`;
  const how = kind === "removed" ? "is gone" : `is ${head === "xfail" ? "expected to fail" : head} now`;
  const way =
    file === undefined ? `name its file by the very path, or "${name}" in quotes` : `name ${file} by this very path`;
  return {
    rule: "test/lost",
    message: `${titleOf(change)}${of} ran on the base and ${how}: take that back, or let an item of the plan ${way}`,
    ...(file === undefined ? {} : { path: file }),
  };
}
