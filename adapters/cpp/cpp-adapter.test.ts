import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeAdapter, outcomeOf, readerOf } from "../adapter.contract.ts";
import { createCppAdapter } from "./cpp-adapter.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../reports/fixtures/ctest-3.25-${name}.xml`, import.meta.url), "utf8");
const oneOfCtest = '<testsuite name="(empty)" tests="1"><testcase name="a" time="0.1" status="run"/></testsuite>';
const cmake = { "CMakeLists.txt": "cmake_minimum_required(VERSION 3.21)\nproject(\n  sample C)\n" };
const make = { Makefile: "all: a.o\n\ncheck: all\n\t./a\n", "a.c": "" };

describeAdapter("the C and C++ adapter", createCppAdapter, {
  projects: [
    { name: "a project of CMake", files: cmake, goals: ["build", "test"], installs: false },
    { name: "a project of make", files: make, goals: ["build", "test"], installs: false },
    {
      name: "one without tests",
      files: { ...make, Makefile: "check := 1\ntests:\n" },
      goals: ["build"],
      installs: false,
    },
  ],
  reports: [{ name: "ctest", files: cmake, passing: oneOfCtest }],
});

test("a project is told by CMake, or by a makefile beside sources", async () => {
  const { detect } = createCppAdapter();
  expect(await detect(readerOf(cmake))).toMatchObject({ evidence: ["CMakeLists.txt: CMake, the project sample"] });
  expect(await detect(readerOf({ makefile: "", "src/a.cpp": "" }))).toMatchObject({
    evidence: ["makefile: make, beside sources in C or C++"],
  });
  expect(await detect(readerOf({ Makefile: "all:\n", "main.go": "" }))).toBeNull();
  expect(await detect(readerOf({ "CMakeLists.txt": "# project(x)\nadd_library(a a.c)\n" }))).toBeNull();
});

test("what ctest did not run is an error, unless it skipped itself or is disabled, and its summary tells crash and timeout", async () => {
  const { plan, read } = createCppAdapter();
  const planned = await plan(readerOf(cmake), "test", "/reports");
  if (planned === null) throw new Error("there is no plan");
  const summary =
    "The following tests FAILED:\n\t  5 - aborts (Subprocess aborted)\n\t  6 - hangs (Timeout)\n\t  8 - missing (Not Run)\n";
  const result = read(planned, outcomeOf({ exitCode: 8, outputTail: summary }), fixture("mixed"));
  expect(result.not_passed?.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual([
    ...["bad: failed", "aborts: crashed", "hangs: timeout", "printer: failed", "missing: error", "needs: error"],
    ...["setup: failed", "unexpected: failed", "skips: skipped", "off: skipped"],
  ]);
  expect(result.counts).toMatchObject({ passed: 2 });
  expect(result.not_passed?.[0]?.message).toContain("bad & <worse>");
  const told = read(planned, outcomeOf({ outputTail: "\t  1 - ok (Timeout)\n" }), fixture("passed"));
  expect(told).toMatchObject({ verdict: "passed", counts: { passed: 2, skipped: 1 } });
});

test("no tests, a project that was not built, and make without a report are never green", async () => {
  const { plan, read } = createCppAdapter();
  const [planned, made] = await Promise.all([cmake, make].map((files) => plan(readerOf(files), "test", "/reports")));
  if (planned == null || made == null) throw new Error("there is no plan");
  expect(read(planned, outcomeOf(), fixture("no-tests"))).toMatchObject({ verdict: "failed" });
  expect(read(planned, outcomeOf({ exitCode: 2 }), null)).toMatchObject({
    verdict: "failed",
    reason: expect.stringContaining("was not configured or built"),
  });
  expect(read(made, outcomeOf(), null)).toMatchObject({
    verdict: "failed",
    reason: expect.stringContaining("under adapters in orchestrator.config.yaml"),
  });
});

test("build files, presets and tests that are gone decide the checks", async () => {
  const { checkPaths } = createCppAdapter();
  const of = (path: string, kind: "modified" | "deleted") =>
    ({ path, kind, mode: "100644", insertions: 1, deletions: 1 }) as const;
  const changed = [
    of("src/CMakeLists.txt", "modified"),
    of("rules.mk", "modified"),
    of("test/a.c", "deleted"),
    of("a_test.cc", "deleted"),
    of("src/a.c", "deleted"),
    of("test/b.c", "modified"),
  ];
  expect(await checkPaths(changed, readerOf({}), readerOf({}))).toEqual([
    "src/CMakeLists.txt",
    "rules.mk",
    "test/a.c",
    "a_test.cc",
  ]);
});
