import { z } from "zod";
import { isSameProject, type ProjectLabel, projectName } from "../schema/checked-project.ts";
import { isLost, isWorse } from "../schema/compare-tests.ts";
import { GitHash, Glob } from "../schema/primitives.ts";
import { titleOf } from "../schema/test-case.ts";
import {
  type CaseChange,
  type CaseOutcome,
  type CheckResult,
  type TestCase,
  type TestComparison,
  TestReport,
} from "../schema/test-report.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";
import { comparisonOfProject } from "./comparison-of-project.ts";
import { describeComparison } from "./describe-comparison.ts";
import { literalPathOf } from "./glob.ts";
import { lostTests } from "./lost-tests.ts";

/** What the test gate looks at: the report the runner assembled, the tree it must be of, and what of the checks was changed. */
export const TestEvidence = z.strictObject({
  report: TestReport.nullable(),
  tree: GitHash,
  check_paths: z.array(z.string()).describe("changed paths that decide which checks run and what they cover"),
  plan_paths: z.array(Glob).describe("the paths of all items of the plan"),
  plan_texts: z.array(z.string()).optional().describe("the descriptions of all items of the plan"),
  touched_tests: z
    .array(z.string())
    .optional()
    .describe("paths of the base that the change touches and whose names say that they hold tests"),
});
export type TestEvidence = z.infer<typeof TestEvidence>;

const good: readonly CaseOutcome[] = ["passed", "xfail"];
const bad: readonly CaseOutcome[] = ["failed", "error", "timeout", "crashed"];
const ran: readonly CaseOutcome[] = [...good, ...bad];
const casesShownMax = 20;
const tailCharactersMax = 2000;

/**
 * Refuses a change whose tests did not show that it works: no report or one of another tree, no test command, a
 * goal without a result, a check that failed or contradicts itself, tests without a report of their own, or no test
 * that ran; in a repository of several projects, the same of each. Tests that fail are let pass where the same ones failed on the base. A change of what decides the checks, and one that takes
 * tests away or switches them off, is refused where no item of the plan says so.
 */
export const testGate: CheckedGate<TestEvidence> = {
  name: "test",
  version: "3",
  evidence: TestEvidence,
  decide: (evidence) => {
    const { report, tree, check_paths, plan_paths } = evidence;
    const unplanned = unplannedChanges(check_paths, plan_paths);
    if (report === null)
      return decisionOf([{ rule: "test/no-report", message: "the checks were not run" }, ...unplanned]);
    const { comparison = null } = report;
    return decisionOf(
      [...reportFindings(report, tree), ...unplanned, ...losses(report, evidence)],
      comparison === null ? [] : describeComparison(comparison),
    );
  },
};

/** What a report itself shows to be wrong with a tree, whatever a plan says of the tests. Empty where it shows that the tree works. */
export function reportFindings(report: TestReport, tree: string): Finding[] {
  const { comparison = null } = report;
  const ofProject = (check: CheckResult) => (comparison === null ? null : comparisonOfProject(comparison, check));
  const checks = report.checks.flatMap((check) => [
    ...(isAsOnBase(check, ofProject(check)) ? [] : failures(check, ofProject(check))),
    ...contradictions(check),
    ...untested(check),
  ]);
  return [...wrongTree(report, tree), ...missingGoals(report), ...checks];
}

/** What the change takes away of the tests. Where that cannot be told, it is refused. */
function losses({ required, checks, projects, comparison = null }: TestReport, evidence: TestEvidence): Finding[] {
  const tested = checks.filter(({ goal, report }) => goal === "test" && report !== null);
  if (!required.includes("test") || tested.length === 0) return [];
  return lostTests({ comparison, tested, projects: projects ?? tested }, evidence);
}

/**
 * True for tests of which none fails that did not fail on the base, and that show nothing else to be wrong: they ended by themselves with
 * a whole report, and with an exit code that says no more than that tests failed.
 */
function isAsOnBase(check: CheckResult, comparison: TestComparison | null): boolean {
  if (check.goal !== "test" || check.verdict === "passed" || comparison?.counts == null) return false;
  const failing = countOf(check, bad);
  const known = comparison.counts.fail_to_fail + comparison.cases.filter(isExcused).length;
  const codes = [1, Math.min(failing, 255), ...comparison.base.map(({ exit_code }) => exit_code)];
  const isExplained = check.status === "exited" && check.report !== null && check.exit_code !== 0;
  return (
    isExplained &&
    codes.includes(check.exit_code) &&
    failing > 0 &&
    failing <= known &&
    countOf(check, good) > 0 &&
    comparison.worse_left_out === 0 &&
    !comparison.cases.some((change) => isWorse(change) && !isLost(change))
  );
}

/** A case that fails and did not in every run of the base, but in one. */
function isExcused(change: CaseChange): boolean {
  return change.kind === "pass_to_fail" && !isWorse(change);
}

