import { expect, test } from "vitest";
import { fixture, problemOf, rows } from "../read-report.test-support.ts";
import { readJunit } from "./read-generic-junit.ts";
import { readPytestJunit } from "./read-pytest-junit.ts";

const sample = "tests.test_a";

test("every outcome is read; a test that fails and cannot be torn down stands there twice", () => {
  expect(rows(readPytestJunit(fixture("pytest-9-mixed.xml")))).toEqual([
    `passed: ${sample} > test_ok`,
    `failed: ${sample} > test_fail`,
    `skipped: ${sample} > test_skip`,
    `xfail: ${sample} > test_xfail`,
    `passed: ${sample} > test_xpass`,
    `failed: ${sample} > test_xpass_strict`,
    `error: ${sample} > test_td`,
    `failed: ${sample} > test_td_fail`,
    `error: ${sample} > test_td_fail`,
    `error: ${sample} > test_su`,
    `failed: ${sample} > test_exit`,
    `passed: ${sample} > test_p[a b]`,
    `passed: ${sample} > test_p[<&>]`,
    `passed: ${sample} > test_p[\\xe9]`,
    `passed: ${sample}.TestC > test_in`,
    `failed: ${sample}.TestU > test_sub`,
    `passed: ${sample}.TestU > test_subok`,
  ]);
});

test("subtests that passed are counted by the report and not shown, which is no fault", () => {
  expect(rows(readPytestJunit(fixture("pytest-9-passed.xml")))).toHaveLength(4);
  expect(problemOf(readJunit(fixture("pytest-9-passed.xml")))).toContain("declares 7 tests, but the report holds 4");
});

test("a test is told with its file and its line, counted from 1", () => {
  const reading = readPytestJunit(fixture("pytest-9-mixed.xml"));
  expect(reading.usable && reading.cases[1]).toMatchObject({
    ...{ file: "tests/test_a.py", line: 10 },
    message: expect.stringContaining("AssertionError: #x00 #x1B[31mred é"),
  });
});

test.each([
  ["collection-error", "error: tests.test_b"],
  ["exit-in-a-test", "crashed: the session"],
  ["timeout", "timeout: test_t > test_s"],
  ["worker-crashed", "crashed: test_b > test_k"],
])("%s: the report shows %s", (name, row) => {
  expect(rows(readPytestJunit(fixture(`pytest-9-${name}.xml`)))).toContain(row);
});

test("a run without tests is a valid report without cases, and failures that no case shows are refused", () => {
  expect(rows(readPytestJunit(fixture("pytest-9-no-tests.xml")))).toEqual([]);
  const text = fixture("pytest-9-passed.xml").replace('failures="0"', 'failures="2"');
  expect(problemOf(readPytestJunit(text))).toContain("declares 2 failures");
});
