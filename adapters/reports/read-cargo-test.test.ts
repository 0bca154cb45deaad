import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cargoTestEnd, readCargoTest } from "./read-cargo-test.ts";
import { readNextestJunit } from "./read-junit.ts";
import type { ReportReading } from "./report-reading.ts";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
const cargo = (name: string) => readCargoTest(fixture(`cargo-1.95-${name}.txt`));
const nextest = (name: string) => readNextestJunit(fixture(`nextest-0.9-${name}.xml`));

function casesIn(reading: ReportReading) {
  if (!reading.usable) throw new Error(reading.problem);
  return reading.cases;
}
const rows = (reading: ReportReading) =>
  casesIn(reading).map(({ outcome, suite, name }) => `${outcome}: ${suite} > ${name}`);
const problemOf = (reading: ReportReading) => (reading.usable ? "" : reading.problem);

const units = [
  "passed: sample src/lib.rs > tests::adds",
  "skipped: sample src/lib.rs > tests::later",
  "skipped: sample src/lib.rs > tests::never",
  "passed: sample src/lib.rs > tests::panics",
];
const examples = [
  "passed: sample documentation > src/lib.rs",
  "passed: sample documentation > src/lib.rs - add",
  "passed: sample documentation > src/lib.rs - add (2)",
];

test("every program is a suite, with why a test is ignored, and examples are told apart without their lines", () => {
  const reading = cargo("passed");
  expect(rows(reading).sort()).toEqual([...units, "passed: calls tests/calls.rs > calls", ...examples].sort());
  expect(casesIn(reading)).toContainEqual(
    expect.objectContaining({ name: "tests::later", message: "not yet, see below ... ok" }),
  );
  expect(casesIn(reading)).toContainEqual(
    expect.objectContaining({ name: "src/lib.rs - add", file: "src/lib.rs", line: 9 }),
  );
  expect(rows(cargo("edition-2024")).sort()).toEqual([...units, ...examples].sort());
});

test.each(["mixed", "one-thread"])("%s: what a failed test printed is its message, and never a result", (name) => {
  const reading = cargo(name);
  expect(
    rows(reading)
      .filter((row) => row.includes(" bad "))
      .sort(),
  ).toEqual([
    "failed: bad tests/bad.rs > does_not_panic",
    "failed: bad tests/bad.rs > errs",
    "failed: bad tests/bad.rs > fails",
    "passed: bad tests/bad.rs > prints_without_a_line_end",
  ]);
  const failed = casesIn(reading).filter(({ outcome }) => outcome === "failed");
  expect(failed.find(({ name }) => name === "fails")).toMatchObject({
    file: "tests/bad.rs",
    line: 4,
    message: expect.stringContaining("assertion `left == right` failed: no"),
  });
  expect(failed.find(({ name }) => name === "errs")?.message).toBe('Error: "bad"');
  expect(failed.find(({ name }) => name === "does_not_panic")).toMatchObject({ line: 9 });
});

test.each([
  ["aborted", "the program", "signal: 6, SIGABRT"],
  ["aborted-one-thread", "aborts", "signal: 6, SIGABRT"],
  ["exit-0-in-a-test", "the program", "ended before its tests did"],
])("%s: the program crashed, and the others are told", (name, test, why) => {
  const reading = cargo(name);
  const [crashed, ...more] = casesIn(reading).filter(({ outcome }) => outcome === "crashed");
  expect(more).toEqual([]);
  expect(crashed).toMatchObject({ suite: "bad tests/bad.rs", name: test, message: expect.stringContaining(why) });
  expect(rows(reading)).toEqual(expect.arrayContaining([...units, ...examples]));
});

test("what does not compile is an error with its place, and a program that announces no tests has crashed", () => {
  expect(casesIn(cargo("not-compiling"))).toEqual([
    expect.objectContaining({ outcome: "error", name: "the build", file: "tests/bad.rs", line: 3 }),
  ]);
  expect(rows(cargo("own-harness"))).toEqual(["crashed: own tests/own.rs > the program"]);
  expect(rows(cargo("no-tests"))).toEqual([]);
});

test("a test that prints results of its own is refused, not counted", () => {
  expect(problemOf(cargo("prints-results"))).toBe(
    '"running 1 test" stands in the output of bad tests/bad.rs where no test is told: something else wrote it',
  );
});

