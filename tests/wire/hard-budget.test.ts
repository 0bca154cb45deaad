import { expect, test } from "vitest";
import { buildSummary, honestTeam, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, say, startModelServer } from "../support/model-server.ts";
import { answerQuestion, createPlayground, gateLines, payloadsOf } from "../support/playground.ts";
import { sampleTask } from "../support/sample-task.ts";

test("a limit on tokens is never overrun: no call is made that may not fit, answers are capped, and only tokens are granted", async () => {
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  const orchestrator = await playground.onWire(server);
  const tokens = 5500;
  const run = await orchestrator.run({ ...sampleTask, budget: { tokens } });
  let manifest = await run.finished();
  let grants = 1;
  for (; manifest.status === "blocked" && grants < 6; grants += 1) {
    const { input_tokens, output_tokens } = manifest.metrics.usage;
    expect(input_tokens + output_tokens).toBeLessThanOrEqual(tokens * grants);
    expect(manifest.questions.at(-1)?.question).toMatchObject({ kind: "budget_spent", limits: ["tokens"] });
    await answerQuestion(orchestrator, run.key, "approve");
    manifest = await (await orchestrator.resume(run.key.runId)).finished();
  }
  expect(grants).toBeGreaterThan(1);
  expect(manifest.status).toBe("passed");
  const caps = server.requests().map(({ body }) => Number(/"max_tokens":(\d+)/.exec(body)?.[1]));
  expect(Math.min(...caps)).toBeGreaterThanOrEqual(256);
  expect(Math.max(...caps)).toBeLessThan(tokens * grants);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a provider that does not report what calls use is refused where tokens are limited, and a person can accept it", async () => {
  const playground = createPlayground();
  const server = await startModelServer(honestTeam, { reportsUsage: false });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const blocked = await run.finished();
  expect(server.requests()).toHaveLength(1);
  expect(blocked.questions[0]?.question).toMatchObject({ kind: "budget_spent", limits: ["unreported_usage"] });
  const [answered] = payloadsOf(await orchestrator.runs.events(run.key), "model_answered");
  expect(answered).toMatchObject({ usage_reported: false, usage: { output_tokens: 16_384 } });
  expect(answered?.usage.input_tokens).toBeGreaterThan(1000);

  await answerQuestion(orchestrator, run.key, "approve");
  const manifest = await (await orchestrator.resume(run.key.runId)).finished();
  expect(manifest.status).toBe("passed");
  expect(manifest.metrics.usage.output_tokens).toBe(16_384 * server.requests().length);
});

test("a call that broke off counts as the most that it can have used", async () => {
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  server.fail("planner", { cutAfterEvents: 3 });
  server.fail("manager", { status: 429 });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const manifest = await run.finished();
  expect(manifest.status).toBe("passed");
  const failures = payloadsOf(await orchestrator.runs.events(run.key), "model_call_failed");
  expect(failures.map(({ agent, usage }) => [agent, usage?.output_tokens])).toEqual([
    ["manager", undefined],
    ["planner", 16_384],
  ]);
  expect(manifest.metrics.usage.output_tokens).toBeGreaterThan(16_384);
});

test("the lines of a binary file count by its bytes", async () => {
  const playground = createPlayground();
  const plan = { ...samplePlan, items: [{ ...samplePlan.items[1], paths: ["src/**"] }] };
  const binary = call("write_file", { path: "src/big.js", content: `//\0\n${"x;\n".repeat(3000)}` });
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say(plan)),
    builder: inTurns(binary, say(buildSummary)),
  });
  const orchestrator = await playground.onWire(server);
  const limits = { changed_lines: 100, builder_attempts: 1, planner_attempts: 1 };
  const manifest = await (await orchestrator.run({ ...sampleTask, budget: limits })).finished();
  expect(manifest.change?.paths).toMatchObject([{ path: "src/big.js", insertions: null }]);
  expect(manifest.change?.insertions).toBe(Math.ceil(9004 / 80));
  expect(gateLines(manifest)).toContain("builder.1 budget refuse");
  expect(manifest.status).toBe("blocked");
});
