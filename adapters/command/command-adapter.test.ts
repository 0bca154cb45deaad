import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CommandAdapterSetting } from "../../orchestrator/schema/adapter-setting.ts";
import { describeAdapter, outcomeOf, readerOf } from "../adapter.contract.ts";
import { createCommandAdapter } from "./command-adapter.ts";

const fixture = (name: string) => readFileSync(new URL(`../reports/fixtures/${name}`, import.meta.url), "utf8");
const junit = { argv: ["make", "check"], env: { OUT: "{report}" }, report: { format: "junit" } };
const setting = (more: object = {}) =>
  CommandAdapterSetting.parse({
    kind: "command",
    commands: { build: { argv: ["make"] }, test: junit, format: { argv: ["./scripts/format", "--check"] } },
    ...more,
  });
const needy = setting({
  dependencies: {
    lock_file: "deps.lock",
    folders: ["third_party"],
    install: { argv: ["./get-deps"], timeout_seconds: 7 },
  },
});

describeAdapter("the command adapter", () => createCommandAdapter(needy), {
  isConfigured: true,
  projects: [
    {
      name: "a project with a lock file",
      files: { "deps.lock": "" },
      goals: ["build", "test", "format"],
      installs: true,
    },
    { name: "a project without one", files: { Makefile: "" }, goals: ["build", "test", "format"], installs: false },
  ],
  reports: [{ name: "JUnit", files: {}, passing: '<testsuite tests="1"><testcase name="a"/></testsuite>' }],
});

const formats = [
  ["node-test-junit", "node-20-passed.xml"],
  ["nextest-junit", "nextest-0.9-passed.xml"],
  ["ctest-junit", "ctest-3.25-passed.xml"],
  ["jest-json", "jest-29-passed.json"],
  ["mocha-json", "mocha-11-passed.json"],
  ["go-test-json", "go-1.26-passed.jsonl"],
  ["cargo-test", "cargo-1.95-passed.txt"],
] as const;
test.each(formats)("a report in the format %s is read as what it is", async (format, file) => {
  const stream = setting({ commands: { test: { argv: ["./run"], report: { format, from: "stdout" } } } });
  const close = format === "go-test-json" ? '{"Action":"complete"}\n' : "";
  const { plan, read } = createCommandAdapter(stream);
  const planned = await plan(readerOf({}), "test", "/r");
  expect(planned && read(planned, outcomeOf(), fixture(file) + close)).toMatchObject({
    verdict: "passed",
    report: format,
  });
  expect(planned && read(planned, outcomeOf(), fixture(file).slice(0, -30))).toMatchObject({ verdict: "failed" });
});

test("the file of the report stands where the command wants it, and the times and folders are the team's", async () => {
  const { plan } = createCommandAdapter(
    setting({ commands: { test: { ...junit, argv: ["./t", "--out={report}"], cwd: "sub", timeout_seconds: 3 } } }),
  );
  expect(await plan(readerOf({}), "test", "/reports")).toMatchObject({
    argv: ["./t", "--out=/reports/report.junit"],
    cwd: "sub",
    env: { OUT: "/reports/report.junit" },
    timeoutMs: 3000,
    reportFile: "/reports/report.junit",
  });
});

test("the evaluation harness runs its own commands, and the others where it has none", async () => {
  const own = { test: { argv: ["./measure"], report: { format: "tap", from: "stdout" } } };
  const { plan, read } = createCommandAdapter(setting({ evaluation: own }));
  const work = await plan(readerOf({}), "test", "/r");
  const measured = await plan(readerOf({}), "test", "/r", "evaluation");
  expect([work?.reportFile, measured?.reportFile]).toEqual(["/r/report.junit", "/r/report.tap"]);
  expect(measured?.argv.at(-1)).toBe("./measure");
  expect(await plan(readerOf({}), "build", "/r", "evaluation")).toMatchObject({ argv: ["make"] });
  const result = measured && read(measured, outcomeOf(), "1..2\nok 1 - a\nok 2 - b # SKIP later\n");
  expect(result).toMatchObject({ verdict: "passed", report: "tap", counts: { passed: 1, skipped: 1 } });
});

test.each([
  "1..2\nok 1 - a\n",
  "ok 1 - a\n",
  "1..1\nok 1 - a",
  "1..1\nnot ok 1 - a\n",
  "1..0\n",
  "1..1\nok 1\n1..1\nok 1\n",
])("TAP without a plan that fits, or with a failure, is not green: %j", async (text) => {
  const { plan, read } = createCommandAdapter(
    setting({ commands: { test: { argv: ["./t"], report: { format: "tap", from: "stdout" } } } }),
  );
  const planned = await plan(readerOf({}), "test", "/r");
  expect(planned && read(planned, outcomeOf(), text)).toMatchObject({ verdict: "failed" });
});

test("the commands' own files, what make is told and tests that are gone decide the checks", async () => {
  const { checkPaths } = createCommandAdapter(setting());
  const change = (path: string, kind: "modified" | "deleted") =>
    ({ path, kind, mode: "100644", insertions: 1, deletions: 1 }) as const;
  const changed = [
    change("scripts/format", "modified"),
    change("Makefile", "modified"),
    change("src/Makefile", "modified"),
    change("spec/a.x", "deleted"),
    change("tests/a.x", "modified"),
    change("src/latest.x", "deleted"),
  ];
  expect(await checkPaths(changed, readerOf({}), readerOf({}))).toEqual(["scripts/format", "Makefile", "spec/a.x"]);
});

test.each([
  [{ commands: { test: { argv: ["./t"], report: { format: "junit" } } } }, /write \{report\} where/],
  [{ commands: { test: { ...junit, report: { format: "cargo-test" } } } }, /stdout: go-test-json and cargo-test/],
  [{ commands: { test: { argv: ["./t", "{report}"] } } }, /report/],
  [{ commands: { build: { argv: [] } } }, /argv/],
  [{ commands: { build: { argv: [""] } } }, /a program first/],
  [{ commands: { build: { argv: ["x"], cwd: "/etc" } } }, /relative path/],
  [{ commands: { build: { argv: ["x"], cwd: "a/../../b" } } }, /relative path/],
  [{ root: "../other", commands: {} }, /relative path/],
  [{ commands: { build: { argv: ["x"], env: { "A=B": "c" } } } }, /the name of a variable/],
  [{ commands: {}, dependencies: { lock_file: "/x", folders: ["a"], install: { argv: ["x"] } } }, /relative path/],
  [{ commands: { deploy: { argv: ["x"] } } }, /deploy/],
])("%j is refused", (given, why) => {
  const parsed = CommandAdapterSetting.safeParse({ kind: "command", ...given });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.message).toMatch(why);
});
