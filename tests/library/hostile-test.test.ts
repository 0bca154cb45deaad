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
