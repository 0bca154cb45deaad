import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { fingerprint, git } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground } from "./cli-playground.ts";

const files = {
  "src/a.js": "const fs = require('fs');\r\nmodule.exports = fs;\r\n",
  "src/b.ts": "import { join } from 'path';\nimport 'os';\nexport { join };\n",
  "src/c.mjs": "import 'fs'\nimport '\\x66s'",
  "src/d.cjs": "require('\\x66s'); // 'fs'\n",
  "check.cjs": "process.exit(require('node:fs').readFileSync('src/b.ts', 'utf8').includes('node:os') ? 3 : 0);\n",
};
const leftOut = (path: string) => [".git", ".patterns"].includes(path);

test("a dry run prints a patch for git and nothing else on stdout, and writes nothing", async () => {
  const { repository, call } = createCliPlayground(files);
  const before = fingerprint(repository);
  const { exit, stdout, stderr } = await call("patterns", "apply", "node-protocol", "src", "--dry-run");
  expect(exit).toBe(0);
  expect(stderr).toMatch(/dry run, nothing was written: 4 edits in 3 files/);
  expect(stderr).toMatch(/files per second/);
  expect(stderr).toMatch(/src\/d\.cjs .*escape/);
  expect(fingerprint(repository)).toEqual(before);
  writeFileSync(join(repository, "../x.patch"), stdout);
  git(repository, "apply", "../x.patch");
  const patched = fingerprint(repository, leftOut);
  git(repository, "checkout", "-q", ".");
  expect((await call("patterns", "apply", "node-protocol", "src", "--format", "patch")).stdout).toBe(stdout);
  expect(fingerprint(repository, leftOut)).toEqual(patched);
});

test("apply, a second apply, undo from a folder inside, and a second undo, as documents", async () => {
  const { repository, call } = createCliPlayground(files);
  const before = fingerprint(repository, leftOut);
  const apply = () => call("patterns", "apply", "node-protocol", "structured-event-emit", ".", "--format", "json");
  const first = await apply();
  expect(first.exit).toBe(0);
  const report = JSON.parse(first.stdout);
  expect(report).toMatchObject({
    outcome: "applied",
    files: 5,
    patterns: [{ id: "node-protocol" }, { id: "structured-event-emit" }],
  });
  expect(report.changed[1]).toMatchObject({ path: "src/b.ts", edits: [{ line: 1 }, { line: 2 }] });
  expect(git(repository, "status", "--porcelain")).not.toMatch(/patterns/);
  expect(JSON.parse((await apply()).stdout)).toMatchObject({ outcome: "unchanged", journal: null });
  const undone = await call("patterns", "undo", report.journal.slice(0, 20), "--repo", "src");
  expect([undone.exit, undone.stdout]).toEqual([0, expect.stringMatching(/^undone: 3 files put back/)]);
  expect(fingerprint(repository, leftOut)).toEqual(before);
  expect((await call("patterns", "undo", report.journal)).stdout).toMatch(/undone already/);
});

test("a check that fails puts everything back, prints what it said, and the answer is no", async () => {
  const { repository, call } = createCliPlayground(files);
  const before = fingerprint(repository, leftOut);
  const failed = await call("patterns", "apply", "node-protocol", "src", "--check", `${process.execPath} check.cjs`);
  expect(failed.exit).toBe(1);
  expect(failed.stdout).toMatch(/the check failed, every file is as before[\s\S]*check\.cjs: exit code 3/);
  expect(fingerprint(repository, leftOut)).toEqual(before);
  const passed = await call("patterns", "apply", "node-protocol", "src", "--check", `${process.execPath} --version`);
  expect(passed.exit).toBe(0);
  writeFileSync(join(repository, "src/a.js"), "edited\n");
  const refused = await call("patterns", "undo", "latest");
  expect([refused.exit, refused.stdout]).toEqual([1, expect.stringMatching(/nothing was undone[\s\S]*src\/a\.js/)]);
});

test("SARIF holds each change with its fix, and what was left alone, by the standard's schema", async () => {
  const { call } = createCliPlayground(files);
  const { stdout } = await call("patterns", "apply", "node-protocol", "src", "--dry-run", "--format", "sarif");
  const log = JSON.parse(stdout);
  const isValid = sarifValidator();
  expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
  const [fix] = log.runs[0].results[1].fixes;
  expect(fix.artifactChanges[0].replacements).toEqual([
    { deletedRegion: { charOffset: 22, charLength: 0 }, insertedContent: { text: "node:" } },
  ]);
  expect(log.runs[0].results).toHaveLength(4);
  expect(log.runs[0].invocations[0].toolExecutionNotifications).toHaveLength(1);
});

test("patterns test passes, and show gives settings and an example", async () => {
  const { call } = createCliPlayground({});
  const tested = await call("patterns", "test", "node-protocol", "--format", "json");
  expect([tested.exit, JSON.parse(tested.stdout)]).toMatchObject([0, { passed: true }]);
  const shown = await call("patterns", "show", "prefer-logger-over-console");
  expect(shown.stdout).toMatch(/--set loggerModule[\s\S]*^-\s*console/m);
  const rule = await call("patterns", "show", "lint/prefer-logger-over-console");
  expect(rule.stdout).toMatch(/linter-rule 1\.\d+\.\d+[\s\S]*default: logger[\s\S]*^-\s*console/m);
});

