import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createCppAdapter } from "./cpp-adapter.ts";

const versionOf = (program: string) =>
  spawnSync(program, ["--version"], { encoding: "utf8" }).stdout?.split("\n")[0] ?? "";
const cmake = versionOf("cmake");
const make = versionOf("make");

const project = (tests: Readonly<Record<string, string>>, more = "") => ({
  "CMakeLists.txt": [
    "cmake_minimum_required(VERSION 3.21)",
    "project(sample C)",
    "enable_testing()",
    ...Object.keys(tests).flatMap((name) => [
      `add_executable(${name} ${name}.c)`,
      `add_test(NAME ${name} COMMAND ${name})`,
      `set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)`,
    ]),
    more,
    "",
  ].join("\n"),
  ...Object.fromEntries(
    Object.entries(tests).map(([name, body]) => [
      `${name}.c`,
      `#include <stdlib.h>\n#include <signal.h>\n#include <unistd.h>\n\nint main(void) { ${body} }\n`,
    ]),
  ),
});
const check = (files: Readonly<Record<string, string>>, goal: PlanGoal = "test", timeoutMs = 120_000) =>
  runCheck(createCppAdapter(), { files, goal, timeoutMs, reportFolder: "its reports" });

describe.skipIf(cmake === "")(cmake || "cmake is not installed", () => {
  test("tests that pass are passed, with one that skips itself beside them", async () => {
    const result = await check(project({ adds: "return 0;", later: "return 77;" }));
    expect(result).toMatchObject({ verdict: "passed", counts: { passed: 1, skipped: 1 }, report: "ctest-junit" });
  });

  test("each way not to pass is told as what it is", async () => {
    const tests = {
      fails: "return 1;",
      aborts: "abort();",
      faults: "raise(SIGSEGV);",
      fine: "return 0;",
      hangs: "sleep(60);",
    };
    const more = "set_tests_properties(hangs PROPERTIES TIMEOUT 1)\nadd_test(NAME missing COMMAND ./not-there)";
    expect(await check(project(tests, more))).toMatchObject({
      verdict: "failed",
      counts: { passed: 1, failed: 1, crashed: 2, timeout: 1, error: 1 },
    });
  });

  test("no tests, skipped ones alone, what does not compile and a command out of time are never green", async () => {
    expect(await check(project({}))).toMatchObject({ verdict: "failed", exit_code: 8 });
    expect(await check(project({ later: "return 77;" }))).toMatchObject({ verdict: "failed", exit_code: 0 });
    expect(await check(project({ wrong: "return x;" }))).toMatchObject({
      verdict: "failed",
      reason: expect.stringContaining("was not configured or built"),
    });
    expect(await check(project({ hangs: "sleep(60);" }), "test", 8_000)).toMatchObject({
      status: "timed_out",
      verdict: "failed",
    });
  });

  test("the build passes or fails by its exit code", async () => {
    expect(await check(project({ fine: "return 0;" }), "build")).toMatchObject({ verdict: "passed" });
    expect(await check(project({ wrong: "return x;" }), "build")).toMatchObject({ verdict: "failed" });
  });
});

test.skipIf(make === "")(make || "make is not installed", async () => {
  const files = { Makefile: "all:\n\tcc -o a a.c\n\ncheck: all\n\t./a\n", "a.c": "int main(void) { return 0; }\n" };
  expect(await check(files, "build")).toMatchObject({ verdict: "passed" });
  expect(await check(files)).toMatchObject({ verdict: "failed", exit_code: 0, report: null });
});
