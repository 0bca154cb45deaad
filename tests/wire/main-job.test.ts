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
  const run = await playground.onWire(server).then((orchestrator) => orchestrator.run(sampleTask));
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
  ]);
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/count.js", "src/greet.js", "src/paths.js"]);
  expect(manifest.tests?.checks).toMatchObject([{ goal: "test", verdict: "passed", counts: { passed: 3 } }]);
  expect(manifest.artifacts.map(({ name }) => name).sort()).toEqual(["change.bundle", "change.patch"]);

  const requests = server.requests();
  expect(requests.every(({ status }) => status === 200)).toBe(true);
  expect(manifest.metrics.usage).toMatchObject({
    turns: requests.length,
    input_tokens: 100 * requests.length,
    output_tokens: 10 * requests.length,
  });
  expect(await playground.problems(run.key)).toEqual([]);
  expect(playground.fingerprint()).toEqual(before);
  expect(connections()).toEqual(["127.0.0.1"]);
  const traces = readFileSync(join(playground.runFolder(run.key), "traces.jsonl"), "utf8");
  expect(traces).toContain('"edit_file"');
  expect(traces).not.toContain("Hello");
});
