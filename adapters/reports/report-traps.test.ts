import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CheckReading } from "../../orchestrator/schema/adapter-port.ts";
import { isFailing } from "../../orchestrator/schema/test-case.ts";
import { outcomeOf } from "../adapter.contract.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeTests } from "./judge-check.ts";
import { type WrittenDialect, writtenDialects } from "./synthetic-reports.test-support.ts";

const plan = checkPlanOf(commandPlan({ goal: "test", argv: ["run-tests"], reportFile: "/reports/report" }));

/** The reading of a command that ended with exit code 0: all that keeps it from being green is its report. */
function readingOf({ read, name }: Pick<WrittenDialect, "read" | "name">, report: string | null): CheckReading {
  return judgeTests(plan, outcomeOf(), report, name, read);
}

function real({ end = "" }: WrittenDialect, file: string): string {
  const text = readFileSync(new URL(`./fixtures/${file}`, import.meta.url), "utf8");
  return text.trimEnd().endsWith(end.trim()) ? text : `${text.trimEnd()}\n${end}`;
}

function written(dialect: WrittenDialect, ...[cases, suites, declared]: Parameters<WrittenDialect["write"]>): string {
  return `${dialect.write(cases, suites, declared)}${dialect.end ?? ""}`;
}

/** The report, read as UTF-8 as every report is. */
function reencoded(text: string, encoding: "latin1" | "utf16le", mark = ""): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(`${mark}${text}`, encoding));
}

function bigEndian(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(text, "utf16le").swap16());
}

const two = [{ name: "one" }, { name: "two" }] as const;

