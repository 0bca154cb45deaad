import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJunit, readNodeTestJunit, readPytestJunit, readSurefireJunit } from "./read-junit.ts";
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

describe("node --test", () => {
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
});

describe("vitest", () => {
  test("every outcome is read, a file that does not compile as well", () => {
    expect(rows(readJunit(fixture("vitest-4-mixed.xml")))).toEqual([
      "passed: a.test.js > ok",
      "failed: a.test.js > bad",
      "skipped: a.test.js > sk",
      "skipped: a.test.js > td",
      "passed: a.test.js > xf",
      "passed: a.test.js > s & <x> > in",
      "timeout: a.test.js > s & <x> > to",
      "failed: b.test.js > b.test.js",
      "failed: c.test.js > c.test.js",
      "failed: d.test.js > e",
      "passed: d.test.js > after",
    ]);
  });

  test("a run without tests is a valid report without cases", () => {
    expect(rows(readJunit(fixture("vitest-4-no-tests.xml")))).toEqual([]);
  });
});

describe("pytest", () => {
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
});

describe("surefire", () => {
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
});

describe("other dialects", () => {
  test("the root may be a testsuite, with a file and lines", () => {
    const text = `<testsuite name="S" tests="1" file="a.py"><testcase classname="c" name="n" time="1,000.5" line="7"/></testsuite>`;
    expect(readJunit(text)).toEqual({
      usable: true,
      cases: [{ suite: "S", name: "n", outcome: "passed", duration_ms: 1_000_500, file: "a.py", line: 7 }],
    });
  });

  test("pytest's expected failure, an error, and both a skip and a failure", () => {
    const text = `<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="2" tests="4">
      <testcase classname="t" name="x"><skipped type="pytest.xfail" message="known"/></testcase>
      <testcase classname="t" name="collect"><error message="collection failure">E</error></testcase>
      <testcase classname="t" name="both"><skipped message="no"/><failure message="yes"/></testcase>
      <testcase classname="t" name="s"><skipped type="pytest.skip" message="no"/></testcase>
    </testsuite></testsuites>`;
    expect(rows(readJunit(text))).toEqual([
      "xfail: pytest > x",
      "error: pytest > collect",
      "failed: pytest > both",
      "skipped: pytest > s",
    ]);
  });

  test("a status in an attribute counts, without an element for it", () => {
    const text = `<testsuites><testcase name="a" status="notrun"/><testcase name="b" result="failed"/><testcase name="c" status="run"/></testsuites>`;
    expect(rows(readJunit(text))).toEqual(["skipped: a", "failed: b", "passed: c"]);
  });

  test("another number of tests than declared is refused", () => {
    const text = `<testsuites><testsuite name="s" tests="3"><testcase name="a"/><testcase name="b"/></testsuite></testsuites>`;
    expect(problemOf(readJunit(text))).toBe('<testsuite name="s"> declares 3 tests, but the report holds 2');
  });

  test("declared failures that no case shows are refused", () => {
    const text = `<testsuites tests="1" failures="1"><testcase name="a"/></testsuites>`;
    expect(problemOf(readJunit(text))).toContain("declares 1 failures, but no case of it failed");
  });

  test("an entity bomb, two documents in one, another root and a foreign encoding are refused", () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><testsuites><testcase name="&b;"/></testsuites>`;
    const one = `<?xml version="1.0"?><testsuites><testcase name="a"/></testsuites>`;
    expect(problemOf(readJunit(bomb))).toContain("DOCTYPE");
    expect(problemOf(readJunit(one + one))).toContain("1:72: an XML declaration must be at the start");
    expect(problemOf(readJunit("<testsuites/><testsuites/>"))).toContain("may contain only one root");
    expect(problemOf(readJunit("<html><body/></html>"))).toContain("root of the JUnit report is <html>");
    expect(problemOf(readJunit(Buffer.from(one, "utf16le").toString("utf8")))).toContain(
      "its encoding is UTF-16, not UTF-8",
    );
    expect(problemOf(readJunit(""))).toContain("it is empty");
  });

  test("a page that a test printed is no declaration", () => {
    const page =
      "<!-- <!DOCTYPE html> --><testcase name='a'><system-out><![CDATA[<!DOCTYPE html><!-- ]]></system-out></testcase>";
    expect(rows(readJunit(`<testsuites>${page}</testsuites>`))).toEqual(["passed: a"]);
    expect(problemOf(readJunit(`<testsuites>${page}<!DOCTYPE a></testsuites>`))).toContain("doctype");
  });

  test("a mark for the byte order is no fault", () => {
    expect(rows(readJunit(`\uFEFF<testsuites><testcase name="a"/></testsuites>`))).toEqual(["passed: a"]);
  });

  test("50,000 cases are read whole", () => {
    const cases = Array.from(
      { length: 50_000 },
      (_, index) => `<testcase classname="c" name="n${index}" time="0.001"/>`,
    );
    const reading = readJunit(
      `<testsuites tests="50000"><testsuite name="s" tests="50000">${cases.join("\n")}</testsuite></testsuites>`,
    );
    expect(reading.usable && reading.cases.length).toBe(50_000);
  });
});

describe("any report", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab<>&\"' \n]-!/=?é") });
  const child = fc.oneof(
    fc.constant(""),
    text.map((reason) => `<skipped message="${escapeXml(reason)}"/>`),
    text.map((reason) => `<failure message="${escapeXml(reason)}">${escapeXml(reason)}</failure>`),
    text.map((reason) => `<system-out><![CDATA[${reason.replaceAll("]]>", "")}]]></system-out>`),
  );
  const testcase = fc
    .tuple(text, child)
    .map(([name, inner]) => `<testcase name="${escapeXml(name)}">${inner}</testcase>`);
  const report = fc
    .array(fc.array(testcase, { maxLength: 4 }), { maxLength: 3 })
    .map((suites) => suites.map((cases) => `<testsuite name="s" tests="${cases.length}">${cases.join("")}</testsuite>`))
    .map((suites) => `<?xml version="1.0"?>\n<testsuites>${suites.join("\n")}</testsuites>\n`);

  test("is read whole, with as many cases as it has, and is refused when cut off", () => {
    fc.assert(
      fc.property(report, fc.nat(), (whole, at) => {
        const reading = readJunit(whole);
        expect(reading.usable && reading.cases.length).toBe(whole.split("<testcase ").length - 1);
        expect(readJunit(whole.slice(0, at % whole.trimEnd().length)).usable).toBe(false);
      }),
    );
  });

  test("is never an exception, whatever its text is", () => {
    const noise = fc.oneof(
      fc.string(),
      fc.tuple(report, fc.string(), fc.nat()).map(([whole, extra, at]) => splice(whole, extra, at)),
    );
    fc.assert(fc.property(noise, (any) => typeof readNodeTestJunit(any).usable === "boolean"));
  });
});

function escapeXml(raw: string): string {
  return raw.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function splice(whole: string, extra: string, at: number): string {
  const position = at % whole.length;
  return whole.slice(0, position) + extra + whole.slice(position);
}
