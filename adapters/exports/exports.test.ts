import { validate } from "ctrf";
import fc from "fast-check";
import { parse } from "junit2json";
import { expect, test } from "vitest";
import { isFailing } from "../../orchestrator/schema/test-case.ts";
import { CaseOutcome, type CheckResult, type TestCase } from "../../orchestrator/schema/test-report.ts";
import { readJunit } from "../reports/read-junit.ts";
import type { TestRun } from "./test-run.ts";
import { writeCtrf } from "./write-ctrf.ts";
import { writeJunit } from "./write-junit.ts";

const result = (more: Partial<CheckResult> = {}): CheckResult => ({
  goal: "test",
  command: ["npm", "test"],
  status: "exited",
  exit_code: 0,
  duration_ms: 1234.5,
  verdict: "passed",
  reason: "exit code 0",
  report: "junit",
  counts: {},
  not_passed: [],
  output_tail: "",
  ...more,
});
const run = (cases: readonly TestCase[], more: Partial<CheckResult> = {}): TestRun => ({
  name: "javascript",
  result: result(more),
  cases,
  startedAt: 1_700_000_000_000,
});
const hostile = 'a "b" <c> & ]]>\u0000\u001b[31m\n\ud83d\ude00';
const each = CaseOutcome.options.map(
  (outcome): TestCase => ({
    suite: "s",
    name: outcome,
    outcome,
    duration_ms: 1.5,
    message: hostile,
    file: "a.js",
    line: 3,
  }),
);

test("a CTRF report is valid by the format's own schema, and keeps the exact outcome", () => {
  const report = writeCtrf([run(each, { verdict: "failed" }), run([{ suite: "", name: "x", outcome: "passed" }])]);
  expect(validate(report)).toMatchObject({ valid: true });
  const { summary, tests } = report.results;
  expect(summary).toMatchObject({
    tests: 9,
    passed: 2,
    failed: 4,
    skipped: 1,
    pending: 1,
    other: 1,
    stop: 1_700_000_001_235,
  });
  expect(tests.slice(0, 8).map(({ rawStatus }) => rawStatus)).toEqual(CaseOutcome.options);
  expect(tests.at(-1)).toMatchObject({ name: "x", suite: ["javascript"], duration: 0 });
});

test("JUnit is read by a consumer: every case in its suite, failures and errors apart", async () => {
  const document = await parse(writeJunit([run(each, { verdict: "failed" })]));
  expect(document).toMatchObject({ tests: 8, failures: 1, errors: 3 });
});

test.each([
  ["no report at all", run([], { verdict: "failed", reason: "the runner wrote no report" })],
  [
    "tests that passed and an exit code that did not",
    run([{ suite: "s", name: "n", outcome: "passed" }], { verdict: "failed", exit_code: 1 }),
  ],
])("%s never looks green in an export", (_, failed) => {
  expect(writeCtrf([failed]).results.summary.failed).toBe(1);
  const reading = readJunit(writeJunit([failed]));
  expect(reading.usable && reading.cases.filter(({ outcome }) => isFailing(outcome))).toHaveLength(1);
});

test("an export of no run is refused", () => {
  expect(() => writeCtrf([])).toThrow(TypeError);
  expect(() => writeJunit([])).toThrow(TypeError);
});

test("whatever a case holds, JUnit gives every case back, and fails where it failed", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  const anyCase = fc.record({
    suite: text,
    name: text,
    outcome: fc.constantFrom(...CaseOutcome.options),
    message: text,
  });
  fc.assert(
    fc.property(fc.array(anyCase, { minLength: 1, maxLength: 12 }), (cases) => {
      const verdict = cases.some(({ outcome }) => isFailing(outcome)) ? "failed" : "passed";
      const reading = readJunit(writeJunit([run(cases, { verdict })]));
      const count = (all: readonly TestCase[]) => all.filter(({ outcome }) => isFailing(outcome)).length;
      expect(reading.usable ? [reading.cases.length, count(reading.cases)] : reading).toEqual([
        cases.length,
        count(cases),
      ]);
    }),
    { numRuns: 60 },
  );
});
