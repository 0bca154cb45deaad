import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shippedEvaluations } from "../../evaluation/index.ts";
import { createCliPlayground } from "../cli/cli-playground.ts";

const solve = `async ({ sample, root, seed }) => {
  if (sample.tags.includes("broken")) throw Object.assign(new Error("no such model"), { name: "OrchestratorError", code: "model_unknown", retryable: false });
  if (!sample.tags.includes("hard")) await (await import("node:fs/promises")).writeFile(root + "/a.txt", "after");
  return { note: "<b>|done" };
}`;
const files = {
  "own.eval.mjs": `const sample = (id, tags) => ({ id, tags, fixture: { files: { "a.txt": "before" } }, target: { files: { "a.txt": "after" } } });
export default {
  dataset: { schema_version: 1, id: "own", samples: [sample("easy/1", []), sample("easy/2", []), sample("hard/1", ["hard"]), sample("broken/1", ["broken"])] },
  solver: { id: "own", fingerprint: 1, isDeterministic: true, solve: ${solve} },
  scorers: [{ id: "text", version: "1", kind: "verdict", score: async ({ after }) => ({ value: (await after("a.txt")) === "after" ? 1 : 0, reason: "by <i>|text" }) }],
};\n`,
};

test("the exit code says: all passed, some did not, could not tell, the infrastructure failed", async () => {
  const { call } = createCliPlayground(files);
  const run = (...argv: string[]) => call("eval", "run", "own.eval.mjs", "--format", "json", ...argv);
  expect((await run("--filter", "easy/**")).exit).toBe(0);
  expect((await run("--filter", "easy/**,hard")).exit).toBe(1);
  expect((await run("--filter", "easy/**,broken")).exit).toBe(4);
  expect((await run("--filter", "hard,broken")).exit).toBe(1);
  expect((await run("--filter", "easy/**", "--epochs", "2", "--budget", "tries=1", "--concurrency", "1")).exit).toBe(2);
  const whole = await run();
  expect(whole.exit).toBe(1);
  const not_passed = [
    { sample: "hard/1", epoch: 1, status: "scored" },
    { sample: "broken/1", epoch: 1, status: "infrastructure_failed" },
  ];
  expect(JSON.parse(whole.stdout)).toMatchObject({ evaluations: [{ summary: { passed: 2, tries: 4 }, not_passed }] });
  const { exit, stdout } = await call("runs", "list", "--format", "json");
  expect({ exit, holdsRecords: stdout.includes("evaluations") }).toEqual({ exit: 0, holdsRecords: false });
});

test("a record that is complete is kept, and the next one begins beside it; one that is not is gone on with", async () => {
  const { call, repository } = createCliPlayground(files);
  const run = (...argv: string[]) => call("eval", "run", "own.eval.mjs", "--filter", "easy/**", ...argv);
  const records = () => readdirSync(join(repository, ".runs/.evaluations")).filter((name) => name !== ".gitignore");
  expect((await run("--budget", "tries=1", "--concurrency", "1")).exit).toBe(2);
  expect((await run()).exit).toBe(0);
  expect(records()).toHaveLength(1);
  expect((await run()).exit).toBe(0);
  expect(records().map((name) => name.slice(-2))).toEqual(["-1", "-2"]);
});

test("a comparison answers by its exit code, and a report makes no markup of what the log holds", async () => {
  const { call, repository } = createCliPlayground(files);
  const run = (...argv: string[]) => call("eval", "run", "own.eval.mjs", "--filter", "easy/**,hard", ...argv);
  await run("--out", "base");
  expect((await run("--out", "none", "--solver", "no-op")).exit).toBe(1);
  const compare = (...argv: string[]) => call("eval", "compare", "base", "none/log.json", ...argv);
  expect((await compare()).exit).toBe(0);
  expect((await compare("--fail-on-regression")).exit).toBe(0);
  const any = await compare("--fail-on-regression", "--fail-on", "any");
  expect(any).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining("fewer than 6 samples that differ cannot show more"),
  });
  expect((await compare("--fail-on-regression", "--never-worse", "easy/1")).exit).toBe(1);
  expect((await compare("--alpha", "2")).exit).toBe(2);
  const judged = await run("--out", "again", "--baseline", "base", "--fail-on-regression");
  expect(judged).toMatchObject({ exit: 0, stdout: expect.stringContaining("no sample passed more or less often") });
  const report = await call("eval", "report", "none", "--baseline", "base", "--report", "markdown=-");
  expect(report.stdout).toContain("| <code>easy/1</code> | <code>worse</code> |");
  expect(report.stdout).toContain("<code>text&#58; by &#60;i&#62;&#124;text</code>");
  writeFileSync(join(repository, "bad.json"), "{");
  expect((await call("eval", "report", "bad.json")).exit).toBe(2);
  expect((await call("eval", "report", "base", "--report", "nope=x")).stderr).toContain('there is no report "nope"');
});

test("options that do not go together are refused before anything is tried", async () => {
  const { call, repository } = createCliPlayground(files);
  const refusals: Record<string, readonly string[]> = {
    "needs --baseline": ["--fail-on-regression"],
    "exclude each other": ["--record", "a", "--replay", "b"],
    "limit=number": ["--budget", "tokens"],
    "--seed is a number": ["--seed", "x"],
    "no use for --model": ["--model", "recipe"],
    "cannot be used": ["--solver", "command"],
    "needs the name of a change": ["--solver", "known-bad"],
    "a record of its own": ["--solver", "workflow", "--model", "replay:x", "--record", "y"],
    "one answer": ["--format", "json", "--report", "text=-"],
    "has no sample": ["--filter", "nope"],
  };
  for (const [message, argv] of Object.entries(refusals)) {
    const { exit, stderr } = await call("eval", "run", "own.eval.mjs", ...argv);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining(message) });
  }
  expect(readdirSync(repository)).not.toContain(".runs");
});

test("the help names every evaluation of this package", async () => {
  const { call } = createCliPlayground();
  const { stdout } = await call("eval", "run", "--help");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(`(${Object.keys(shippedEvaluations()).join(", ")})`);
});
