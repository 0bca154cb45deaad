import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createGoAdapter } from "./go-adapter.ts";

const version = spawnSync("go", ["version"], { encoding: "utf8" }).stdout ?? "";
const hasGo = version.startsWith("go version");
/** One cache of compiled packages for all projects here: each would compile the standard library anew. */
const cache = mkdtempSync(join(tmpdir(), "go cache "));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const start = 'package sample\n\nimport "testing"\n\n';
const project = (test: string, more: Readonly<Record<string, string>> = {}) => ({
  "go.mod": "module example.com/sample\n\ngo 1.21\n",
  "sample.go": "package sample\n\nfunc Add(a, b int) int { return a + b }\n",
  ...(test === "" ? {} : { "sample_test.go": start + test }),
  ...more,
});
const check = (files: Readonly<Record<string, string>>, goal: PlanGoal = "test", timeoutMs = 300_000) =>
  runCheck(createGoAdapter(), { files, goal, timeoutMs, env: { GOCACHE: cache } });
const adds = "func TestAdds(t *testing.T) { if Add(1, 2) != 3 { t.Fatal() } }\n";

describe.skipIf(!hasGo)(hasGo ? version.trim() : "go is not installed", () => {
  test("tests that pass are passed, with a skip beside them", async () => {
    const result = await check(project(`${adds}\nfunc TestLater(t *testing.T) { t.Skip("later") }\n`));
    expect(result).toMatchObject({ verdict: "passed", counts: { passed: 1, skipped: 1 }, report: "go-test-json" });
  });

  test.each([
    ["fails", 'func TestFails(t *testing.T) { t.Errorf("no %d", Add(1, 1)) }', { failed: 1 }],
    ["panics", "func TestPanics(t *testing.T) { var p *int; _ = *p }", { crashed: 1 }],
    ["does not compile", "func TestNever(t *testing.T) { return Add(1) }", { error: 1 }],
    ["is only skipped", 'func TestLater(t *testing.T) { t.Skip("later") }', { skipped: 1 }],
  ])("a test that %s fails the check", async (_, text, counts) => {
    expect(await check(project(text))).toMatchObject({ verdict: "failed", counts });
  });

  test("a package that leaves with 0 before its tests are run has crashed", async () => {
    const main = 'package sample\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n';
    const result = await check(project(adds, { "main_test.go": main }));
    expect(result).toMatchObject({ verdict: "failed", exit_code: 0, counts: { crashed: 1 } });
  });

  test("no tests, and a test that hangs, are never green", async () => {
    expect(await check(project(""))).toMatchObject({ verdict: "failed", exit_code: 0 });
    const hangs = await check(project("func TestHangs(t *testing.T) { select {} }"), "test", 15_000);
    expect(hangs.verdict).toBe("failed");
  });

  test("build, vet and gofmt pass or fail by their exit code, and leave no program in the tree", async () => {
    const main = { "cmd/main.go": "package main\n\nfunc main() {}\n" };
    expect(await check(project(adds, main), "build")).toMatchObject({ verdict: "passed" });
    expect(await check(project(adds), "lint")).toMatchObject({ verdict: "passed" });
    const wrong = project('import "fmt"\n', {
      "sample_test.go": `${start}func TestX(t *testing.T) { t.Errorf("%d", "x") }\n`,
    });
    expect(await check(wrong, "lint")).toMatchObject({ verdict: "failed" });
    const odd = { "odd.go": "package sample\nfunc  odd() { }\n" };
    const formatted = await check(project("", { "vendor/a.go": odd["odd.go"], ".x/a.go": odd["odd.go"] }), "format");
    expect(formatted).toMatchObject({ verdict: "passed", goal: "format" });
    const unformatted = await check(project(adds, odd), "format");
    expect(unformatted).toMatchObject({ verdict: "failed", output_tail: expect.stringContaining("odd.go") });
    expect(await check(project("", { "b.go": "package other\n" }), "build")).toMatchObject({ verdict: "failed" });
  });
});
