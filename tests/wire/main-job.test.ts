import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildSummary, honestTeam } from "../support/honest-team.ts";
import { startModelServer } from "../support/model-server.ts";
import { createPlayground, payloadsOf } from "../support/playground.ts";
import { sampleTask } from "../support/sample-task.ts";
import { watchConnections } from "../support/watch-connections.ts";

test("an honest team on the wire plans, builds, tests, reviews and commits, and every gate passes", async () => {
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  const connections = watchConnections();
  const before = playground.fingerprint();
  const listeners = listenerCounts();
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const manifest = await run.finished();

  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest).toMatchObject({ status: "passed", model: "openai:mock-model", models_used: ["openai:mock-model"] });
  expect(manifest.steps.map(({ step_id, status }) => `${step_id} ${status}`)).toEqual([
    "planner.1 finished",
    "builder.1 finished",
    "tester.1 finished",
    "reviewer.1 finished",
  ]);
  expect(manifest.gates.map(({ verdict }) => `${verdict.gate} ${verdict.decision}`)).toEqual([
    "spec pass",
    "plan pass",
    "spec pass",
    "spec pass",
    "scope pass",
    "secrets pass",
    "budget pass",
    "test pass",
    "review pass",
    "spec pass",
    "budget pass",
  ]);
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/count.js", "src/greet.js", "src/paths.js"]);
  expect(manifest.tests?.checks).toMatchObject([{ goal: "test", verdict: "passed", counts: { passed: 3 } }]);
  expect(manifest.artifacts.map(({ name }) => name).sort()).toEqual(["change.bundle", "change.patch"]);

  const requests = server.requests();
  expect(requests.every(({ status, body }) => status === 200 && body.includes('"stream":true'))).toBe(true);
  expect(manifest.metrics.usage).toMatchObject({
    turns: requests.length,
    input_tokens: 100 * requests.length,
    output_tokens: 10 * requests.length,
  });
  const told = (role: string) => requests.filter((request) => request.role === role).map(({ body }) => body);
  expect(told("reviewer")).toHaveLength(2);
  expect(told("reviewer").join()).toContain("exports.count = (list) => list.length");
  expect(told("reviewer").join()).not.toContain(buildSummary.summary);
  expect(told("reviewer").join()).not.toContain("apply_diff");

  expect(await playground.problems(run.key)).toEqual([]);
  expect(playground.fingerprint()).toEqual(before);
  expect(connections()).toEqual(["127.0.0.1"]);
  expect(listenerCounts()).toEqual(listeners);
  const traces = readFileSync(join(playground.runFolder(run.key), "traces.jsonl"), "utf8");
  for (const name of ["manager", "planner", "builder", "tester", "reviewer", "edit_file"]) {
    expect(traces).toContain(`"${name}"`);
  }
  expect(traces).not.toContain("Hello");
});

test("a recorded run is replayed without a network to the same change, and a changed task misses its record", async () => {
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  const recorded = await (await playground.onWire(server)).run(sampleTask);
  const original = await recorded.finished();
  await server.stop();
  const connections = watchConnections();
  const replaying = await playground.orchestrator({ model: "replay:latest" });

  const replay = await replaying.run(sampleTask);
  const again = await replay.finished();
  expect(again).toMatchObject({ status: "passed", model: `replay:${recorded.key.runId}` });
  expect(again.change).toEqual({ ...original.change, head_commit: again.commit });
  expect(again.gates.map(({ verdict }) => `${verdict.gate} ${verdict.decision}`)).toEqual(
    original.gates.map(({ verdict }) => `${verdict.gate} ${verdict.decision}`),
  );
  expect(again.metrics.usage).toEqual(original.metrics.usage);
  expect(await playground.problems(replay.key)).toEqual([]);

  const changed = await replaying.run({ ...sampleTask, goal: "something else" });
  await expect(changed.finished()).rejects.toMatchObject({ code: "replay_missed" });
  expect((await replaying.runs.manifest(changed.key)).status).toBe("faulted");
  const events = await replaying.runs.events(changed.key);
  expect(payloadsOf(events, "run_faulted")).toMatchObject([{ code: "replay_missed" }]);
  expect(payloadsOf(events, "step_started")).toEqual([]);
  expect(connections()).toEqual([]);
});

/** How many listeners stand on the process for what ends it: the Agents SDK would leave some of its own. */
function listenerCounts(): readonly number[] {
  return ["SIGINT", "SIGTERM", "unhandledRejection", "beforeExit"].map((name) => process.listenerCount(name));
}