test("lint finds, counts and exits with 1; a clean folder with 0, and one that could not be read with 2", async () => {
  const { call } = createCliPlayground({ ...files, "clean/a.js": "f();\n", "broken/a.js": "const (\n" });
  const found = await call("patterns", "lint", "src", "--rule", "lint/node-protocol");
  expect([found.exit, found.stdout]).toEqual([
    1,
    expect.stringMatching(/^src\/a\.js:1:20 fs is .*\n[\s\S]*6 findings in 4 files/),
  ]);
  expect((await call("patterns", "lint", "clean")).exit).toBe(0);
  const unread = await call("patterns", "lint", "broken");
  expect([unread.exit, unread.stdout]).toEqual([
    2,
    expect.stringMatching(/broken\/a\.js .*\n.*could not tell: 1 file/),
  ]);
});

test("lint gives the same findings as SARIF by the standard's schema, and as annotations", async () => {
  const { call } = createCliPlayground({ "a%b.ts": 'import "fs";\nconst (', "ü c.ts": '\nimport "fs";\n' });
  const sarif = await call("patterns", "lint", ".", "--format", "sarif");
  const log = JSON.parse(sarif.stdout);
  const isValid = sarifValidator();
  expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
  const [run] = log.runs;
  expect(run.results).toMatchObject([
    {
      ruleId: "lint/node-protocol",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "%C3%BC%20c.ts" },
            region: { startLine: 2, startColumn: 8, endLine: 2, endColumn: 12 },
          },
        },
      ],
    },
  ]);
  expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe("lint/node-protocol");
  expect(run.invocations[0]).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [{ level: "error" }],
  });
  const { exit, stdout } = await call("patterns", "lint", ".", "--format", "github");
  expect(exit).toBe(1);
  expect(stdout.split("\n").slice(0, 2)).toEqual([
    "::error title=lint/node-protocol,file=ü c.ts,line=2,col=8::fs is a built-in module: load it as node:fs.",
    expect.stringMatching(/^::error title=not linted,file=a%25b\.ts::/),
  ]);
});

function sarifValidator() {
  const path = fileURLToPath(new URL("../guard/fixtures/sarif-2.1.0.json", import.meta.url));
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, "utf8"));
  return new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
}

test.each([
  [["apply", "node-protocol"], /needs <dir>/],
  [["lint", "nowhere"], /nowhere is no folder/],
  [["lint", "src", "--rule", "lint/none"], /no lint rule is called lint\/none/],
  [
    ["apply", "lint/node-protocol", "src"],
    /lint\/node-protocol is a lint rule, which changes nothing; run: patterns lint/,
  ],
  [["apply", "node-protokol", "src"], /no codemod is called node-protokol; the library has .*node-protocol/],
  [["apply", "node-protocol", "node-protocol", "src"], /named twice/],
  [["apply", "node-protocol", "nowhere"], /nowhere is no folder/],
  [["apply", "node-protocol", "src", "--set", "x"], /key=value/],
  [["apply", "node-protocol", "src", "--set", "colour=red"], /no setting colour/],
  [["apply", "node-protocol", "src", "--check", "a | b"], /shell/],
  [["apply", "node-protocol", "src", "--to", "x.md"], /--to goes with a template/],
  [["apply", "template/task", "src"], /filled alone/],
  [["apply", "template/task", "--format", "patch"], /text or json/],
  [["show", "template/nothing"], /no template is called/],
  [["undo", "latest"], /no journal latest/],
  [["show", "nothing"], /no codemod is called nothing/],
  [["test", "nothing"], /no codemod is called nothing/],
])("patterns %j is not understood, and says why", async (argv, message) => {
  const { call } = createCliPlayground(files);
  const { exit, stderr } = await call("patterns", ...argv);
  expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test("a template is filled on stdout, as a document, as a new file, and refused with all that is missing", async () => {
  const { repository, call } = createCliPlayground(files);
  const before = fingerprint(repository);
  const task = ["patterns", "apply", "template/task", "--set", "id=0001", "--set", "title=A: b", "--set", "goal=c"];
  const whole = [...task, "--set", "criterion=d", "--set", "criterion=e"];
  const printed = await call(...whole, "--to", "tasks/0001-a.md", "--dry-run");
  expect([printed.exit, printed.stderr]).toEqual([
    0,
    expect.stringMatching(/nothing was written: .*tasks\/0001-a\.md/),
  ]);
  expect(printed.stdout).toMatch(/^---\nid: "0001"\ntitle: "A: b"\n[\s\S]*- \[ \] d\n- \[ \] e\n$/);
  expect((await call(...whole)).stdout).toBe(printed.stdout);
  expect(fingerprint(repository)).toEqual(before);
  const written = await call(...whole, "--to", "tasks/0001-a.md", "--format", "json");
  expect(JSON.parse(written.stdout)).toMatchObject({
    template: "template/task",
    document: "task",
    to: "tasks/0001-a.md",
    written: true,
  });
  expect(readFileSync(join(repository, "tasks/0001-a.md"), "utf8")).toBe(printed.stdout);
  expect((await call("task", "list", "--format", "json")).stdout).toContain("A: b");
  expect(await call(...whole, "--to", "tasks/0001-a.md")).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/nothing is overwritten/),
  });
  expect(await call("patterns", "apply", "template/incident", "--set", "began=now")).toMatchObject({
    exit: 2,
    stdout: "",
    stderr: expect.stringMatching(/title=… is missing[\s\S]*severity=…[\s\S]*owner=…[\s\S]*impact=…/),
  });
  expect(await call(...task, "--set", "criterion=d", "--set", "scope=a[")).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/scope/),
  });
});

test("a template is shown with when to use it, and tested", async () => {
  const { call } = createCliPlayground(files);
  expect((await call("patterns", "show", "template/review")).stdout).toMatch(
    /Use it when[\s\S]*--set decision[\s\S]*\(required\)[\s\S]*# Review: /,
  );
  expect(JSON.parse((await call("patterns", "test", "template/task", "--format", "json")).stdout)).toMatchObject({
    passed: true,
  });
});
