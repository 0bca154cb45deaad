import { expect, test } from "vitest";
import { fixture, problemOf, rows } from "../read-report.test-support.ts";
import { readNodeTestJunit } from "./read-node-test-junit.ts";

test("cases stand directly under the root, and a failing TODO is a todo", () => {
  expect(rows(readNodeTestJunit(fixture("node-20-mixed.xml")))).toEqual([
    "passed: ok",
    "failed: bad",
    "skipped: skip",
    "todo: todo bad",
    "todo: todo ok",
    "passed: s > in & <x>",
    "failed: s > bad in",
  ]);
});

test("messages keep the stack and lose control characters and colours", () => {
  const reading = readNodeTestJunit(fixture("node-20-mixed.xml"));
  const message = reading.usable ? reading.cases.at(-1)?.message : "";
  expect(message).toContain("at async Promise.all");
  expect(message).toMatch(/^Error \[ERR_TEST_FAILURE\]: xy \n/);
});

test("a file that ended with exit code 0 inside of a test is not a test that passed", () => {
  expect(rows(readNodeTestJunit(fixture("node-20-exit-0-in-a-test.xml")))).toEqual(["crashed: /project/a.test.mjs"]);
});

test.each([
  ["/project/test/a.test.js", "crashed"],
  ["/project/src/a_test.ts", "crashed"],
  ["/project/a-tests.mjs", "crashed"],
  ["/project/a.spec.cts", "crashed"],
  ["/project/test.js", "crashed"],
  ["/project/test/helper.js", "skipped"],
  ["/project/test/test-support.js", "skipped"],
  ["/project/test/latest.js", "skipped"],
  ["/project/test/fixtures/contest.js", "skipped"],
])("%s without the report of a test in it has %s: its name says whether it has tests", (path, outcome) => {
  const text = `<testsuites><testcase name="${path}" time="0.1"/><testcase name="good"/></testsuites>`;
  expect(rows(readNodeTestJunit(text))).toEqual([`${outcome}: ${path}`, "passed: good"]);
});

test("newer releases name such a file by its relative path", () => {
  expect(rows(readNodeTestJunit(fixture("node-24-mixed.xml")))).toEqual([
    "crashed: test/crash.test.js",
    "crashed: test/empty.test.js",
    "skipped: test/helper.js",
    "passed: one",
    "failed: bad",
  ]);
});

test("a killed process, a late exception and a timeout are told apart", () => {
  expect(rows(readNodeTestJunit(fixture("node-20-killed.xml")))).toEqual(["crashed: /project/a.test.mjs"]);
  expect(rows(readNodeTestJunit(fixture("node-20-uncaught.xml")))).toContain("crashed: /project/a.test.mjs");
  expect(rows(readNodeTestJunit(fixture("node-20-timeout.xml")))).toEqual(["timeout: p"]);
});

test("a suite that fails by itself is told by the summary only, and the report is refused", () => {
  expect(problemOf(readNodeTestJunit(fixture("node-20-suite-fails-itself.xml")))).toContain("counts failures (1)");
});

test("a run without tests is a valid report without cases", () => {
  expect(rows(readNodeTestJunit(fixture("node-20-no-tests.xml")))).toEqual([]);
});
