import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixture, problemOf, rows } from "../read-report.test-support.ts";
import { readJunit } from "./read-generic-junit.ts";
import { readNodeTestJunit } from "./read-node-test-junit.ts";

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
});

describe("any report", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab<>&\"' \n]-!/=?é") });
  const child = fc.oneof(
    fc.constant(""),
    text.map((reason) => `<skipped message="${escapeXml(reason)}"/>`),
    text.map((reason) => `<failure message="${escapeXml(reason)}">${escapeXml(reason)}</failure>`),
    text.map((reason) => `<system-out><![CDATA[${reason.replaceAll("]", "")}]]></system-out>`),
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

  test("is refused where its text holds the end of a CDATA section, as XML has it", () => {
    const whole = '<testsuites><testcase name="a"><system-out>x ]]> y</system-out></testcase></testsuites>';
    expect(problemOf(readJunit(whole))).toContain("]]>");
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
  return raw.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function splice(whole: string, extra: string, at: number): string {
  const position = at % whole.length;
  return whole.slice(0, position) + extra + whole.slice(position);
}
