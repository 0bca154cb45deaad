import type { JunitSuite } from "./junit-document.ts";

/** What a report declares and does not show: another number of tests, or failures that no case of it is. */
export function declarationProblem(root: JunitSuite): string | undefined {
  return countProblem(root) ?? failureProblem(root);
}

/** As `declarationProblem`, for reports that may show more tests than they declare, and never fewer. */
export function shortfallProblem(root: JunitSuite): string | undefined {
  return countProblem(root, (shown, declared) => shown >= declared) ?? failureProblem(root);
}

/** Dialects differ in what `tests` counts: all cases below, or direct children only. Any other number means that cases are missing. */
function countProblem(
  suite: JunitSuite,
  isRight = (shown: number, declared: number): boolean => shown === declared,
): string | undefined {
  const declared = declaredCount(suite, "tests");
  const all = countBelow(suite, ({ cases }) => cases);
  if (declared !== undefined && !isRight(all, declared) && !isRight(suite.suites.length + suite.cases, declared)) {
    return `${label(suite)} declares ${declared} tests, but the report holds ${all}`;
  }
  return suite.suites.map((child) => countProblem(child, isRight)).find((problem) => problem !== undefined);
}

/** The failures that a suite counts, where no case of it failed. */
export function failureProblem(suite: JunitSuite): string | undefined {
  const failures = (declaredCount(suite, "failures") ?? 0) + (declaredCount(suite, "errors") ?? 0);
  const failed = countBelow(suite, ({ failedCases }) => failedCases);
  if (failures > 0 && failed === 0) return `${label(suite)} declares ${failures} failures, but no case of it failed`;
  return suite.suites.map(failureProblem).find((problem) => problem !== undefined);
}

function declaredCount(suite: JunitSuite, attribute: string): number | undefined {
  const text = suite.attributes[attribute];
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

function countBelow(suite: JunitSuite, countIn: (suite: JunitSuite) => number): number {
  return suite.suites.reduce((sum, child) => sum + countBelow(child, countIn), countIn(suite));
}

function label({ element, attributes }: JunitSuite): string {
  const name = attributes["name"];
  return name === undefined ? `<${element}>` : `<${element} name="${name.slice(0, 100)}">`;
}
