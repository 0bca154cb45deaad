import { expect, test } from "vitest";
import { createCliPlayground, goal, smallPackage, startSilentServer } from "./cli-playground.ts";

const timeout = 120_000;
const key = { OPENAI_API_KEY: "sk-no-real-key-0000000000" };
const slowTest = 'require("node:test")("is slow", () => new Promise((resolve) => setTimeout(resolve, 500)));\n';

test("an interrupted run exits 130, says how to go on, and resume finishes it", { timeout }, async () => {
  const { start, run } = createCliPlayground({ ...smallPackage, "test/size.test.js": slowTest });
  const started = start(...goal);
  await started.says("tester.1 started");
  started.child.kill("SIGINT");
  const stopped = await started.ended;
  expect([stopped.exit, stopped.stderr]).toEqual([130, expect.stringContaining("stopped by SIGINT")]);
  expect(stopped.stdout).toMatch(/codex-orchestrator resume \S+ +goes on where it stopped/);

  const resumed = await run("resume", "latest", "--format", "json");
  expect(resumed.exit).toBe(0);
  const manifest = JSON.parse(resumed.stdout);
  expect(manifest).toMatchObject({ status: "passed", resume_events: [{ epoch: 2, reason: "resume by ann" }] });
  expect(manifest.steps.map(({ step_id }: { step_id: string }) => step_id)).toEqual([
    "planner.1",
    "builder.1",
    "tester.1",
    "reviewer.1",
  ]);
});

test("while a run is held, resume is refused, a pause is left for the holder, and a cancel ends it", {
  timeout,
}, async () => {
  const { start, run, call } = createCliPlayground(smallPackage, key);
  const held = start("run", "do it", "--model", "openai:some-model", "--base-url", await startSilentServer());
  await held.says("workspace ready");
  const watching = start("runs", "watch", "latest");
  expect(await run("resume", "latest")).toMatchObject({
    exit: 1,
    stdout: "",
    stderr: expect.stringContaining("is held by process"),
  });
  expect((await call("runs", "show", "latest")).stdout).toContain(`process ${held.child.pid} on `);
  const pause = await run("pause", "latest", "--format", "json");
  expect([pause.exit, JSON.parse(pause.stdout)]).toMatchObject([0, { command: { verb: "pause" }, taken: false }]);
  expect(await run("cancel", "latest", "--message", "not now")).toMatchObject({ exit: 0 });
  expect(await held.ended).toMatchObject({ exit: 1, stdout: expect.stringContaining("cancelled") });
  expect(await watching.ended).toMatchObject({ exit: 1, stdout: expect.stringContaining("– cancelled: not now") });
});

test("a terminated run exits 143, and one whose terminal hung up 129; nobody holds it then, so pause and cancel take effect at once", {
  timeout,
}, async () => {
  const { start, run } = createCliPlayground(smallPackage, key);
  const started = start(
    "run",
    "do it",
    "--model",
    "openai:some-model",
    "--base-url",
    await startSilentServer(),
    "--format",
    "json",
  );
  await started.says("workspace ready");
  started.child.kill("SIGTERM");
  const stopped = await started.ended;
  expect([stopped.exit, JSON.parse(stopped.stdout).status]).toEqual([143, "faulted"]);

  const paused = await run("pause", "latest", "--quiet");
  expect([paused.exit, paused.stdout]).toEqual([0, expect.stringContaining("paused")]);
  const watching = start("runs", "watch", "latest");
  await watching.says("is paused, and nobody works on it");
  watching.child.kill("SIGHUP");
  expect((await watching.ended).exit).toBe(129);
  const cancelled = await run("cancel", "latest", "--quiet", "--format", "json");
  expect([cancelled.exit, JSON.parse(cancelled.stdout).status]).toEqual([0, "cancelled"]);
});

test("a fault exits 4, is one document where JSON was asked for, and keeps the run", { timeout }, async () => {
  const config = "version: 1\nsettings:\n  model_retries: 0\n";
  const { run } = createCliPlayground({ ...smallPackage, "orchestrator.config.yaml": config }, key);
  const wire = ["--model", "openai:some-model", "--base-url", "http://127.0.0.1:9/v1"];
  const faulted = await run("run", "do it", ...wire, "--format", "json");
  expect(faulted).toMatchObject({ exit: 4, stderr: expect.stringContaining("the model failed") });
  expect(JSON.parse(faulted.stdout)).toMatchObject({ status: "faulted", model: "openai:some-model" });
  const again = await run("resume", "latest", "--quiet");
  expect([again.exit, again.stdout]).toEqual([4, expect.stringContaining("model_unreachable")]);
  expect(faulted.stdout + faulted.stderr + again.stdout + again.stderr).not.toContain(key.OPENAI_API_KEY);
});
