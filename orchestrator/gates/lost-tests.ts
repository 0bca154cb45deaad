import { isLost } from "../schema/compare-tests.ts";
import { titleOf } from "../schema/test-case.ts";
import type { CaseChange, TestComparison } from "../schema/test-report.ts";
import type { Finding } from "../schema/verdict.ts";
import { literalPathOf } from "./glob.ts";

/** What a plan says of tests. */
export interface PlanWords {
  readonly plan_paths: readonly string[];
  readonly plan_texts?: readonly string[] | undefined;
  readonly touched_tests?: readonly string[] | undefined;
}

const casesNamedMax = 20;

/**
 * The tests that a change takes away or switches off and that the plan does not give up: it names their file by its very path, or the test
 * itself in quotes in an item's description. Where a report does not tell the file of a test, and where the base left no list of its tests,
 * every file of tests that the change touches must be named so; where nothing was compared, nobody can tell.
 */
export function lostTests(comparison: TestComparison | null, plan: PlanWords): Finding[] {
  if (comparison === null) {
    const message =
      "the tests were not compared with those of the base, so whether the change took some away cannot be told";
    return [{ rule: "test/not-compared", message }];
  }
  const named = new Set(plan.plan_paths.map(literalPathOf).filter((path) => path !== null));
  if (comparison.counts === null) return untold(comparison, plan, named);
  const lost = comparison.cases.filter((change) => isLost(change) && !isGivenUp(change, named, plan));
  const shown = lost.slice(0, casesNamedMax).map(lossFinding);
  const more = lost.length - shown.length + comparison.worse_left_out;
  if (more === 0) return shown;
  return [...shown, { rule: "test/lost", message: `${more} more tests fail, are gone or are switched off` }];
}

function untold({ base }: TestComparison, { touched_tests = [] }: PlanWords, named: ReadonlySet<string>): Finding[] {
  const reason = base.at(-1)?.reason ?? "they were not run";
  return touched_tests
    .filter((path) => !named.has(path))
    .map((path) => ({
      rule: "test/base-unknown",
      path,
      message: `the tests of the base left no list of what passed (${reason}), so what the change to ${path} takes away cannot be told: take that back, or let an item of the plan name this very path`,
    }));
}

function isGivenUp(
  { root, file, suite, name }: CaseChange,
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
    plan_texts.some((text) => [`\`${name}\``, `"${name}"`, `'${name}'`].some((quoted) => text.includes(quoted)))
  );
}

function lossFinding(change: CaseChange): Finding {
  const { kind, name, file, head } = change;
  const how = kind === "removed" ? "is gone" : `is ${head === "xfail" ? "expected to fail" : head} now`;
  const way =
    file === undefined ? `name its file by the very path, or "${name}" in quotes` : `name ${file} by this very path`;
  return {
    rule: "test/lost",
    message: `${titleOf(change)} ran on the base and ${how}: take that back, or let an item of the plan ${way}`,
    ...(file === undefined ? {} : { path: file }),
  };
}
