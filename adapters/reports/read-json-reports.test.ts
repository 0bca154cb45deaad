import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readJestJson } from "./read-jest-json.ts";
import { readMochaJson } from "./read-mocha-json.ts";
import type { ReportReading } from "./report-reading.ts";

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

function changed(name: string, from: string, to: string): string {
  const text = fixture(name);
  expect(text).toContain(from);
  return text.replace(from, to);
}

function rows(reading: ReportReading): string[] {
  if (!reading.usable) throw new Error(reading.problem);
  return reading.cases.map(({ outcome, suite, name }) => `${outcome}: ${suite === "" ? "" : `${suite} > `}${name}`);
}

function problemOf(reading: ReportReading): string {
  if (reading.usable) throw new Error("the report was read");
  return reading.problem;
}

test("jest: every outcome is read, and a file that does not compile is an error", () => {
  const reading = readJestJson(fixture("jest-29-mixed.json"));
  expect(rows(reading)).toEqual([
    "passed: s & <x> > ok",
    "failed: s & <x> > bad",
    "skipped: s & <x> > sk",
    "todo: s & <x> > td",
    "error: /project/j/b.test.js",
  ]);
  expect(reading.usable && reading.cases[1]).toMatchObject({ duration_ms: 3, file: "/project/j/a.test.js" });
  expect(reading.usable && reading.cases[4]?.message).toContain("Jest encountered an unexpected token");
});

test("jest: a status that is not known is a failure, and so is a timeout", () => {
  expect(
    rows(
      readJestJson(changed("jest-29-passed.json", '"status":"passed","title":"adds"', '"status":"new","title":"adds"')),
    ),
  ).toContain("failed: sum > adds");
  const timeout = changed(
    "jest-29-mixed.json",
    "Error: expect(received)",
    'thrown: \\"Exceeded timeout of 5000 ms for a test.',
  );
  expect(rows(readJestJson(timeout))).toContain("timeout: s & <x> > bad");
});

test("jest: a report that contradicts itself is refused", () => {
  expect(problemOf(readJestJson(changed("jest-29-passed.json", '"numTotalTests":3', '"numTotalTests":4')))).toBe(
    "the jest report declares 4 tests, but holds 3",
  );
  expect(problemOf(readJestJson(changed("jest-29-passed.json", '"success":true', '"success":false')))).toContain(
    "success: false",
  );
  expect(
    problemOf(readJestJson(changed("jest-29-passed.json", '"wasInterrupted":false', '"wasInterrupted":true'))),
  ).toContain("interrupted");
  expect(problemOf(readJestJson('{"numTotalTests": 0}'))).toContain(
    "has another shape than expected at numFailedTests",
  );
});

test("mocha: every outcome is read, and a hook that failed is an error", () => {
  expect(rows(readMochaJson(fixture("mocha-11-mixed.json")))).toEqual([
    "passed: s & <x> > ok",
    "skipped: s & <x> > sk",
    "skipped: s & <x> > pending",
    "failed: s & <x> > bad",
    'error: h > "before all" hook for "never"',
  ]);
});

test("mocha: a timeout is told apart", () => {
  const text = changed("mocha-11-mixed.json", '"code": "ERR_ASSERTION"', '"code": "ERR_ASSERTION"').replaceAll(
    '"code": "ERR_ASSERTION"',
    '"code": "ERR_MOCHA_TIMEOUT"',
  );
  expect(rows(readMochaJson(text))).toContain("timeout: s & <x> > bad");
});

test("mocha: a report that contradicts itself is refused", () => {
  expect(problemOf(readMochaJson(changed("mocha-11-passed.json", '"passes": 2', '"passes": 3')))).toBe(
    "the mocha report declares 3 passes, but holds 2",
  );
  expect(problemOf(readMochaJson("[]"))).toContain("has another shape than expected at its root");
});
