import { expect, test } from "vitest";
import type { Plan } from "../../orchestrator/schema/plan.ts";
import { honestTeam, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, say, startModelServer } from "../support/model-server.ts";
import { createPlayground, payloadsOf } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

const tests = samplePackage["test/sample.test.js"] ?? "";
const failing = 'test("is broken", () => assert.equal(count([]), 1));\n';
const task = {
  ...sampleTask,
  scope: { include: ["src/**", "test/**"], exclude: [] },
  budget: { builder_attempts: 1, planner_attempts: 1 },
};

type Call = ReturnType<typeof call>;

/** A run whose builder makes these calls, under a plan that names these paths. */
async function runOf(files: Record<string, string>, paths: readonly string[], first: Call, ...more: Call[]) {
  const playground = createPlayground({ ...samplePackage, ...files });
  const items = samplePlan.items.slice(1, 2).map((item): Plan["items"][number] => ({ ...item, paths: [...paths] }));
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say({ summary: "A small change.", items })),
    builder: inTurns(first, ...more, say({ summary: "Done.", items_done: ["comma"], items_left: [] })),
  });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(task);
  const manifest = await run.finished();
  expect(await playground.problems(run.key)).toEqual([]);
  const verdict = manifest.gates.find((gate) => gate.verdict.gate === "test")?.verdict;
  const events = await orchestrator.runs.events(run.key);
  const baseRuns = payloadsOf(events, "tool_finished").filter(({ tool }) => tool === "run_base_tests");
  return { manifest, verdict, baseRuns: baseRuns.length };
}

const greeting = call("edit_file", { path: "src/greet.js", before: '"Hello "', after: '"Hello, "' });
const skipOne = call("edit_file", {
  path: "test/sample.test.js",
  before: 'test("greets"',
  after: 'test.skip("greets"',
});
const dropOne = call("edit_file", {
  path: "test/sample.test.js",
  before: 'test("counts", () => assert.equal(count([1, 2]), 2));\n',
  after: "",
});

test("a repository with a test that fails already is worked on, and the record tells that it still fails", async () => {
  const broken = { "test/sample.test.js": tests + failing };
  const { manifest, verdict, baseRuns } = await runOf(broken, ["src/**"], greeting);
  expect(manifest.status_detail).toBe("every gate passed");
  expect(verdict).toMatchObject({ decision: "pass", notes: ["1 test failed before and still fails: is broken"] });
  expect(manifest.tests).toMatchObject({
    checks: [{ goal: "test", verdict: "failed", counts: { passed: 3, failed: 1 } }],
    comparison: { counts: { pass_to_pass: 3, fail_to_fail: 1 }, base: [{ exit_code: 1 }, { exit_code: 1 }] },
  });
  expect(baseRuns).toBe(2);
});

test("a change that takes a passing test away, or skips one, is refused though all that is left passes", async () => {
  const { manifest, verdict, baseRuns } = await runOf({}, ["src/**", "test/**"], greeting, dropOne, skipOne);
  expect(manifest.status).toBe("blocked");
  expect(manifest.tests?.checks).toMatchObject([{ verdict: "passed", counts: { passed: 1, skipped: 1 } }]);
  expect(verdict).toMatchObject({
    decision: "refuse",
    findings: [
      { rule: "test/lost", message: expect.stringContaining("counts ran on the base and is gone") },
      { rule: "test/lost", message: expect.stringContaining("greets ran on the base and is skipped now") },
    ],
  });
  expect(baseRuns).toBe(2);
});

test("the same change passes where the plan names the file of the tests", async () => {
  const { manifest, verdict } = await runOf({}, ["src/**", "test/sample.test.js"], greeting, dropOne, skipOne);
  expect(manifest.status_detail).toBe("every gate passed");
  expect(verdict).toMatchObject({ notes: [expect.stringContaining("2 tests of the base are gone or switched off")] });
});