describe.each(writtenDialects)("$name", (dialect) => {
  const reports = [...dialect.passed.map((file) => real(dialect, file)), written(dialect, two)];
  const verdictOf = (report: string | null) => readingOf(dialect, report).verdict;

  test("whole, it is green with exit code 0 and with nothing else", () => {
    for (const report of reports) {
      expect(readingOf(dialect, report)).toMatchObject({ verdict: "passed", counts: { passed: expect.any(Number) } });
      for (const outcome of [outcomeOf({ exitCode: 1 }), outcomeOf({ status: "timed_out", exitCode: 0 })])
        expect(judgeTests(plan, outcome, report, dialect.name, dialect.read).verdict).toBe("failed");
    }
  });

  test("cut off anywhere, it is not green", () => {
    for (const report of reports) {
      const whole = dialect.wholeAt?.exec(report);
      const end = whole ? whole.index + whole[0].length - 1 : report.trimEnd().length;
      const lineEnds = [...report.slice(0, end).matchAll(/[\n>}]/g)].map(({ index }) => index + 1);
      const spread = Array.from({ length: 100 }, (_, at) => Math.floor((at * end) / 100));
      const places = [...spread, ...lineEnds.slice(-60), end - 2, end - 1];
      const fooled = places.filter((at) => at < end && verdictOf(report.slice(0, at)) === "passed");
      expect(fooled).toEqual([]);
    }
  });

  test("missing, empty, without a test or of another kind, it is not green", () => {
    const foreign = writtenDialects.filter(({ family }) => family === "other" || family !== dialect.family);
    const others = foreign.filter(({ name }) => name !== dialect.name).map((other) => written(other, two));
    for (const text of [null, "", " \n\t\n", "\uFEFF", "\0\0\0", "null", "[]", written(dialect, []), ...others])
      expect([text, verdictOf(text)]).toEqual([text, "failed"]);
  });

  test("in UTF-16 it is not green, and a mark for the byte order changes nothing", () => {
    for (const report of reports) {
      for (const text of [
        reencoded(report, "utf16le"),
        reencoded(report, "utf16le", "\uFEFF"),
        bigEndian(report),
        bigEndian(`\uFEFF${report}`),
      ])
        expect(verdictOf(text)).toBe("failed");
      expect(readingOf(dialect, `\uFEFF${report}`).cases).toEqual(readingOf(dialect, report).cases);
    }
  });

  test("in Latin-1 it loses letters and no case, or is refused", () => {
    const report = written(dialect, [{ name: "é" }, { name: "è2", failed: true }]);
    const { verdict, cases } = readingOf(dialect, reencoded(report, "latin1"));
    expect(verdict).toBe("failed");
    expect(cases?.map(({ outcome }) => isFailing(outcome))).toEqual([false, true]);
    const declared = reencoded(report.replace("UTF-8", "ISO-8859-1"), "latin1");
    if (dialect.family === "junit")
      expect(readingOf(dialect, declared).reason).toContain("its encoding is ISO-8859-1, not UTF-8");
  });

  test("control characters and colours in it are dropped or refused, and no exception", () => {
    for (const raw of [
      "a\u001B[31mb\u001B[0m",
      "a\u0000b",
      "a\u0007\u0008\u000Bb",
      "a\u009Bb",
      "a\uFFFEb",
      "a\uD800b",
    ]) {
      const { cases = [] } = readingOf(dialect, written(dialect, [{ name: raw }, { name: "bad", failed: true }]));
      for (const { name } of cases) expect(name).not.toMatch(/\p{Cc}/u);
      if (cases.length > 0) expect(cases.some(({ outcome }) => isFailing(outcome))).toBe(true);
    }
  });

  test("cases of one name are both there: a failed one is not hidden by one that passed", () => {
    for (const failed of [
      [false, true],
      [true, false],
    ]) {
      const report = written(
        dialect,
        failed.map((each) => ({ name: "same", failed: each })),
      );
      const { verdict, counts } = readingOf(dialect, report);
      expect(verdict).toBe("failed");
      if (dialect.name !== "go test -json") expect(counts).toMatchObject({ passed: 1, failed: 1 });
    }
  });

  test("a failure deep inside of suites is found, under their names", () => {
    const suites = ["outer", "middle", "inner"];
    const deep = readingOf(dialect, written(dialect, [{ name: "good" }, { name: "bad", failed: true }], suites));
    expect(deep).toMatchObject({ verdict: "failed", counts: { passed: 1, failed: 1 } });
    const isNamedByClass = /pytest|surefire|Gradle/.test(dialect.name);
    const [bad] = deep.not_passed ?? [];
    expect(`${bad?.suite} ${bad?.name}`).toMatch(isNamedByClass ? /^c bad$/ : /outer.*middle.*inner.*bad$/);
    expect(verdictOf(written(dialect, two, suites))).toBe("passed");
  });

  test.runIf(dialect.declares.includes("tests"))("it declares more tests than it holds, and is not green", () => {
    expect(verdictOf(written(dialect, two, undefined, { tests: 3 }))).toBe("failed");
  });

  test.runIf(dialect.declares.includes("failures"))(
    "it declares failures that it does not show, and is not green",
    () => {
      expect(verdictOf(written(dialect, two, undefined, { failures: 1 }))).toBe("failed");
    },
  );

  test("it declares no failure and shows one, and is not green", () => {
    expect(verdictOf(written(dialect, [{ name: "bad", failed: true }], undefined, { failures: 0 }))).toBe("failed");
  });

  test.runIf(dialect.family === "junit")(
    "entity bombs, two roots and what stands around the root are not green",
    () => {
      for (const report of reports) {
        const bodyAt = report.startsWith("<?xml") ? report.indexOf("?>") + 2 : 0;
        const head = report.slice(0, bodyAt);
        const body = report.slice(bodyAt);
        const using = (entity: string) => body.replace(/name="/, `name="&${entity};`);
        const levels = Array.from({ length: 10 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join(
          "",
        );
        const traps = [
          `${head}<!DOCTYPE testsuites [<!ENTITY e0 "ha">${levels}]>${using("e10")}`,
          `${head}<!DOCTYPE testsuites [<!ENTITY x SYSTEM "file:///etc/passwd">]>${using("x")}`,
          `${head}<!DOCTYPE testsuites>${body}`,
          `${head}${using("undeclared")}`,
          ...[
            report + body,
            report + report,
            `${report}garbage`,
            `${report}<testcase name="late"/>`,
            `garbage${report}`,
          ],
        ];
        for (const trap of traps) expect(verdictOf(trap)).toBe("failed");
      }
    },
  );
});

describe("a failure outside of any case", () => {
  const outside: readonly (readonly [dialect: string, file: string, shown: RegExp])[] = [
    ["JUnit of vitest", "vitest-4-mixed.xml", /b\.test\.js/],
    ["JUnit of node --test", "node-20-exit-0-in-a-test.xml", /a\.test\.mjs/],
    ["JUnit of node --test", "node-20-killed.xml", /a\.test\.mjs/],
    ["JUnit of node --test", "node-20-uncaught.xml", /a\.test\.mjs/],
    ["JUnit of node --test", "node-20-suite-fails-itself.xml", /a suite or a hook did/],
    ["JUnit of pytest", "pytest-9-collection-error.xml", /tests\.test_b/],
    ["JUnit of pytest", "pytest-9-exit-in-a-test.xml", /the session/],
    ["JUnit of pytest", "pytest-9-worker-crashed.xml", /test_k/],
    ["JUnit of surefire", "surefire-3-mixed.xml", /the class/],
    ["JUnit of Gradle", "gradle-8-mixed.xml", /initializationError/],
    ["JUnit of nextest", "nextest-0.9-exit-0-in-a-test.xml", /./],
    ["go test -json", "go-1.26-not-compiling.jsonl", /the package/],
    ["go test -json", "go-1.26-exit-0-in-a-test.jsonl", /./],
    ["cargo test", "cargo-1.95-not-compiling.txt", /the build/],
    ["cargo test", "cargo-1.95-exit-0-in-a-test.txt", /./],
    ["JSON of jest", "jest-29-mixed.json", /b\.test\.js/],
    ["JSON of mocha", "mocha-11-mixed.json", /"before all" hook/],
  ];

  test.each(outside)("%s: %s is not green, also with exit code 0", (name, file, shown) => {
    const dialect = writtenDialects.find((each) => each.name === name);
    if (dialect === undefined) throw new Error(`${name} is no dialect`);
    const { verdict, reason, not_passed } = readingOf(dialect, real(dialect, file));
    expect(verdict).toBe("failed");
    expect([reason, ...(not_passed ?? []).map((each) => each.name)].join("\n")).toMatch(shown);
  });

  test("jest-junit leaves out files that did not load and counts no todo: the first is told by the exit code, the second refused", () => {
    const [dialect] = writtenDialects.filter(({ name }) => name === "JUnit of jest");
    if (dialect === undefined) throw new Error("there is no such dialect");
    expect(readingOf(dialect, real(dialect, "jest-junit-17-mixed.xml"))).toMatchObject({
      verdict: "failed",
      reason: expect.stringContaining("declares 4 tests, but the report holds 5"),
    });
  });
});
