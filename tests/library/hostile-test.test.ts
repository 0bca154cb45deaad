import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";
import { samplePackage } from "../support/sample-package.ts";

/** Passes, and leaves a pipe where its report was, and a folder that no path reaches. */
const hostileTest = `
const { execFileSync } = require("node:child_process");
const { mkdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");
require("node:test").test("passes", () => {
  const report = join(process.env.HOME, "../reports/node-test.junit.xml");
  rmSync(report);
  execFileSync("mkfifo", [report]);
  process.chdir("src");
  for (let i = 0; i < 60; i++) {
    const name = "d".repeat(120);
    mkdirSync(name);
    process.chdir(name);
  }
});
`;

test("a test that leaves a pipe as its report, and folders too deep for a path, fails the test gate and stops no run", async () => {
  const playground = createPlayground({ ...samplePackage, "test/sample.test.js": hostileTest });
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal, { budget: { builder_attempts: 1, planner_attempts: 1 } });
  const manifest = await run.finished();
  expect(manifest.status).toBe("blocked");
  const verdict = manifest.gates.find((gate) => gate.step_id === "tester.1" && gate.verdict.gate === "test")?.verdict;
  expect(JSON.stringify(verdict)).toContain("the report cannot be used: it is not a regular file");
  await run.cancel();
});

test("a run that was stopped goes on though a command left a pipe for the lock file and a folder for package.json", async () => {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const stop = new AbortController();
  const run = await orchestrator.run(recipeGoal, { signal: stop.signal });
  for await (const { event, payload } of run.events) {
    if (event === "step_started" && payload.role === "tester") stop.abort();
  }
  await expect(run.finished()).rejects.toMatchObject({ code: "aborted" });
  const tree = join(playground.cacheDir, "runs", run.key.runId, "clone", "tree");
  for (const name of ["package.json", "package-lock.json"]) rmSync(join(tree, name));
  execFileSync("mkfifo", [join(tree, "package-lock.json")]);
  mkdirSync(join(tree, "package.json"));
  const manifest = await (await orchestrator.resume(run.key.runId)).finished();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/paths.js"]);
});
