import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { CheckGoal, CheckResult } from "../../orchestrator/schema/test-report.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createJavaScriptAdapter } from "./javascript-adapter.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** As `runCheck`, with the packages of this checkout for a project that names vitest. */
function check(
  files: Readonly<Record<string, string>>,
  goal: CheckGoal = "test",
  timeoutMs = 20_000,
): Promise<CheckResult> {
  const links = files["package.json"]?.includes("vitest") ? { node_modules: join(checkout, "node_modules") } : {};
  const env = { npm_config_update_notifier: "false" };
  return runCheck(createJavaScriptAdapter(), { files, goal, timeoutMs, links, env });
}

function nodeTest(source: string, script = "node --test"): Readonly<Record<string, string>> {
  const start = 'import { test } from "node:test";\n';
  return { "package.json": manifest(script), "a.test.mjs": source === "" ? "" : start + source };
}

function manifest(script: string): string {
  return JSON.stringify({ name: "sample", version: "1.0.0", type: "module", scripts: { test: script } });
}

describe("node --test", () => {
  test("tests that pass are passed, and people still see their output", async () => {
    const result = await check(nodeTest('test("adds", () => {}); test("later", { skip: true }, () => {});'));
    expect(result).toMatchObject({
      verdict: "passed",
      reason: "exit code 0, and 1 test ran without a failure (1 skipped or still to do)",
      report: "node-test-junit",
      counts: { passed: 1, skipped: 1 },
      not_passed: [{ name: "later", outcome: "skipped" }],
    });
    expect(result.output_tail).toContain("✔ adds");
  });

  test("a test that fails is named", async () => {
    const result = await check(
      nodeTest('test("adds", () => {}); test("breaks", () => { throw new Error("no sum"); });'),
    );
    expect(result).toMatchObject({ verdict: "failed", exit_code: 1, counts: { passed: 1, failed: 1 } });
    expect(result.reason).toBe("1 of 2 tests did not pass, the first: breaks");
    expect(result.not_passed?.[0]?.message).toContain("no sum");
  });

  test("a script with a reporter of its own keeps it", async () => {
    const result = await check(nodeTest('test("adds", () => {});', "node --test --test-reporter=dot"));
    expect(result).toMatchObject({ verdict: "passed", counts: { passed: 1 } });
    expect(result.output_tail).not.toContain("✔");
  });

  test.each([
    ["tests that are all skipped", 'test("later", { skip: true }, () => {});', { skipped: 1 }, "no test ran"],
    ["a file without tests", "", { crashed: 1 }, "did not pass"],
    [
      "an exit with code 0 inside of a test",
      'test("a", () => {}); test("b", () => process.exit(0));',
      { crashed: 1 },
      "did not pass",
    ],
    [
      "an exit with code 3 inside of a test",
      'test("a", () => {}); test("b", () => process.exit(3));',
      { crashed: 1 },
      "did not pass",
    ],
    [
      "an exception outside of the tests",
      'test("a", () => {}); setImmediate(() => { throw new Error("late"); });',
      {},
      "did not pass",
    ],
    ["a file that does not compile", 'test("a", () => {', { crashed: 1 }, "did not pass"],
    [
      "a test that takes too long",
      'test("a", { timeout: 50 }, () => new Promise((end) => setTimeout(end, 300)));',
      {},
      "did not pass",
    ],
  ])("%s: not passed", async (_, source, counts, reason) => {
    const result = await check(nodeTest(source));
    expect(result).toMatchObject({ verdict: "failed", counts });
    expect(result.reason).toContain(reason);
  });

  test.each([
    [
      "a test that waits",
      'test("b", async () => { await new Promise((end) => setTimeout(end, 100)); process.exit(0); });',
    ],
    ["a timer while a test runs", 'setTimeout(() => process.exit(0), 100); test("b", () => new Promise(() => {}));'],
  ])("an exit with code 0 by %s, after another one was told: not passed", async (_, source) => {
    const result = await check(nodeTest(`test("a", () => {}); ${source} test("c", () => { throw new Error("no"); });`));
    expect(result).toMatchObject({ verdict: "failed", counts: { crashed: 1 } });
    expect(result.output_tail).toContain("the process left before these tests had ended: b, c");
  });

  test("an exit with code 0 inside of a test in a file that is named as a helper may be: not passed", async () => {
    const files = nodeTest('test("a", () => {});');
    const other = 'import { test } from "node:test"; test("b", () => process.exit(0));';
    expect(await check({ ...files, "test/other.mjs": other })).toMatchObject({
      verdict: "failed",
      counts: { passed: 1, crashed: 1 },
    });
  });

  test("an exit with code 0 when all tests have ended is passed", async () => {
    const end = "setInterval(() => {}, 1000); after(() => setTimeout(() => process.exit(0), 50));";
    const source = `import { after } from "node:test"; test("a", async () => {}); test("b", { skip: true }, () => {}); ${end}`;
    expect(await check(nodeTest(source))).toMatchObject({ verdict: "passed", counts: { passed: 1, skipped: 1 } });
  });

  test("no test files at all: not passed", async () => {
    expect(await check({ "package.json": manifest("node --test") })).toMatchObject({ verdict: "failed", counts: {} });
  });

  test("a run that is stopped for its time is not passed, though tests of it had passed", async () => {
    const source = 'test("a", () => {}); test("hangs", () => new Promise(() => setInterval(() => {}, 1000)));';
    const result = await check(nodeTest(source), "test", 1500);
    expect(result).toMatchObject({ verdict: "failed", status: "timed_out" });
  });

  test("a script that hides a failing exit code is not passed, and the reason says why", async () => {
    const result = await check(nodeTest('test("a", () => { throw new Error("no"); });', "node --test || true"));
    expect(result).toMatchObject({ verdict: "failed", exit_code: 0, report: null });
    expect(result.reason).toContain("which can hide an exit code");
  });
});

