import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { KnownEvent } from "../../orchestrator/schema/run-event.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPlayground, payloadsOf, tellRun } from "../support/playground.ts";
import { processesWith, untilProcesses } from "../support/processes-with.ts";
import { recipeGoal } from "../support/recipe-task.ts";
import { samplePackage } from "../support/sample-package.ts";

test("every reader of a handle sees all events from the first, in order, until the run lets go", async () => {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal);
  const early = collect(run.events);
  const manifest = await run.finished();
  const late = await collect(run.events);

  expect(await early).toEqual(late);
  expect(late.map(({ seq }) => seq)).toEqual(late.map((_, index) => index));
  expect([late[0]?.event, late.at(-1)?.event]).toEqual(["run_created", "run_finished"]);
  expect(await orchestrator.runs.events(run.key)).toEqual(late);
  expect(await orchestrator.runs.manifest(run.key)).toEqual(manifest);
  expect(run.task).toEqual(manifest.task);
  expect(manifest).toMatchObject({ status: "passed", model: "recipe", task_source: "goal" });
  expect((await orchestrator.runs.heartbeat(run.key)).liveness).toBe("none");
  await expect(orchestrator.resume(run.key.runId).then((again) => again.finished())).resolves.toMatchObject({
    status: "passed",
  });
});

test("a pause takes hold at the next step boundary, lasts over other processes, and ends when the run is told so", async () => {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal);
  for await (const { event } of run.events) {
    if (event !== "step_started") continue;
    await run.pause("lunch");
    break;
  }
  const paused = await run.finished();
  expect(paused).toMatchObject({ status: "paused", finished_at: null });
  // A short step may end before the pause is written down; the next boundary is not passed.
  expect(["planner.1", "builder.1"]).toContain(paused.steps.at(-1)?.step_id);
  expect(paused.steps.every(({ status }) => status === "finished")).toBe(true);

  const other = await playground.orchestrator();
  expect((await (await other.resume("latest")).finished()).status).toBe("paused");
  await tellRun(other, run.key, "resume");
  const resumed = await other.resume(run.key.runId, { reason: "back from lunch" });
  const manifest = await resumed.finished();
  expect(manifest.status).toBe("passed");
  expect(manifest.resume_events.map(({ reason }) => reason)).toEqual(["resumed", "back from lunch"]);
  expect(manifest.steps.filter(({ role }) => role === "planner")).toHaveLength(1);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a cancel during a long command ends the command with all its children, and the run at once", async () => {
  const marker = uniqueMarker();
  const playground = createPlayground(hangingPackage(marker));
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal);
  await untilProcesses(marker, 1);
  const asked = performance.now();
  await run.cancel("not needed any more");
  const manifest = await run.finished();

  expect(performance.now() - asked).toBeLessThan(8000);
  expect(processesWith(marker)).toBe(0);
  expect(manifest).toMatchObject({ status: "cancelled", status_detail: "not needed any more", commit: null });
  expect(manifest.steps.at(-1)).toMatchObject({ step_id: "tester.1" });
  expect(await playground.problems(run.key)).toEqual([]);
  await expect(run.cancel()).resolves.toBeUndefined();
});

test("a signal stops the runner but not the run: it goes on later, makes the check again, and says so", async () => {
  const marker = uniqueMarker();
  const shown = temporaryFolder("shown");
  const playground = createPlayground(hangingPackage(marker, join(shown, "go-on")));
  // A folder on the PATH is what a sandbox shows of the outside.
  const environment = { ...playground.environment, PATH: `${playground.environment["PATH"]}:${shown}` };
  const orchestrator = await playground.orchestrator({ environment });
  const stop = new AbortController();
  const run = await orchestrator.run(recipeGoal, { signal: stop.signal });
  await untilProcesses(marker, 1);
  stop.abort();
  await expect(run.finished()).rejects.toMatchObject({ code: "aborted", retryable: true });
  expect(processesWith(marker)).toBe(0);
  expect((await orchestrator.runs.heartbeat(run.key)).liveness).toBe("none");
  expect(await playground.problems(run.key)).toEqual([]);

  writeFileSync(join(shown, "go-on"), "");
  const resumed = await orchestrator.resume(run.key.runId);
  const manifest = await resumed.finished();
  expect(manifest.status).toBe("passed");
  const events = await collect(resumed.events);
  expect(payloadsOf(events, "tool_interrupted")).toMatchObject([{ step_id: "tester.1", tool: "run_check" }]);
  expect(payloadsOf(events, "step_finished").map(({ step_id }) => step_id)).toEqual([
    "planner.1",
    "builder.1",
    "tester.1",
    "reviewer.1",
  ]);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a run that is under way cannot be taken over, and its holder is named", async () => {
  const marker = uniqueMarker();
  const playground = createPlayground(hangingPackage(marker));
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal);
  await untilProcesses(marker, 1);
  const other = await playground.orchestrator();
  await expect(other.resume(run.key.runId)).rejects.toMatchObject({
    code: "run_held",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  expect((await other.runs.heartbeat(run.key)).liveness).toBe("alive");
  await tellRun(other, run.key, "cancel");
  expect((await run.finished()).status).toBe("cancelled");
  expect((await other.runs.list({ limit: 10 })).rows).toMatchObject([{ key: run.key, status: "cancelled" }]);
});

/** A package whose test starts a child with the marker and hangs, unless a file is there. */
function hangingPackage(marker: string, goOn = "/none"): Record<string, string> {
  return {
    ...samplePackage,
    "test/sample.test.js": `
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { test } = require("node:test");
test("hangs", async () => {
  if (existsSync(${JSON.stringify(goOn)})) return;
  process.on("SIGTERM", () => {});
  spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);", ${JSON.stringify(marker)}], { detached: true });
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
`,
  };
}

function uniqueMarker(): string {
  return `marker-${process.pid}-${Math.random().toString(36).slice(2)}`;
}

async function collect(events: AsyncIterable<KnownEvent>): Promise<readonly KnownEvent[]> {
  const all: KnownEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
