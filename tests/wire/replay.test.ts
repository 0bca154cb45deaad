import { expect, test } from "vitest";
import { BuilderInput } from "../../orchestrator/schema/handoff.ts";
import { buildSummary, honestTeam, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, type Script, say, startModelServer } from "../support/model-server.ts";
import { createPlayground, gateLines, payloadsOf } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

/** A test that, where it fails, says something else each time, as one does that names a free port. */
const restlessTest = `const { test } = require("node:test");
const assert = require("node:assert");
const { greet } = require("../src/greet.js");
test("greets", () => assert.ok(greet("Ada").startsWith("Hello"), "refused by port " + Math.random()));
`;

test("a run whose failing test never says the same twice is replayed from the record of its commands", async () => {
  const playground = createPlayground({ ...samplePackage, "test/sample.test.js": restlessTest });
  const breakGreeting = call("edit_file", { path: "src/greet.js", before: '"Hello "', after: '"Goodbye "' });
  const builder: Script = (asked) => {
    const { findings } = BuilderInput.parse(asked.document);
    const mend = call("edit_file", { path: "src/greet.js", before: '"Goodbye "', after: '"Hello, "' });
    return inTurns(findings.length === 0 ? breakGreeting : mend, say(buildSummary))(asked);
  };
  const planner = inTurns(say({ ...samplePlan, items: samplePlan.items.filter(({ id }) => id === "comma") }));
  const server = await startModelServer({ ...honestTeam, planner, builder });
  const recorded = await (await playground.onWire(server)).run(sampleTask);
  const original = await recorded.finished();
  expect(gateLines(original).filter((line) => line.includes(" test "))).toEqual([
    "tester.1 test refuse",
    "tester.2 test pass",
  ]);
  await server.stop();

  const replaying = await playground.orchestrator({ model: `replay:${recorded.key.runId}` });
  const replay = await replaying.run(sampleTask);
  const again = await replay.finished();
  expect(again.status).toBe("passed");
  expect(again.change?.patch_sha256).toBe(original.change?.patch_sha256);
  const checks = payloadsOf(await replaying.runs.events(replay.key), "tool_finished").filter(({ check }) => check);
  expect(checks.map(({ tool, outcome, replayed_from }) => [tool, outcome, replayed_from])).toEqual([
    ["run_check", "failed", recorded.key.runId],
    // A second time, since the change made a test fail: it could have been a flaky one.
    ["run_base_tests", "ok", recorded.key.runId],
    ["run_base_tests", "ok", recorded.key.runId],
    ["run_check", "ok", recorded.key.runId],
  ]);
  expect(await playground.problems(replay.key)).toEqual([]);
}, 120_000);
