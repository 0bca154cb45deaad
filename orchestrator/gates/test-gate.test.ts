import { expect, test } from "vitest";
import type { CaseChange, CheckResult, TestComparison, TestReport } from "../schema/test-report.ts";
import { type TestEvidence, testGate } from "./test-gate.ts";

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

const noChanges = {
  ...{ pass_to_fail: 0, removed: 0, skipped_now: 0, new: 0, fail_to_fail: 0, fail_to_pass: 0 },
  ...{ still_skipped: 0, pass_to_pass: 3, flaky: 0 },
};

const compared = (more: Partial<TestComparison> = {}): TestComparison => ({
  base_tree: "b".repeat(40),
  base: [{ status: "exited", exit_code: 0, report: "junit", counts: { passed: 3 }, reason: "3 tests passed" }],
  counts: noChanges,
  cases: [],
  worse_left_out: 0,
  ...more,
});

const report = (checks: CheckResult[], more: Partial<TestReport> = {}): TestReport => ({
  tree,
  required: ["test"],
  checks,
  comparison: compared(),
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

const was = (name: string, kind: CaseChange["kind"], more: Partial<CaseChange> = {}): CaseChange => ({
  ...{ kind, suite: "s", name, file: "a.test.js", base: ["failed", "failed"], head: "failed" },
  ...more,
});

const failing = (more: Partial<CheckResult> = {}) =>
  check({ verdict: "failed", exit_code: 1, reason: "1 of 3 failed", counts: { passed: 2, failed: 1 }, ...more });

const failedBefore = compared({ counts: { ...noChanges, fail_to_fail: 1 }, cases: [was("old", "fail_to_fail")] });

test("a test that failed before and still fails is let pass, and told", () => {
  const decision = testGate.decide({ ...unchanged, report: report([failing()], { comparison: failedBefore }) });
  expect(decision).toEqual({ decision: "pass", notes: ["1 test failed before and still fails: s > old"] });
});

test.each<[string, Partial<CheckResult>]>([
  ["that timed out", { status: "timed_out", exit_code: null }],
  ["without a whole report", { report: null }],
  ["with an exit code that no failed test explains", { exit_code: 137 }],
  ["with exit code 0", { exit_code: 0 }],
  ["of which none passed", { counts: { failed: 1 } }],
  ["of which more failed than before", { counts: { passed: 1, failed: 2 } }],
  ["that fail beside their cases", { counts: { passed: 3 } }],
])("tests %s are refused, also where the base failed", (_, more) => {
  expect(rulesOf(report([failing(more)], { comparison: failedBefore }))).toContain("test/check-failed");
});

test.each<[string, CaseChange]>([
  ["passed before and fails", was("new one", "pass_to_fail", { base: ["passed"] })],
  ["is new and fails", was("new one", "new", { base: [null] })],
])("a test that %s is refused beside one that failed before", (_, change) => {
  const comparison = { ...failedBefore, cases: [change, ...failedBefore.cases] };
  const both = failing({ counts: { passed: 1, failed: 1 } });
  expect(rulesOf(report([both], { comparison }))).toContain("test/check-failed");
});

test("a test that passes only now and then on the base does not refuse a change by failing, and is told", () => {
  const comparison = compared({
    counts: { ...noChanges, pass_to_fail: 1, flaky: 1 },
    cases: [was("now and then", "pass_to_fail", { base: ["passed", "failed"] })],
  });
  const decision = testGate.decide({ ...unchanged, report: report([failing()], { comparison }) });
  expect(decision).toEqual({
    decision: "pass",
    notes: ["1 test ended differently in two runs of the base: s > now and then"],
  });
});

test("a build or lint that failed before is refused all the same", () => {
  const given = report([failing({ goal: "lint" }), check()], { comparison: failedBefore });
  expect(rulesOf(given)).toEqual(["test/check-failed"]);
});

const gone = was("adds", "removed", { base: ["passed"], head: null });
const nowhere = { ...gone, file: undefined };
const withLost = (change: CaseChange) => report([check()], { comparison: compared({ cases: [change] }) });

test.each<[string, CaseChange, string]>([
  ["is gone", gone, "s > adds ran on the base and is gone"],
  ["is skipped", was("adds", "skipped_now", { base: ["passed"], head: "skipped" }), "is skipped now"],
  ["failed and is skipped", was("adds", "skipped_now", { head: "skipped" }), "is skipped now"],
  ["is expected to fail", was("adds", "skipped_now", { base: ["passed"], head: "xfail" }), "is expected to fail now"],
])("a test that %s is refused by its file, though all that is left passes", (_, change, message) => {
  expect(testGate.decide({ ...unchanged, report: withLost(change) })).toMatchObject({
    decision: "refuse",
    findings: [{ rule: "test/lost", path: "a.test.js", message: expect.stringContaining(message) }],
  });
});

test.each<[string, Partial<TestEvidence>, CaseChange, "pass" | "refuse"]>([
  ["its file by a glob", { plan_paths: ["*.test.js"] }, gone, "refuse"],
  ["its file by the very path", { plan_paths: ["src/**", "a.test.js"] }, gone, "pass"],
  ["its suite as a path", { plan_paths: ["t/a.js"] }, { ...gone, suite: "t/a.js > math", file: undefined }, "pass"],
  ["another file", { plan_paths: ["b.test.js"] }, gone, "refuse"],
  ["its suite in another project", { plan_paths: ["t.js"] }, { ...nowhere, suite: "t.js", root: "web" }, "refuse"],
  ["its suite in its project", { plan_paths: ["web/t.js"] }, { ...nowhere, suite: "t.js", root: "web" }, "pass"],
  ["every file of tests it touches", { plan_paths: ["a.test.js"], touched_tests: ["a.test.js"] }, nowhere, "pass"],
  ["some of those files", { plan_paths: ["a.test.js"], touched_tests: ["a.test.js", "b.js"] }, nowhere, "refuse"],
  ["all of none of those files", { plan_paths: ["a.test.js"], touched_tests: [] }, nowhere, "refuse"],
  ["the test in quotes", { plan_texts: ["Drop the test `adds`."] }, gone, "pass"],
  ["its name as a word", { plan_texts: ["This adds a test."] }, gone, "refuse"],
])("where the plan names %s, a lost test is judged so", (_, more, change, decision) => {
  expect(testGate.decide({ ...unchanged, ...more, report: withLost(change) }).decision).toBe(decision);
});

test("a lost test that a run of the base lost as well is no loss, and one that cannot be listed is", () => {
  expect(rulesOf(withLost({ ...gone, base: ["passed", null] }))).toBe("pass");
  expect(rulesOf(report([check()], { comparison: compared({ worse_left_out: 3 }) }))).toEqual(["test/lost"]);
});

test("where the base left no list, each file of tests that the change touches must be named by the plan", () => {
  const given = report([check()], { comparison: compared({ counts: null }) });
  const evidence = { ...unchanged, report: given, touched_tests: ["a.test.js"] };
  expect(testGate.decide(evidence)).toMatchObject({
    decision: "refuse",
    findings: [{ rule: "test/base-unknown", path: "a.test.js" }],
  });
  expect(testGate.decide({ ...evidence, plan_paths: ["a.test.js"] })).toMatchObject({
    decision: "pass",
    notes: [expect.stringContaining("left no list")],
  });
});

test("tests that were not compared with the base are refused", () => {
  expect(rulesOf(report([check()], { comparison: null }))).toEqual(["test/not-compared"]);
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
