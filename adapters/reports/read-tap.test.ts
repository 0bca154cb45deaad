import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTap } from "./read-tap.ts";
import type { ReportReading } from "./report-reading.ts";

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

function rows(reading: ReportReading): string[] {
  if (!reading.usable) throw new Error(reading.problem);
  return reading.cases.map(({ outcome, suite, name }) => `${outcome}: ${suite === "" ? "" : `${suite} > `}${name}`);
}

function problemOf(reading: ReportReading): string {
  if (reading.usable) throw new Error("the report was read");
  return reading.problem;
}

test("ava's stream is read, with the details of a failure as its message", () => {
  const reading = readTap(fixture("ava-6-mixed.tap"));
  expect(rows(reading)).toEqual(["skipped: sk", "todo: td", "passed: ok", "failed: bad", "passed: xf"]);
  expect(reading.usable && reading.cases[3]?.message).toContain("Difference (- actual, + expected)");
});

test("tape's stream is read, also where a test is called ok", () => {
  expect(rows(readTap(fixture("tape-5-mixed.tap")))).toEqual([
    "passed: should be truthy",
    "failed: should be strictly equal",
    "todo: should be truthy",
  ]);
  expect(rows(readTap(fixture("tape-5-passed.tap")))).toEqual(["passed: two", "passed: says <hi> & bye"]);
});

test.each(["node-tap-16-mixed.tap", "node-tap-21-mixed.tap"])(
  "subtests of %s are counted in place of their parents",
  (name) => {
    expect(rows(readTap(fixture(name)))).toEqual([
      "passed: test/a.test.mjs > ok > p",
      "failed: test/a.test.mjs > bad > should be equal",
      "skipped: test/a.test.mjs > sk",
      "todo: test/a.test.mjs > td",
      "passed: test/b.test.mjs > fine",
      "skipped: test/c.test.mjs",
    ]);
  },
);

test("a parent that fails though its subtests passed is a failure of its own", () => {
  const text = "TAP version 14\n    ok 1 - inner\n    1..1\nnot ok 1 - outer\n1..1\n# time=1ms\n";
  expect(rows(readTap(text))).toEqual(["passed: outer > inner", "failed: outer"]);
});

test("subtests in braces are read", () => {
  const text = "ok 1 - outer {\n    ok 1 - inner\n    not ok 2 - bad\n    1..2\n}\n1..1\n# time=1ms\n";
  expect(rows(readTap(text))).toEqual(["passed: outer > inner", "failed: outer > bad"]);
});

test("a failure below a TODO is a todo", () => {
  const text = "    not ok 1 - inner\n    1..1\nnot ok 1 - outer # TODO later\n1..1\n# time=1ms\n";
  expect(rows(readTap(text))).toEqual(["todo: outer > inner"]);
});

test("other lines are ignored, such as those of a package manager", () => {
  expect(
    rows(
      readTap("\n> x@1.0.0 test\n> tape\n\nTAP version 13\nhello\nok 1 a\n\n1..1\n# tests 1\n# ok\n\nDone in 1s.\n"),
    ),
  ).toEqual(["passed: a"]);
});

test.each([
  ["no TAP at all", "hello\n", "the output holds no TAP"],
  ["a plan for more tests", "ok 1 a\n1..2\n# ok\n", "the plan is 2, but there are 1"],
  ["a test that forged a result", "ok 1 a\nok 7 forged\n1..1\n# ok\n", "the plan is 1, but there are 2"],
  ["no plan", "ok 1 a\n# ok\n", "the plan is missing"],
  ["two runs in one output", "ok 1 a\n1..1\n# ok\nok 1 b\n1..1\n# ok\n", "two plans"],
  ["no summary", "ok 1 a\n1..1\n", "the summary after its plan is missing"],
  ["a run that was given up", "ok 1 a\nBail out! no database\n1..1\n# ok\n", "given up: Bail out! no database"],
  ["details without an end", "not ok 1 a\n  ---\n  at: x\n1..1\n# ok\n", "the details that begin in line 2 do not end"],
  ["subtests without a parent", "ok 1 a\n    ok 1 b\n    1..1\n1..1\n# ok\n", "it ends inside of a test"],
  ["subtests with another plan", "    ok 1 b\n    1..2\nok 1 a\n1..1\n# ok\n", "the plan is 2, but there are 1"],
  ["a total that does not fit", "ok 1 a\n# { total: 2, pass: 2 }\n# time=1ms\n", "declares 2 tests, but holds 1"],
])("%s is refused", (_, text, problem) => {
  expect(problemOf(readTap(text))).toContain(problem);
});

test("no text is an exception, and no part of a stream is a whole one", () => {
  const names = fc.array(fc.string({ unit: fc.constantFrom(..."ab #-{}.1\\ok") }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(names, fc.nat(), (titles, at) => {
      const points = titles.map((title, index) => `ok ${index + 1} - a${title}b`);
      const whole = ["TAP version 13", ...points, "", `1..${points.length}`, "# fail 0", ""].join("\n");
      const reading = readTap(whole);
      expect(reading.usable && reading.cases.length).toBe(points.length);
      expect(readTap(whole.slice(0, at % whole.length)).usable).toBe(false);
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ok1.#{}- \nnt!") }),
      (any) => typeof readTap(any).usable === "boolean",
    ),
  );
});