const program = (...lines: string[]) =>
  readCargoTest(
    ["     Running tests/a.rs (target/debug/deps/a-0123456789abcdef)", "", ...lines, cargoTestEnd].join("\n"),
  );
const ok = (passed: number) => `test result: ok. ${passed} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out`;

test.each([
  ["a result too many", ["running 1 test", "test a ... ok", "test b ... ok", ok(1)]],
  ["a result too few", ["running 2 tests", "test a ... ok", ok(2)]],
  ["another sum", ["running 2 tests", "test a ... ok", "test b ... ignored", ok(2)]],
  ["a failure called ok", ["running 1 test", "test a ... FAILED", ok(0)]],
  ["a result outside", ["test a ... ok", "running 0 tests", ok(0)]],
  ["a second summary", ["running 1 test", "test a ... ok", ok(1), ok(1)]],
  ["an end that is not told", ["running 1 test", "test a ... something", ok(1)]],
])("%s is refused", (_, lines) => {
  expect(program(...lines).usable).toBe(false);
});

test("lines of any kind between the results change nothing", () => {
  const junk = fc.constantFrom("", "hello", "error: x", "ok", "failures", "a test", "test", "\u0000\uFFFD", "<xml/>");
  fc.assert(
    fc.property(fc.array(junk), fc.array(junk), (before, after) => {
      const reading = program(
        ...before,
        "running 2 tests",
        ...after,
        "test a ... ok",
        ...after,
        "test b ... ok",
        ok(2),
      );
      expect(rows(reading)).toEqual(["passed: a tests/a.rs > a", "passed: a tests/a.rs > b"]);
    }),
    { numRuns: 30 },
  );
});

test("two programs of one name are told apart, and what a bench measured has passed", () => {
  const one = ["     Running tests/a.rs (target/debug/deps/a-0123456789abcdef)", "running 1 test"];
  const measured = "test result: ok. 0 passed; 0 failed; 0 ignored; 1 measured; 0 filtered out; finished in 1.20s";
  const lines = [
    ...one,
    "test x ... bench: 12 ns/iter (+/- 1)",
    measured,
    ...one,
    "test x ... ok",
    ok(1),
    cargoTestEnd,
  ];
  expect(rows(readCargoTest(lines.join("\r\n")))).toEqual(["passed: a tests/a.rs > x", "passed: a tests/a.rs (2) > x"]);
});

test("a very long line is no result", () => {
  const long = `${"test a ... ".repeat(100_000)}`;
  expect(program("running 1 test", long, "test a ... ok", ok(1)).usable).toBe(false);
});

test.each(["", "\uFEFF", "running 1 test\ntest a ... ok\n", fixture("cargo-1.95-passed.txt").slice(0, -3)])(
  "output without its end line is refused: %j",
  (text) => expect(problemOf(readCargoTest(text))).toBe("the output of cargo test was cut off"),
);

test("output in another encoding is refused", () => {
  const utf16 = Buffer.from(fixture("cargo-1.95-passed.txt"), "utf16le");
  expect(readCargoTest(utf16.toString("utf8")).usable).toBe(false);
});

test("nextest tells each test by itself: what aborts has crashed, what is slow timed out, with places", () => {
  expect(rows(nextest("passed")).sort()).toEqual([
    "passed: sample > tests::adds",
    "passed: sample > tests::panics",
    "passed: sample::calls > calls",
  ]);
  expect(rows(nextest("mixed")).sort()).toEqual([
    "crashed: sample::slow > aborts",
    "failed: sample::bad > does_not_panic",
    "failed: sample::bad > errs",
    "failed: sample::bad > fails",
    "passed: sample > tests::adds",
    "passed: sample > tests::panics",
    "passed: sample::bad > prints_without_a_line_end",
    "passed: sample::calls > calls",
    "timeout: sample::slow > hangs",
  ]);
  expect(casesIn(nextest("mixed")).find(({ name }) => name === "fails")).toMatchObject({
    file: "tests/bad.rs",
    line: 4,
  });
});

test("a test that left with 0 before its result is crashed, though nextest calls it passed", () => {
  expect(rows(nextest("exit-0-in-a-test"))).toContain("crashed: sample::bad > leaves");
  expect(fixture("nextest-0.9-exit-0-in-a-test.xml")).toContain('failures="0"');
});
