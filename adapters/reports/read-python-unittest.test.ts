import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPythonUnittest } from "./read-python-unittest.ts";
import type { ReportReading } from "./report-reading.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/python-3.11-unittest-${name}.jsonl`, import.meta.url), "utf8");

function rows(reading: ReportReading): string[] {
  if (!reading.usable) throw new Error(reading.problem);
  return reading.cases.map(({ outcome, suite, name }) => `${outcome}: ${suite === "" ? "" : `${suite} > `}${name}`);
}

test("every outcome is read, and what stands beside the tests as well", () => {
  expect(rows(readPythonUnittest(fixture("mixed")))).toEqual([
    "passed: test_a.Adds > test_adds",
    "failed: test_a.Adds > test_fails",
    "xfail: test_a.Adds > test_known",
    "skipped: test_a.Adds > test_later",
    "failed: test_a.Adds > test_passes",
    "failed: test_a.Adds > test_table",
    "error: test_a.Down > test_bad",
    "error: test_a.Down > test_ok",
    "skipped: test_a.Later > test_a",
    "error: setUpClass (test_a.Setup)",
    "error: unittest.loader._FailedTest > test_b",
  ]);
});

test("a stream whose end is missing shows the test that began, or is refused", () => {
  const lines = fixture("passed").trimEnd().split("\n");
  for (let count = 1; count < lines.length; count += 1) {
    const reading = readPythonUnittest(lines.slice(0, count).join("\n"));
    if (count % 2 === 1) expect(rows(reading).at(-1)).toMatch(/^crashed: test_a\.Adds > /);
    else expect(reading).toEqual({ usable: false, problem: "the stream of unittest was cut off" });
  }
});

test("a stream that counts itself otherwise, or left tests out, is refused", () => {
  const end = '{"event":"end","id":"a.b","outcome":"passed","seconds":0,"message":"","file":null,"line":null}\n';
  const complete = (told: number, planned: number, loose = 0) =>
    JSON.stringify({ event: "complete", told, planned, loose });
  const problemOf = (text: string) => {
    const reading = readPythonUnittest(text);
    return reading.usable ? null : reading.problem;
  };
  expect(problemOf(end + complete(1, 1))).toBeNull();
  expect(problemOf(end + complete(2, 2))).toBe("the stream of unittest counts 2 results, but holds 1");
  expect(problemOf(end + complete(1, 3))).toBe("unittest left after 1 of 3 tests");
  expect(problemOf(end + complete(1, 3, 1))).toBeNull();
  expect(problemOf(`${end}Segmentation fault\n${complete(1, 1)}`)).toMatch(
    /^line 2 of the stream of unittest is no event/,
  );
  expect(problemOf(Buffer.from(end, "utf16le").toString("utf8"))).toMatch(/^line 1 .* is no event/);
});
