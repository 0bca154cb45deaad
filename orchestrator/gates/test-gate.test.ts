import { expect, test } from "vitest";
import type { CheckResult, TestReport } from "../schema/test-report.ts";
import { testGate } from "./test-gate.ts";

const tree = "a".repeat(40);

const check = (more: Partial<CheckResult> = {}): CheckResult => ({
  goal: "test",
  command: ["npm", "test"],
  status: "exited",
  exit_code: 0,
  duration_ms: 5,
  verdict: "passed",
  reason: "3 tests passed",
  report: "junit",
  counts: { passed: 3 },
  not_passed: [],
  output_tail: "",
  ...more,
});

const build = (more: Partial<CheckResult> = {}) =>
  check({ goal: "build", command: ["npm", "run", "build"], report: null, counts: {}, not_passed: null, ...more });

const report = (checks: CheckResult[], more: Partial<TestReport> = {}): TestReport => ({
  tree,
  required: ["test"],
  checks,
  ...more,
});

const unchanged = { tree, check_paths: [], plan_paths: ["**"] };

const rulesOf = (given: TestReport | null) => {
  const decision = testGate.decide({ ...unchanged, report: given });
  return decision.decision === "refuse" ? decision.findings.map((finding) => finding.rule) : decision.decision;
};

test.each<[string, TestReport]>([
  ["tests that passed", report([check()])],
  ["a build and tests that passed", report([build(), check()], { required: ["build", "test"] })],
  ["some tests skipped beside those that passed", report([check({ counts: { passed: 1, skipped: 4, todo: 1 } })])],
  ["only tests that failed as expected", report([check({ counts: { xfail: 1 } })])],
])("a report of %s passes", (_, given) => {
  expect(rulesOf(given)).toBe("pass");
});

test.each<[string, TestReport | null, string[]]>([
  ["that is missing", null, ["test/no-report"]],
  ["of another tree", report([check()], { tree: "b".repeat(40) }), ["test/other-tree"]],
  ["without a required goal", report([check()], { required: ["build", "test"] }), ["test/goal-missing"]],
  ["without the tests themselves", report([]), ["test/goal-missing"]],
  ["of a project without a test command", report([build()], { required: ["build"] }), ["test/no-command"]],
  ["of a project without any command", report([], { required: [] }), ["test/no-command"]],
  ["of a failed check", report([check({ verdict: "failed", exit_code: 1 })]), ["test/check-failed"]],
  [
    "of a failed lint beside good tests",
    report([check(), check({ goal: "lint", verdict: "failed" })]),
    ["test/check-failed"],
  ],
  [
    "with a second, failed run of the same goal",
    report([check(), check({ verdict: "failed" })]),
    ["test/check-failed"],
  ],
  [
    "of tests that left no report",
    report([check({ report: null, counts: {}, not_passed: null })]),
    ["test/no-test-report"],
  ],
  ["of tests of which none ran", report([check({ counts: {} })]), ["test/nothing-ran"]],
  ["of tests that were all skipped", report([check({ counts: { skipped: 5, todo: 2 } })]), ["test/nothing-ran"]],
  ["that claims success with exit code 1", report([check({ exit_code: 1 })]), ["test/contradiction"]],
  ["that claims success without an exit code", report([check({ exit_code: null })]), ["test/contradiction"]],
  [
    "that claims success of a command that timed out",
    report([build({ status: "timed_out" }), check()]),
    ["test/contradiction"],
  ],
  [
    "that claims success beside failed tests",
    report([check({ counts: { passed: 2, failed: 1 } })]),
    ["test/contradiction"],
  ],
  [
    "that claims success and names a crashed test",
    report([check({ not_passed: [{ suite: "s", name: "n", outcome: "crashed" }] })]),
    ["test/contradiction"],
  ],
])("a report %s is refused", (_, given, rules) => {
  expect(rulesOf(given)).toEqual(rules);
});

test("a refusal tells the builder which test failed, where and why", () => {
  const failed = check({
    verdict: "failed",
    exit_code: 1,
    reason: "1 test failed",
    counts: { passed: 2, failed: 1 },
    not_passed: [
      {
        suite: "math",
        name: "adds",
        outcome: "failed",
        message: "expected 2, got 3",
        file: "test/math.test.js",
        line: 4,
      },
      { suite: "math", name: "later", outcome: "skipped" },
    ],
    output_tail: "noise",
  });
  expect(testGate.decide({ ...unchanged, report: report([failed]) })).toEqual({
    decision: "refuse",
    findings: [
      { rule: "test/check-failed", message: "test failed (npm test): 1 test failed" },
      {
        rule: "test/case-failed",
        message: "math > adds failed: expected 2, got 3",
        path: "test/math.test.js",
        line: 4,
      },
    ],
  });
});

test("where no test can be named, the refusal shows the end of the output", () => {
  const failed = build({
    verdict: "failed",
    exit_code: 2,
    reason: "exit code 2",
    output_tail: "src/a.ts(1,1): error TS1005",
  });
  expect(testGate.decide({ ...unchanged, report: report([failed, check()]) })).toEqual({
    decision: "refuse",
    findings: [
      { rule: "test/check-failed", message: "build failed (npm run build): exit code 2\nsrc/a.ts(1,1): error TS1005" },
    ],
  });
});

test("a missing test command is told with how to mend it", () => {
  const decision = testGate.decide({ ...unchanged, report: report([], { required: [] }) });
  expect(decision).toMatchObject({ findings: [{ message: expect.stringContaining("`test` script in package.json") }] });
});

test.each([
  ["under a glob", ["**", "*.json", "package.*"], "refuse"],
  ["by a path that is like it", ["Package.json", "a/package.json"], "refuse"],
  ["by its own path", ["src/**", "package.json"], "pass"],
])("a change of package.json that the plan names %s: %j", (_, plan_paths, decision) => {
  const evidence = { tree, report: report([check()]), check_paths: ["package.json"], plan_paths };
  expect(testGate.decide(evidence).decision).toBe(decision);
});

test("a change of what decides the checks is told beside what the checks showed, each file by its path", () => {
  const check_paths = ["package.json", "test/a.test.js"];
  expect(testGate.decide({ tree, report: null, check_paths, plan_paths: ["**"] })).toMatchObject({
    findings: [
      { rule: "test/no-report" },
      { rule: "test/check-changed", path: "package.json" },
      { rule: "test/check-changed", path: "test/a.test.js" },
    ],
  });
});
