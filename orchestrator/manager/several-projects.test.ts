import { expect, test } from "vitest";
import type { CheckGoal, CheckResult, TestCase } from "../schema/test-report.ts";
import { beginRun } from "./run-in-memory.test-support.ts";

const projects = [
  { root: ".", adapter: "javascript" },
  { root: "services/api", adapter: "go" },
  { root: "services/api", adapter: "python" },
];

/** True for the files that a run begins with. */
const isBase = (files: ReadonlyMap<string, string>) => files.get("src/a.js")?.includes("node:") !== true;

const passedCase = (name: string): TestCase => ({ suite: "", name, outcome: "passed" });

function result(goal: CheckGoal, cases: readonly TestCase[], more: Partial<CheckResult> = {}) {
  const counts: CheckResult["counts"] = {};
  for (const { outcome } of cases) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const bad = cases.filter(({ outcome }) => outcome === "failed");
  return {
    ...{ goal, command: ["run", goal], status: "exited" as const, duration_ms: 1, report: "junit", output_tail: "" },
    ...{ exit_code: bad.length === 0 ? 0 : 1, verdict: bad.length === 0 ? ("passed" as const) : ("failed" as const) },
    ...{ reason: `${cases.length} tests`, counts, not_passed: bad, cases: [...cases] },
    ...more,
  };
}

const small = { task: { budget: { builder_attempts: 1, planner_attempts: 1 } }, projects };

test("each project has a result of its own, and a change is green where all of them are", async () => {
  const { drive, lease } = await beginRun({ ...small, check: (goal) => result(goal, [passedCase("adds")]) });
  const manifest = await drive();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.workspace?.projects).toMatchObject(projects);
  expect(manifest.tests).toMatchObject({
    required: ["test"],
    projects: [
      { required: ["test"] },
      { root: "services/api", adapter: "go", required: ["test"] },
      { root: "services/api", adapter: "python", required: ["test"] },
    ],
    checks: [
      { goal: "test", verdict: "passed" },
      { goal: "test", root: "services/api", adapter: "go" },
      { goal: "test", root: "services/api", adapter: "python" },
    ],
    comparison: { counts: { pass_to_pass: 3 }, projects: [{}, { adapter: "go" }, { adapter: "python" }] },
  });
  const calls = lease.events.filter((event) => event.event === "tool_finished" && event.payload.check !== null);
  expect(calls.map((event) => event.event === "tool_finished" && event.payload.tool)).toEqual([
    "run_check",
    "run_base_tests",
  ]);
});

test("one project that fails refuses the change, and the finding names it", async () => {
  const { drive } = await beginRun({
    ...small,
    check: (goal, files, root) =>
      result(goal, [
        { ...passedCase("adds"), outcome: root === "services/api" && !isBase(files) ? "failed" : "passed" },
      ]),
  });
  const manifest = await drive();
  expect(manifest.status).toBe("blocked");
  expect(manifest.gates.find(({ verdict }) => verdict.gate === "test")?.verdict).toMatchObject({
    decision: "refuse",
    findings: expect.arrayContaining([
      expect.objectContaining({
        rule: "test/check-failed",
        message: expect.stringContaining("test in services/api (go) failed"),
      }),
    ]),
  });
});

test("a test that one project lost is not made good by one of the same name that another one has now", async () => {
  const { drive } = await beginRun({
    ...small,
    check: (goal, files, root) => {
      const hasIt = (root === ".") === isBase(files);
      return result(goal, [passedCase("stays"), ...(hasIt ? [passedCase("adds")] : [])]);
    },
  });
  const manifest = await drive();
  expect(manifest.gates.find(({ verdict }) => verdict.gate === "test")?.verdict).toMatchObject({
    decision: "refuse",
    findings: [{ rule: "test/lost", message: expect.stringMatching(/^adds ran on the base and is gone/) }],
  });
});

test("a test that failed before in one project excuses none of the same name in another", async () => {
  const { drive } = await beginRun({
    ...small,
    check: (goal, files, root) => {
      const isBroken = root === "." || !isBase(files);
      return result(goal, [passedCase("stays"), { ...passedCase("adds"), outcome: isBroken ? "failed" : "passed" }]);
    },
  });
  const verdict = (await drive()).gates.find((gate) => gate.verdict.gate === "test")?.verdict;
  const messages = verdict?.decision === "refuse" ? verdict.findings.map(({ message }) => message) : [];
  expect(messages.filter((message) => message.includes(" failed (run test)"))).toEqual([
    expect.stringContaining("test in services/api (go) failed"),
    expect.stringContaining("test in services/api (python) failed"),
  ]);
});

test("a project whose command the change takes away is a failed check, whatever the others show", async () => {
  const { drive } = await beginRun({
    ...small,
    check: (goal, files, root) => {
      if (root === "." || isBase(files)) return result(goal, [passedCase("adds")]);
      const { cases: _cases, ...gone } = result(goal, []);
      return { ...gone, status: "failed_to_start", exit_code: null, verdict: "failed", report: null, not_passed: null };
    },
  });
  const verdict = (await drive()).gates.find((gate) => gate.verdict.gate === "test")?.verdict;
  expect(verdict).toMatchObject({ decision: "refuse" });
  const rules = verdict?.decision === "refuse" ? verdict.findings.map(({ rule }) => rule) : [];
  expect(rules).toEqual(["test/check-failed", "test/check-failed"]);
});