describe("vitest", () => {
  const pass = 'import { expect, test } from "vitest";\ntest("adds", () => { expect(1 + 1).toBe(2); });\n';

  test("tests that pass, that are skipped and that fail are told apart, without the watch mode", async () => {
    const passed = await check({ "package.json": manifest("vitest"), "a.test.js": pass });
    expect(passed).toMatchObject({ verdict: "passed", report: "vitest-junit", counts: { passed: 1 }, not_passed: [] });
    const failed = await check({
      "package.json": manifest("vitest run"),
      "a.test.js": pass.replace("toBe(2)", "toBe(3)"),
      "b.test.js": "const x = ;",
    });
    expect(failed).toMatchObject({ verdict: "failed", exit_code: 1, counts: { failed: 2 } });
    expect(failed.not_passed?.map(({ name }) => name).sort()).toEqual(["adds", "b.test.js"]);
  });

  test("skipped tests alone are not passed, though the exit code is 0", async () => {
    const result = await check({
      "package.json": manifest("vitest run"),
      "a.test.js": pass.replace("test(", "test.skip("),
    });
    expect(result).toMatchObject({ verdict: "failed", exit_code: 0, counts: { skipped: 1 } });
  });

  test("no test files are not passed, though the runner is told not to mind", async () => {
    const result = await check({ "package.json": manifest("vitest run --passWithNoTests") });
    expect(result).toMatchObject({
      verdict: "failed",
      exit_code: 0,
      reason: "exit code 0, but the report holds no tests",
    });
  });
});

test("TAP on the standard output is kept as the report, with the exit code of the script", async () => {
  const files = (points: string, code: number) => ({
    "package.json": JSON.stringify({ scripts: { test: "node test.js" }, devDependencies: { tape: "5" } }),
    "test.js": `console.log(${JSON.stringify(`TAP version 13\n${points}\n1..1\n# tests 1\n# ok`)}); process.exitCode = ${code};`,
  });
  expect(await check(files("ok 1 adds", 0))).toMatchObject({
    verdict: "passed",
    report: "tape-tap",
    counts: { passed: 1 },
  });
  expect(await check(files("ok 1 adds", 1))).toMatchObject({ verdict: "failed", exit_code: 1 });
});

test("build and lint are their scripts' exit codes", async () => {
  const scripts = { build: "node -e 0", lint: "node -e 'process.exit(4)'" };
  const files = { "package.json": JSON.stringify({ scripts }) };
  expect(await check(files, "build")).toMatchObject({
    goal: "build",
    verdict: "passed",
    exit_code: 0,
    not_passed: null,
  });
  expect(await check(files, "lint")).toMatchObject({
    goal: "lint",
    verdict: "failed",
    exit_code: 4,
    reason: "exit code 4",
  });
});