/** Checks that the change itself decides show nothing of it. A glob names a file that nobody thought of; its own path does not. */
function unplannedChanges(checkPaths: readonly string[], planPaths: readonly string[]): Finding[] {
  const named = new Set(planPaths.map(literalPathOf));
  return checkPaths
    .filter((path) => !named.has(path))
    .map((path) => ({
      rule: "test/check-changed",
      path,
      message: `the change touches ${path}, which decides what the checks do: take that back, or let an item of the plan name this very path`,
    }));
}

function wrongTree(report: TestReport, tree: string): Finding[] {
  if (report.tree === tree) return [];
  return [{ rule: "test/other-tree", message: `the report is of tree ${report.tree}, but ${tree} is under review` }];
}

function missingGoals({ required, projects, checks }: TestReport): Finding[] {
  const wanted = (projects ?? []).flatMap((project) => project.required.map((goal) => ({ project, goal })));
  const missing = [
    ...required.filter((goal) => !checks.some((check) => check.goal === goal)),
    ...wanted
      .filter(({ project, goal }) => !checks.some((check) => check.goal === goal && isSameProject(check, project)))
      .map(({ project, goal }) => `${goal}${placeOf(project)}`),
  ];
  const findings = missing.map((goal) => ({
    rule: "test/goal-missing",
    message: `${goal} is required, but has no result`,
  }));
  if (required.includes("test")) return findings;
  const message = "no test command was found; add one that the adapter knows, such as a `test` script in package.json";
  return [...findings, { rule: "test/no-command", message }];
}

/** Nothing for the root; what stands elsewhere is told with its folder. */
function placeOf(project: ProjectLabel): string {
  const name = projectName(project);
  return name === "" ? "" : ` in ${name}`;
}

function failures(check: CheckResult, comparison: TestComparison | null): Finding[] {
  if (check.verdict === "passed") return [];
  const failed = (check.not_passed ?? []).filter((testCase) => bad.includes(testCase.outcome));
  const known = check.goal === "test" ? failingBefore(comparison) : new Set();
  const fresh = failed.filter(({ suite, name }) => !known.has(JSON.stringify([suite, name])));
  const cases = fresh.length === 0 ? failed : fresh;
  const shown = cases.length === 0 ? outputOf(check) : "";
  const message = `${check.goal}${placeOf(check)} failed (${check.command.join(" ")}): ${check.reason}${shown}`;
  return [{ rule: "test/check-failed", message }, ...cases.slice(0, casesShownMax).map(caseFinding)];
}

/** The cases that failed before, which the builder need not mend. */
function failingBefore(comparison: TestComparison | null): ReadonlySet<string> {
  const known = comparison?.cases.filter(({ kind }) => kind === "fail_to_fail") ?? [];
  return new Set(known.map(({ suite, name }) => JSON.stringify([suite, name])));
}

function outputOf({ output_tail }: CheckResult): string {
  return output_tail === "" ? "" : `\n${output_tail.slice(-tailCharactersMax)}`;
}

function caseFinding(test: TestCase): Finding {
  const { outcome, message, file, line } = test;
  const text = message === undefined ? "" : `: ${message.slice(0, tailCharactersMax)}`;
  const place = { ...(file === undefined ? {} : { path: file }), ...(line === undefined ? {} : { line }) };
  return { rule: "test/case-failed", message: `${titleOf(test)} ${outcome}${text}`, ...place };
}

/** A check that claims to have passed beside facts that say otherwise is not believed. */
function contradictions(check: CheckResult): Finding[] {
  if (check.verdict !== "passed") return [];
  const facts: string[] = [];
  if (check.status !== "exited") facts.push(`its command ${check.status.replaceAll("_", " ")}`);
  if (check.exit_code !== 0) facts.push(`its exit code is ${check.exit_code}`);
  if (countOf(check, bad) > 0) facts.push(`${countOf(check, bad)} tests did not pass`);
  if (check.not_passed?.some((testCase) => bad.includes(testCase.outcome))) facts.push("it names tests that failed");
  return facts.map((fact) => ({
    rule: "test/contradiction",
    message: `${check.goal}${placeOf(check)} claims to have passed, but ${fact}`,
  }));
}

function untested(check: CheckResult): Finding[] {
  if (check.goal !== "test" || check.verdict !== "passed") return [];
  if (check.report === null) {
    const message = `the test command${placeOf(check)} passed, but left no report of what it ran`;
    return [{ rule: "test/no-test-report", message }];
  }
  if (countOf(check, ran) > 0) return [];
  return [{ rule: "test/nothing-ran", message: `the test command${placeOf(check)} passed, but not one test ran` }];
}

function countOf({ counts }: CheckResult, outcomes: readonly CaseOutcome[]): number {
  return outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}
