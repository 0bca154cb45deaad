import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readGoJson } from "./read-go-json.ts";
import type { ReportReading } from "./report-reading.ts";

const fixture = (name: string) => readFileSync(new URL(`./fixtures/go-1.26-${name}.jsonl`, import.meta.url), "utf8");
const sample = "example.com/sample";

function rows(reading: ReportReading): string[] {
  if (!reading.usable) throw new Error(reading.problem);
  return reading.cases.map(({ outcome, suite, name }) => `${outcome}: ${suite} > ${name}`);
}

test("tests are read with their subtests in their place, a skip as such, and a package without tests says nothing", () => {
  expect(rows(readGoJson(fixture("passed")))).toEqual([
    `passed: ${sample}/ok > TestAdds`,
    `passed: ${sample}/ok > TestTable/one`,
    `passed: ${sample}/ok > TestTable/two_words`,
    `skipped: ${sample}/ok > TestLater`,
    `passed: ${sample}/ok > Example`,
  ]);
  expect(rows(readGoJson(fixture("no-tests")))).toEqual([]);
});

test("a failure is told once, by the subtest that failed, with its line", () => {
  const reading = readGoJson(fixture("mixed"));
  expect(rows(reading).filter((row) => !row.startsWith("passed") && !row.startsWith("skipped"))).toEqual([
    `failed: ${sample}/bad > TestFails/inner`,
  ]);
  expect(reading.usable && reading.cases.find(({ outcome }) => outcome === "failed")).toMatchObject({
    line: 9,
    message: expect.stringContaining("want 1, got 2"),
  });
});

test.each([
  ["panic", `crashed: ${sample}/bad > TestPanics`],
  ["exit-0-in-a-test", `crashed: ${sample}/bad > TestExits`],
  ["killed", `crashed: ${sample}/early > TestKilled`],
  ["timeout", `timeout: ${sample}/slow > TestHangs`],
  ["not-compiling", `error: ${sample}/nobuild > the package`],
  ["main-without-tests", `crashed: ${sample}/main > the package`],
])("%s: the report shows %s", (name, row) => {
  expect(rows(readGoJson(fixture(name)))).toContain(row);
});

test("what the compiler said stands with the package that did not compile", () => {
  const reading = readGoJson(fixture("not-compiling"));
  const error = reading.usable ? reading.cases.find(({ outcome }) => outcome === "error") : undefined;
  expect(error?.message).toContain("nobuild/a.go:3:24: too many return values");
});

test("a stream that is cut off anywhere is refused, or shows what did not end", () => {
  const lines = fixture("passed").trimEnd().split("\n");
  for (let count = 0; count < lines.length; count += 1) {
    const reading = readGoJson(lines.slice(0, count).join("\n"));
    const last = lines.slice(0, count).filter((line) => line.includes('"Package":"example.com/sample/ok"'));
    if (last.some((line) => /"Action":"pass","Package":"[^"]+","Elapsed"/.test(line))) continue;
    expect(reading.usable, `${count} lines`).toBe(false);
  }
  expect(readGoJson(fixture("passed").slice(0, 900)).usable).toBe(false);
});

test("what a compiler prints between the events, as older versions of Go do, is refused with its line", () => {
  const text = `# ${sample}/nobuild\n./a.go:3:24: too many return values\n${fixture("passed")}`;
  expect(readGoJson(text)).toMatchObject({ usable: false, problem: expect.stringMatching(/^line 1 .*no event/) });
  expect(readGoJson('{"Action":7}')).toMatchObject({ usable: false });
});
