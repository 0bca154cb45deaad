import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  buildPasses,
  createCommandSolver,
  Dataset,
  filesContain,
  filesMatch,
  idempotence,
  knownGoodSolver,
  noOpSolver,
  openMachine,
  runEvaluation,
  scopeKept,
  testsPass,
} from "../../evaluation/index.ts";
import type { SampleResult } from "../../evaluation/schema/evaluation-log.ts";
import type { Scorer } from "../../evaluation/scorer.ts";
import { outcomeRead } from "../../evaluation/scorers/outcome-read.ts";
import type { Solver } from "../../evaluation/solver.ts";
import { replaceText } from "../../evaluation/solvers/known-good-solver.ts";
import { processesWith } from "../support/processes-with.ts";

const folder = mkdtempSync(join(tmpdir(), "scorer-mutations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const machine = await openMachine(process.env);
const { writes_confined: isConfined } = (await machine.sandbox()).enforcement(false);

const head = 'import assert from "node:assert";\nimport test from "node:test";\n';
const tests = `${head}import { add } from "../src/add.js";\ntest("adds", () => assert.equal(add(1, 2), 3));\ntest("is there", () => assert.ok(add));\n`;
const fixed = "export const add = (a, b) => a + b;\n";
const sample = {
  id: "one",
  fixture: {
    files: {
      "package.json":
        '{ "type": "module", "scripts": { "test": "node --test", "build": "node --check src/add.js" } }\n',
      "src/add.js": "export const add = (a, b) => a - b;\n",
      "test/add.test.js": tests,
    },
  },
  scope: { include: ["src/**"] },
  target: {
    files: { "src/add.js": fixed },
    contains: [{ path: "src/add.js", text: "a + b" }],
    ...{ fail_to_pass: ["adds"], pass_to_pass: ["is there"], reads: { verdict: "passed", counts: { passed: 2 } } },
  },
};

/** Leaves the files of a map as they are there, after the known-good change. */
function leaving(files: Readonly<Record<string, string | null>>, isFixed = true): Solver {
  return {
    ...{ id: "leaving", fingerprint: 1, isDeterministic: false },
    solve: async (attempt) => {
      if (isFixed) await knownGoodSolver.solve(attempt);
      for (const [path, text] of Object.entries(files)) await replaceText(attempt.root, path, text);
      return { note: "" };
    },
  };
}

async function resultOf(scorers: readonly Scorer[], solver: Solver, timeLimitMs = 60_000): Promise<SampleResult> {
  const dataset = Dataset.parse({ schema_version: 1, id: "one", samples: [sample] });
  const { results } = await runEvaluation({
    ...{ dataset, solver, scorers, machine, timeLimitMs, retriesMax: 0 },
    ...{ folder: mkdtempSync(join(folder, "log-")), signal: new AbortController().signal },
  });
  const [result] = results;
  if (result === undefined) throw new Error("no result");
  return result;
}

async function scoreOf(scorer: Scorer, solver: Solver, timeLimitMs?: number): Promise<number | undefined> {
  const result = await resultOf([scorer], solver, timeLimitMs);
  if (result.status !== "scored") throw new Error(JSON.stringify(result));
  return result.scores[scorer.id]?.value;
}

const again = (files: Readonly<Record<string, string>>): Solver => ({
  ...leaving({}),
  solve: async ({ root }) => {
    for (const [path, text] of Object.entries(files))
      await replaceText(root, path, `${text}${existsSync(join(root, path)) ? Math.random() : ""}`);
    return { note: "" };
  },
});

test.each<[Scorer, Solver]>([
  [filesMatch, noOpSolver],
  [filesMatch, leaving({ "src/other.js": "" })],
  [filesContain, noOpSolver],
  [filesContain, leaving({ "src/add.js": null })],
  [scopeKept, leaving({ "test/add.test.js": null })],
  [scopeKept, leaving({ "package.json": "{}\n" })],
  [buildPasses, leaving({ "src/add.js": "export const = ;\n" })],
  [idempotence, again({ "src/add.js": fixed })],
  [testsPass, noOpSolver],
  [outcomeRead, noOpSolver],
  [outcomeRead, leaving({ "test/more.test.js": `${head}test("more", () => {});\n` })],
  [outcomeRead, leaving({ "test/add.test.js": null })],
])("$id is 1 for the known-good change and 0 for one that is none", async (scorer, bad) => {
  expect(await scoreOf(scorer, knownGoodSolver)).toBe(1);
  expect(await scoreOf(scorer, bad)).toBe(0);
});

const onlySkipped = tests.replaceAll('test("', 'test.skip("');
test.each<[string, Readonly<Record<string, string | null>>]>([
  ["all tests are skipped", { "test/add.test.js": onlySkipped }],
  ["the tests are still to do", { "test/add.test.js": tests.replaceAll('", ()', '", { todo: true }, ()') }],
  ["there are no tests in the file", { "test/add.test.js": head }],
  ["the tests are deleted", { "test/add.test.js": null }],
  ["the package is deleted", { "package.json": null }],
  [
    "the command of the tests always ends well",
    { "package.json": '{ "type": "module", "scripts": { "test": "exit 0" } }\n' },
  ],
  [
    "the tests print what a runner would",
    { "package.json": `{ "scripts": { "test": "echo '# pass 2'; echo ok 1 - adds" } }\n` },
  ],
  ["the code leaves before the tests run", { "src/add.js": `${fixed}process.exit(0);\n` }],
])("tests do not pass where %s", async (_, files) => {
  expect(await scoreOf(testsPass, leaving(files))).toBe(0);
});

/** What a process is found by that must not stay. */
const markOf = (name: string) => `scorer-mutations-${process.pid}-${name}`;

test("a test that never ends and does not heed SIGTERM is 0, in time, and leaves no process", async () => {
  const mark = markOf("loop");
  // The name of the file is in the command line of the process that runs it.
  const loop = { [`test/${mark}.test.js`]: 'process.on("SIGTERM", () => {});\nfor (;;);\n' };
  const started = performance.now();
  expect(await scoreOf(testsPass, leaving(loop), 3_000)).toBe(0);
  expect(performance.now() - started).toBeGreaterThan(3_000);
  expect(performance.now() - started).toBeLessThan(20_000);
  await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toBe(0);
});

test("a program that prints a gibibyte is ended or kept short, and the memory stays flat", async () => {
  const print =
    'const fs = require("fs"); const part = Buffer.alloc(1 << 20, "x"); for (let n = 0; n < 1024; n += 1) fs.writeSync(1, part);';
  const solver = createCommandSolver({ id: "prints", version: "1", argv: [process.execPath, "-e", print] });
  const before = process.memoryUsage().rss;
  const result = await resultOf([filesMatch], solver, 20_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
  expect(result).toMatchObject({ passed: false, note: "exit code 0" });
  expect(JSON.stringify(result).length).toBeLessThan(65_536);
}, 60_000);

test("of a test that starts many processes, each of which ignores SIGTERM, none is left", async () => {
  const mark = markOf("many");
  const child = `trap '' TERM; : ${mark}; while :; do sleep 1; done`;
  const many = `import { spawn } from "node:child_process";\nimport test from "node:test";\ntest("adds", () => {\n  for (let n = 0; n < 40; n += 1) spawn("sh", ["-c", ${JSON.stringify(child)}], { detached: n % 2 === 0, stdio: "ignore" });\n  return new Promise(() => setInterval(() => {}, 1000));\n});\n`;
  expect(await scoreOf(testsPass, leaving({ "test/add.test.js": many }), 4_000)).toBe(0);
  await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toBe(0);
});

test.skip("a fork bomb: the sandbox sets no limit of processes, so that one would end the machine; the test before is bounded by itself", () => {});

test.skipIf(!isConfined)(
  isConfined
    ? "a test that writes outside of its copy writes nothing"
    : "writes outside: this machine has no sandbox that confines them",
  async () => {
    const outside = join(folder, "outside.txt");
    const writing = `import { writeFileSync } from "node:fs";\n${tests}test("writes", () => writeFileSync(${JSON.stringify(outside)}, "was here"));\n`;
    const value = await scoreOf(testsPass, leaving({ "test/add.test.js": writing }));
    expect(existsSync(outside)).toBe(false);
    expect(value).toBe(1);
    writeFileSync(outside, "the path itself can be written");
  },
);
