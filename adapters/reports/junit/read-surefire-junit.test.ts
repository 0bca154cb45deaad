import { expect, test } from "vitest";
import { fixture, problemOf, rows } from "../read-report.test-support.ts";
import { readSurefireJunit } from "./read-surefire-junit.ts";

test("reports are joined; tests that were tried again stand there once, and a class whose set-up failed by itself", () => {
  const reading = readSurefireJunit(fixture("surefire-3-mixed.xml"));
  expect(rows(reading)).toEqual([
    "error: a.CoreTest > raises",
    "skipped: a.CoreTest > assumes",
    "passed: a.CoreTest > adds",
    "passed: a.CoreTest > each(String)[1]",
    "failed: a.CoreTest > each(String)[2]",
    "timeout: a.CoreTest > slow",
    "failed: a.CoreTest > fails",
    "passed: a.CoreTest > flaky",
    "skipped: a.CoreTest > later",
    "error: a.SetupTest > the class",
    "passed: a.OtherTest$Inner > in",
    "skipped: a.WholeTest > a",
  ]);
  expect(reading.usable && reading.cases[7]?.message).toBe("passed when it was tried again, having failed 1x");
});

test("fewer tests than declared, and failures that no test shows, are refused", () => {
  const suite = (text: string, cases: string) =>
    `<testsuites><testsuite name="a" ${text}>${cases}</testsuite></testsuites>`;
  const one = '<testcase name="x" classname="a"/>';
  expect(problemOf(readSurefireJunit(suite('tests="2"', one)))).toContain("declares 2 tests, but the report holds 1");
  expect(problemOf(readSurefireJunit(suite('tests="1" errors="1"', one)))).toContain("declares 1 failures");
  expect(rows(readSurefireJunit(suite('tests="1"', one + one)))).toHaveLength(2);
});

test("Gradle writes the same, and JUnit 4 names its time-outs otherwise", () => {
  expect(rows(readSurefireJunit(fixture("gradle-8-mixed.xml")))).toEqual([
    "passed: a.CoreTest > adds()",
    "failed: a.CoreTest > fails()",
    "skipped: a.CoreTest > later()",
    "timeout: a.OldTest > slow",
    "failed: a.SetupTest > initializationError",
  ]);
});
