import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "ctrf";
import { parse } from "junit2json";
import { expect, test } from "vitest";
import { git, temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground } from "./cli-playground.ts";

const timeout = 60_000;
const failing = `import test from "node:test";
test("adds", () => {});
test("hostile \\u001b[31m <name>", () => { throw new Error("no"); });
`;
const scripts = { test: "node --test", lint: "node lint.mjs", build: "node build.mjs" };
const files = {
  "package.json": JSON.stringify({ name: "small", type: "module", scripts }),
  "small.test.js": failing,
  "lint.mjs": 'console.log("src/a.ts(3,5): error TS2322: no");\nprocess.exitCode = 1;\n',
  "build.mjs": "",
};

test("the stack of a folder is told with its evidence and commands, and nothing is started", { timeout }, async () => {
  const { call } = createCliPlayground(files);
  const text = await call("adapters", "detect");
  expect(text).toMatchObject({ exit: 0, stdout: expect.stringMatching(/package\.json[\s\S]*test +npm/) });
  const { exit, stdout } = await call("adapters", "detect", "--format", "json");
  expect([exit, JSON.parse(stdout).projects[0]]).toMatchObject([0, { adapter: "javascript", root: "." }]);
  expect(await call("adapters", "detect", temporaryFolder())).toMatchObject({
    exit: 1,
    stdout: expect.stringContaining("no adapter"),
  });
  expect(JSON.parse((await call("adapters", "list", "--format", "json")).stdout).adapters.length).toBeGreaterThan(1);
});

test("tests that fail give exit code 1 in every format, with the failing case and what bounded it", {
  timeout,
}, async () => {
  const { call } = createCliPlayground(files);
  const { exit, stdout } = await call("adapters", "run", "test");
  expect(exit).toBe(1);
  expect(stdout).toContain("hostile <name> failed");
  expect(stdout).toMatch(/bubblewrap|process-group/);
  const junit = await call("adapters", "run", "test", "--format", "junit");
  expect([junit.exit, await parse(junit.stdout)]).toMatchObject([1, { tests: 2, failures: 1 }]);
  const ctrf = await call("adapters", "run", "test", "--format", "ctrf");
  expect([ctrf.exit, validate(JSON.parse(ctrf.stdout)).valid]).toEqual([1, true]);
});

test("what a linter found becomes SARIF, and a build that passed is one case that passed", { timeout }, async () => {
  const { repository, call } = createCliPlayground(files);
  const sarif = await call("adapters", "run", "lint", "--format", "sarif");
  expect(sarif.exit).toBe(1);
  expect(JSON.parse(sarif.stdout).runs[0].results).toMatchObject([
    {
      ruleId: "TS2322",
      locations: [{ physicalLocation: { artifactLocation: { uri: "src/a.ts" }, region: { startLine: 3 } } }],
    },
  ]);
  writeFileSync(join(repository, "lint.mjs"), "process.exitCode = 3;\n");
  const silent = await call("adapters", "run", "lint", "--format", "sarif");
  expect([silent.exit, JSON.parse(silent.stdout).runs[0].results[0].ruleId]).toEqual([1, "lint/failed"]);
  mkdirSync(join(repository, "web"));
  writeFileSync(join(repository, "web", "package.json"), "{");
  const build = await call("adapters", "run", "build", "--format", "junit");
  expect(build.stderr).toContain("javascript in web: package.json");
  expect([build.exit, await parse(build.stdout)]).toMatchObject([0, { tests: 1, failures: 0, errors: 0 }]);
});

test("what cannot be run is no pass: an unknown goal, a goal without a command, a folder without a project", {
  timeout,
}, async () => {
  const { call } = createCliPlayground(files);
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["adapters", "run", "deploy"], "the goals are install, "],
    [["adapters", "run", "format"], "no format command"],
    [["adapters", "run", "test", temporaryFolder()], "no adapter knows a project"],
    [["adapters", "run", "test", "--adapter", "go"], "the adapter go knows no project"],
  ];
  for (const [argv, words] of cases)
    expect(await call(...argv), argv.join(" ")).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringContaining(words),
    });
  expect(await call("adapters", "run", "install")).toMatchObject({ exit: 0, stdout: "" });
});

test("each project below the root is run where it lies, a configured one by its own command", { timeout }, async () => {
  const { call } = createCliPlayground({
    "a/package.json": JSON.stringify({ name: "a", type: "module", scripts }),
    "a/small.test.js": 'import test from "node:test";\ntest("adds", () => {});\n',
    "b/run.sh": 'printf "TAP version 13\\n1..1\\nnot ok 1 - subtracts\\n" > "$1"\nexit 1\n',
    "orchestrator.config.yaml":
      'version: 1\nadapters:\n  - kind: command\n    root: b\n    commands:\n      test: { argv: [sh, run.sh, "{report}"], report: { format: tap } }\n',
  });
  const detected = JSON.parse((await call("adapters", "detect", "--format", "json")).stdout);
  expect(detected.projects).toMatchObject([
    { adapter: "command", root: "b" },
    { adapter: "javascript", root: "a" },
  ]);
  const { exit, stdout } = await call("adapters", "run", "test", "--format", "json");
  expect(exit).toBe(1);
  expect(JSON.parse(stdout).runs).toMatchObject([
    { root: "b", verdict: "failed", cases: [{ name: "subtracts", outcome: "failed" }] },
    { root: "a", verdict: "passed", cases: [{ name: "adds", outcome: "passed" }] },
  ]);
});

test("a project that writes no report never passes by the one that another project left", { timeout }, async () => {
  const commands = (root: string, argv: string) =>
    `  - kind: command\n    root: ${root}\n    commands:\n      test: { argv: ${argv}, report: { format: tap } }\n`;
  const { call } = createCliPlayground({
    "a/run.sh": 'printf "TAP version 13\\n1..1\\nok 1 - adds\\n" > "$1"\n',
    "b/run.sh": "exit 0\n",
    "orchestrator.config.yaml": `version: 1\nadapters:\n${commands("a", '[sh, run.sh, "{report}"]')}${commands("b", '[sh, run.sh, "{report}"]')}`,
  });
  const { exit, stdout } = await call("adapters", "run", "test", "--format", "json");
  expect(exit).toBe(1);
  expect(JSON.parse(stdout).runs).toMatchObject([
    { root: "a", verdict: "passed" },
    { root: "b", verdict: "failed", cases: [] },
  ]);
});

test("two commits are compared by their tests: a test that is gone is worse, one that failed before is not", {
  timeout,
}, async () => {
  const { repository, call } = createCliPlayground(files);
  const commit = (text: string) => {
    writeFileSync(join(repository, "small.test.js"), text);
    git(repository, "commit", "-qam", "change");
  };
  commit(failing.replace('test("adds", () => {});', ""));
  const worse = await call("adapters", "compare", "--base", "HEAD~1");
  expect(worse).toMatchObject({ exit: 1, stdout: expect.stringMatching(/gone +adds .*passed → not there/) });
  expect(worse.stdout).toMatch(/failed, still fails +1/);
  expect(await call("adapters", "compare")).toMatchObject({ exit: 2, stderr: expect.stringContaining("--base") });
});
