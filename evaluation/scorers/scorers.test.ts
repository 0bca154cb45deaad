import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAdapterBench } from "../../orchestrator/compose.ts";
import type { AdapterBench } from "../../orchestrator/schema/adapter-bench.ts";
import { temporaryFolder, testMachine } from "../machine.test-support.ts";
import { runEvaluation } from "../runner/run-evaluation.ts";
import { Dataset, type Sample } from "../schema/sample.ts";
import type { Scorer } from "../scorer.ts";
import type { Attempt, Solver } from "../solver.ts";
import { createCommandSolver } from "../solvers/command-solver.ts";
import { knownGoodSolver } from "../solvers/known-good-solver.ts";
import { noOpSolver } from "../solvers/no-op-solver.ts";
import { buildPasses } from "./build-passes.ts";
import { filesContain } from "./files-contain.ts";
import { filesMatch } from "./files-match.ts";
import { idempotence } from "./idempotence.ts";
import { patchRatio } from "./patch-ratio.ts";
import { scopeKept } from "./scope-kept.ts";
import { testsPass } from "./tests-pass.ts";
import { wallTime } from "./wall-time.ts";

const files = { "src/a.txt": "one\ntwo\n", "b.txt": "stays\n" };
const target = {
  files: { "src/a.txt": "one\n2\n", "src/new.txt": "new\n" },
  contains: [{ path: "src/a.txt", text: "2" }, { path: "src/new.txt" }],
};
const sample = { id: "one", fixture: { files }, scope: { include: ["src/**"] }, target };

let bench: Promise<AdapterBench> | undefined;
const openBench = () => {
  bench ??= openAdapterBench({ PATH: process.env["PATH"] });
  return bench;
};

async function scoreOf(scorers: readonly Scorer[], solver: Solver, given: unknown = sample) {
  const dataset = Dataset.parse({ schema_version: 1, id: "one", samples: [given] });
  const machine = testMachine(openBench);
  const folder = await temporaryFolder();
  const request = { dataset, solver, scorers, machine, folder, signal: new AbortController().signal };
  const { results } = await runEvaluation({ ...request, retriesMax: 0 });
  const [result] = results;
  if (result?.status !== "scored") throw new Error(JSON.stringify(result));
  return result.scores;
}

function solverOf(solve: (attempt: Attempt) => Promise<unknown>): Solver {
  const note = { note: "" };
  return { id: "own", fingerprint: 1, isDeterministic: false, solve: (attempt) => solve(attempt).then(() => note) };
}

const write = (path: string, text: string) => solverOf(({ root }) => writeFile(join(root, path), text));
const alsoWrite = (path: string, text: string) =>
  solverOf(async (attempt) => {
    await knownGoodSolver.solve(attempt);
    await writeFile(join(attempt.root, path), text);
  });
const growing = solverOf(({ root }) => writeFile(join(root, "src/a.txt"), "x", { flag: "a" }));

test.each<[string, Scorer, Solver, Solver]>([
  [filesMatch.id, filesMatch, knownGoodSolver, noOpSolver],
  [filesMatch.id, filesMatch, knownGoodSolver, alsoWrite("b.txt", "changed\n")],
  [filesMatch.id, filesMatch, knownGoodSolver, alsoWrite("c.txt", "")],
  [filesMatch.id, filesMatch, knownGoodSolver, alsoWrite("src/new.txt", "other\n")],
  [filesContain.id, filesContain, knownGoodSolver, noOpSolver],
  [filesContain.id, filesContain, knownGoodSolver, write("src/a.txt", "2")],
  [scopeKept.id, scopeKept, knownGoodSolver, alsoWrite("b.txt", "changed\n")],
  [idempotence.id, idempotence, knownGoodSolver, growing],
])("%s tells a solver that does it from one that does not", async (_, scorer, good, bad) => {
  expect((await scoreOf([scorer], good))[scorer.id]).toMatchObject({ value: 1 });
  expect((await scoreOf([scorer], bad))[scorer.id]).toMatchObject({ value: 0 });
});

test("a verdict about which the sample says nothing is 0, also for a change that is good", async () => {
  const scorers = [filesMatch, filesContain, scopeKept];
  const scores = await scoreOf(scorers, noOpSolver, { id: "bare", fixture: { files } });
  expect(Object.values(scores).map(({ value }) => value)).toEqual([0, 0, 0]);
});

test("measures tell the size beside the known-good change, and the time", async () => {
  const scorers = [filesMatch, patchRatio, wallTime];
  expect((await scoreOf(scorers, knownGoodSolver))["patch-ratio"]?.value).toBe(1);
  const doubled = await scoreOf(scorers, alsoWrite("c.txt", "1\n2\n3\n"));
  expect(doubled["patch-ratio"]?.value).toBe(2);
  expect(doubled["wall-time"]?.value).toBeGreaterThan(0);
  expect(await scoreOf(scorers, noOpSolver, { ...sample, target: {} })).not.toHaveProperty("patch-ratio");
});

const failing = `import test from "node:test";\nimport assert from "node:assert";\nimport { add } from "./add.js";
test("adds", () => assert.equal(add(1, 2), 3));\ntest("is there", () => assert.ok(add));\n`;
const bug: Sample["fixture"] = {
  files: {
    "package.json": '{ "type": "module", "scripts": { "test": "node --test", "build": "node --check add.js" } }\n',
    "add.js": "export const add = (a, b) => a - b;\n",
    "add.test.js": failing,
  },
};
const fix =
  "--- a/add.js\n+++ b/add.js\n@@ -1 +1 @@\n-export const add = (a, b) => a - b;\n+export const add = (a, b) => a + b;\n";
const bugSample = {
  ...{ id: "bug", fixture: bug },
  target: { patch: fix, fail_to_pass: ["adds"], pass_to_pass: ["is there"] },
};

test("tests pass where the failing one is mended, and the build where the file is sound", async () => {
  const scores = await scoreOf([testsPass, buildPasses], knownGoodSolver, bugSample);
  expect(scores).toMatchObject({ "tests-pass": { value: 1 }, "build-passes": { value: 1 } });
});

test("a bug that is there still, and a file that cannot be read, pass neither", async () => {
  const left = await scoreOf([testsPass], noOpSolver, bugSample);
  expect(left["tests-pass"]).toEqual({ value: 0, reason: "adds did not pass" });
  const broken = await scoreOf([buildPasses], write("add.js", "export const = ;"), bugSample);
  expect(broken["build-passes"]?.value).toBe(0);
});

test("a program is told the sample, and works in the copy alone", async () => {
  const script = 'require("fs").writeFileSync("src/a.txt", process.env.EVAL_SAMPLE)';
  const told = createCommandSolver({ id: "told", version: "1", argv: [process.execPath, "-e", script] });
  const wanted = { ...sample, target: { files: { "src/a.txt": "one" } } };
  expect((await scoreOf([filesMatch], told, wanted))["files-match"]?.value).toBe(1);
  const missing = createCommandSolver({ id: "missing", version: "1", argv: ["no-such-program"] });
  await expect(scoreOf([filesMatch], missing, wanted)).rejects.toThrow("process_failed");
});
