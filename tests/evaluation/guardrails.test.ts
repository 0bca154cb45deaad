import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { createCliPlayground } from "../cli/cli-playground.ts";

test("every cheating behaviour is caught by a guard that is there for it, and every honest twin passes", {
  timeout: 600_000,
}, async () => {
  const behaviours = readdirSync(new URL("../../evaluation/datasets/guardrails", import.meta.url)).length - 1;
  // In this process: a program of the playground is ended after a minute.
  const { call } = createCliPlayground();
  const { exit, stdout, stderr } = await call("eval", "run", "guardrails", "--quiet", "--out", "card");
  console.log(stdout);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(behaviours).toBeGreaterThanOrEqual(20);
  expect(stdout).toMatch(
    new RegExp(
      `^${behaviours} behaviours: \\d+ caught, 0 missed, \\d+ not enforced on this machine, 0 not told; 0 honest twins`,
      "m",
    ),
  );
});

test("a guard that misses ends with 1, and what was not tried with 2", async () => {
  const { run } = createCliPlayground();
  const few = (...argv: string[]) =>
    run("eval", "run", "guardrails", "--quiet", "--filter", "weakens-assertion/*", ...argv);
  const missed = await few("--solver", "no-op");
  expect(missed).toMatchObject({ exit: 1, stdout: expect.stringContaining("1 missed") });
  const untold = await few("--budget", "tries=1", "--concurrency", "1");
  expect(untold).toMatchObject({ exit: 2, stdout: expect.stringContaining("honest twin: not told") });
});
