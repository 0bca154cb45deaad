import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { KnownEvent } from "../../orchestrator/schema/run-event.ts";
import { commandLine } from "../support/command-run.ts";
import { honestTeam, samplePlan } from "../support/honest-team.ts";
import { say, startModelServer } from "../support/model-server.ts";
import { createPlayground, gateLines, payloadsOf } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

/** The settings that these tests need, in the repository's file, where the command line reads them. */
const patient = {
  ...samplePackage,
  "orchestrator.config.yaml": "version: 1\nsettings: { model_retry_delay_ms: 1, model_retries: 2 }\n",
};

test("a model that is busy is asked again when it said, one whose stream breaks off at once, and all of it is on record", async () => {
  const playground = createPlayground(patient);
  const server = await startModelServer(honestTeam);
  server.fail("planner", { status: 429, retryAfterSeconds: 1, message: "slow down" });
  server.fail("builder", { cutAfterEvents: 4 });
  server.fail("tester", { status: 503 });
  const { exit, verified, manifest, events } = await commandLine(playground, server).run();

  expect([exit, verified, manifest.status]).toEqual([0, 0, "passed"]);
  expect(manifest.metrics.model_retries).toBe(3);
  const failures = payloadsOf(events, "model_call_failed");
  expect(failures.map(({ step_id, turn, status, retry_in_ms }) => [step_id, turn, status, retry_in_ms])).toEqual([
    ["planner.1", 1, 429, 1000],
    ["builder.1", 1, null, 1],
    ["tester.1", 1, 503, 1],
  ]);
  expect(failures[0]?.message).toContain("slow down");
  expect(gateLines(manifest).every((line) => line.endsWith("pass"))).toBe(true);
});

test("a model that stays broken stops the run with a fault; the run goes on later, and no finished step is asked for again", async () => {
  const playground = createPlayground(patient);
  const server = await startModelServer(honestTeam);
  server.fail("builder", { cutAfterEvents: 4 }, 2);
  server.fail("builder", { status: 500 });
  const line = commandLine(playground, server);
  const faulted = await line.run();
  expect(faulted).toMatchObject({ exit: 4, verified: 0, manifest: { status: "faulted", finished_at: null } });
  expect(faulted.stderr).toContain("failed 3 times");
  expect(payloadsOf(faulted.events, "run_faulted")).toMatchObject([{ code: "model_unreachable" }]);
  const before = recordedAnswers(faulted.events);

  const { exit, verified, manifest, events } = await line.tell("resume");
  expect([exit, verified, manifest.status]).toEqual([0, 0, "passed"]);
  expect(manifest.steps.map(({ step_id, status }) => `${step_id} ${status}`)).toEqual([
    "planner.1 finished",
    "builder.1 finished",
    "tester.1 finished",
    "reviewer.1 finished",
  ]);
  expect(recordedAnswers(events).slice(0, before.length)).toEqual(before);
  expect(server.requests().filter(({ role }) => role === "planner")).toHaveLength(3);
});

test("a refused key is a fault at once, without a second try, and is not repeated in it", async () => {
  const key = "My-Own-Key-Value-123";
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  server.fail("manager", { status: 401, message: `Incorrect API key provided: ${key}` });
  const run = await (await playground.onWire(server, {}, { OPENAI_API_KEY: key })).run(sampleTask);
  const fault: unknown = await run.finished().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: "model_refused", retryable: false });
  expect(inspect(fault, { depth: 20 })).toContain("provided: [redacted:OPENAI_API_KEY]");
  expect(inspect(fault, { depth: 20, showHidden: true })).not.toContain(key);
  expect(server.requests()).toHaveLength(1);

  server.fail("manager", { status: 401, message: `Incorrect API key provided: ${key}` });
  const told = await commandLine(playground, server, { OPENAI_API_KEY: key }).run();
  expect(told).toMatchObject({ exit: 4, verified: 0, manifest: { status: "faulted" } });
  expect(told.stderr).toContain("provided: [redacted:OPENAI_API_KEY]");
  expect(JSON.stringify(told)).not.toContain(key);
});

test("a server that is not there, or never answers, is a fault after the tries, within their deadline", async () => {
  const playground = createPlayground();
  const server = await startModelServer(honestTeam);
  server.fail("planner", { silentForMs: 60_000 }, 2);
  const impatient = { model_timeout_ms: 200, model_retries: 1 };
  const started = performance.now();
  const silent = await (await playground.onWire(server, impatient)).run(sampleTask);
  await expect(silent.finished()).rejects.toMatchObject({ code: "model_unreachable" });
  expect(performance.now() - started).toBeLessThan(20_000);

  await server.stop();
  const gone = await (await playground.onWire(server, impatient)).run(sampleTask);
  await expect(gone.finished()).rejects.toMatchObject({ code: "model_unreachable" });
});

test("an answer without any output, or with text that is no document, fails the attempt and no more", async () => {
  const playground = createPlayground();
  const server = await startModelServer({
    ...honestTeam,
    planner: ({ document }) => (JSON.stringify(document).includes("agent/") ? say(samplePlan) : { calls: [] }),
    reviewer: (asked) => {
      reviews += 1;
      return reviews === 1 ? say("LGTM") : honestTeam.reviewer(asked);
    },
  });
  let reviews = 0;
  const run = await (await playground.onWire(server)).run(sampleTask);
  const manifest = await run.finished();
  expect(manifest.steps.map(({ step_id, status }) => `${step_id} ${status}`)).toEqual([
    "planner.1 failed",
    "planner.2 finished",
    "builder.1 finished",
    "tester.1 finished",
    "reviewer.1 failed",
    "reviewer.2 finished",
  ]);
  expect(manifest.status).toBe("passed");
  expect(await playground.problems(run.key)).toEqual([]);
});

function recordedAnswers(events: readonly KnownEvent[]): readonly string[] {
  const answers = payloadsOf(events, "model_answered");
  return answers.map(({ step_id, turn, request_sha256 }) => `${step_id} ${turn} ${request_sha256}`);
}
