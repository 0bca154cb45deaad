import { readCargoTest } from "./read-cargo-test.ts";
import { readClosedGoJson } from "./read-go-json.ts";
import { readJestJson } from "./read-jest-json.ts";
import {
  readCtestJunit,
  readJunit,
  readNextestJunit,
  readNodeTestJunit,
  readPytestJunit,
  readSurefireJunit,
} from "./read-junit.ts";
import { readMochaJson } from "./read-mocha-json.ts";
import { readPythonUnittest } from "./read-python-unittest.ts";
import { readPlannedTap, readTap } from "./read-tap.ts";
import type { ReportReader } from "./report-reading.ts";

/** A case to write a report of. */
export interface WrittenCase {
  readonly name: string;
  readonly failed?: boolean;
}

/** What a report says of itself. */
export interface Declared {
  readonly tests: number;
  readonly failures: number;
}

/** A dialect of reports, and how to write one of it. */
export interface WrittenDialect {
  readonly name: string;
  readonly read: ReportReader;
  /** Real reports of runs that passed. */
  readonly passed: readonly string[];
  /** What the reader needs behind a real one. */
  readonly end?: string;
  /** A report of the cases, all of them in the suites of which each holds the next. */
  readonly write: (cases: readonly WrittenCase[], suites?: readonly string[], declared?: Partial<Declared>) => string;
  /** What of the declared numbers this dialect tells. */
  readonly declares: readonly (keyof Declared)[];
  /** Reports of one family are read by each other's readers. */
  readonly family: "junit" | "tap" | "other";
  /** Where a report is whole, though more follows. */
  readonly wholeAt?: RegExp;
}

type Write = WrittenDialect["write"];

function declaredOf(cases: readonly WrittenCase[], declared: Partial<Declared> = {}): Declared {
  return { tests: cases.length, failures: cases.filter(({ failed }) => failed === true).length, ...declared };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

interface JunitStyle {
  /** Attributes and content of a case that passed, and of one that failed. */
  readonly good: readonly [attributes: string, content: string];
  readonly bad: readonly [attributes: string, content: string];
  readonly root?: "testsuite";
  /** Written behind the suites. */
  readonly summary?: (declared: Declared) => string;
}

/** JUnit of a runner: suites in suites, with the counts on each of them. */
function junitWriter({ good, bad, root, summary }: JunitStyle): Write {
  return (cases, suites = ["suite"], declared) => {
    const told = declaredOf(cases, declared);
    const numbers = ` tests="${told.tests}" failures="${told.failures}" errors="0"`;
    const lines = cases.map(({ name, failed }) => {
      const [attributes, content] = failed === true ? bad : good;
      return `<testcase name="${escaped(name)}" classname="c" time="0.001"${attributes}>${content}</testcase>`;
    });
    const inner = suites.reduceRight(
      (text, suite) => `<testsuite name="${escaped(suite)}"${numbers}>${text}</testsuite>`,
      lines.join("\n"),
    );
    const whole = root === "testsuite" ? inner : `<testsuites${numbers}>${inner}${summary?.(told) ?? ""}</testsuites>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`;
  };
}

const failure: readonly [string, string] = ["", '<failure message="bad" type="AssertionError">at a.js:1</failure>'];

const writeGo: Write = (cases, suites = ["p"]) => {
  const line = (event: object) => JSON.stringify(event);
  const path = suites.join("/");
  const lines = cases.flatMap(({ name, failed }) => [
    line({ Action: "run", Package: path, Test: name }),
    line({ Action: failed === true ? "fail" : "pass", Package: path, Test: name, Elapsed: 0.01 }),
  ]);
  const end = cases.some(({ failed }) => failed === true) ? "fail" : "pass";
  return [line({ Action: "start", Package: path }), ...lines, line({ Action: end, Package: path }), ""].join("\n");
};

const writeTap: Write = (cases, suites = [], declared) => {
  const indent = "    ".repeat(suites.length);
  const points = cases.map(({ name, failed }, at) => `${indent}${failed === true ? "not " : ""}ok ${at + 1} - ${name}`);
  const { tests, failures } = declaredOf(cases, declared);
  const closing = suites.map((suite, depth) => {
    const outer = "    ".repeat(depth);
    return `${outer}${failures > 0 ? "not " : ""}ok 1 - ${suite}\n${outer}1..1`;
  });
  return ["TAP version 13", ...points, `${indent}1..${tests}`, ...closing.reverse(), `# fail ${failures}`, ""].join(
    "\n",
  );
};

const writeCargo: Write = (cases, suites = ["a"], declared) => {
  const { tests, failures } = declaredOf(cases, declared);
  const names = cases.map(
    ({ name, failed }) => `test ${[...suites, name].join("::")} ... ${failed === true ? "FAILED" : "ok"}`,
  );
  const result = failures > 0 ? "FAILED" : "ok";
  return [
    "     Running unittests src/lib.rs (target/debug/deps/sample-e6daf73c296d6df0)",
    ...["", `running ${tests} tests`, ...names, ""],
    `test result: ${result}. ${tests - failures} passed; ${failures} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s`,
    "",
  ].join("\n");
};

const writeJest: Write = (cases, suites = ["s"], declared) => {
  const { tests, failures } = declaredOf(cases, declared);
  const assertionResults = cases.map(({ name, failed }) => ({
    ...{ ancestorTitles: suites, title: name, duration: 1 },
    status: failed === true ? "failed" : "passed",
    failureMessages: failed === true ? ["Error: bad"] : [],
  }));
  return JSON.stringify({
    ...{ numTotalTests: tests, numFailedTests: failures, numTotalTestSuites: 1, success: failures === 0 },
    testResults: [{ name: "/p/a.test.js", status: failures > 0 ? "failed" : "passed", message: "", assertionResults }],
  });
};

const writeMocha: Write = (cases, suites = ["s"], declared) => {
  const { tests, failures } = declaredOf(cases, declared);
  const all = cases.map(({ name, failed = false }) => ({
    ...{ title: name, fullTitle: [...suites, name].join(" "), duration: 1, failed },
    err: failed ? { message: "bad" } : {},
  }));
  return JSON.stringify({
    stats: { tests, passes: tests - failures, pending: 0, failures },
    ...{
      tests: all,
      pending: [],
      passes: all.filter(({ failed }) => !failed),
      failures: all.filter(({ failed }) => failed),
    },
  });
};

const writeUnittest: Write = (cases, suites = ["m", "C"], declared) => {
  const { tests } = declaredOf(cases, declared);
  const lines = cases.flatMap(({ name, failed }) => {
    const id = [...suites, name].join(".");
    const end = { event: "end", id, outcome: failed === true ? "failed" : "passed", seconds: 0.1 };
    return [
      { event: "start", id },
      { ...end, message: failed === true ? "bad" : "", file: null, line: null },
    ];
  });
  return [...lines, { event: "complete", told: tests, planned: tests, loose: 0 }]
    .map((each) => `${JSON.stringify(each)}\n`)
    .join("");
};

const both = ["tests", "failures"] as const;
const plain: JunitStyle = { good: ["", ""], bad: failure };

function xml(name: string, read: ReportReader, passed: readonly string[], style: JunitStyle = plain): WrittenDialect {
  return { name, read, passed, write: junitWriter(style), declares: both, family: "junit" };
}

/** Every dialect that is read. */
export const writtenDialects: readonly WrittenDialect[] = [
  xml("JUnit of vitest", readJunit, ["vitest-4-passed.xml"]),
  xml("JUnit of jest", readJunit, ["jest-junit-17-passed.xml"]),
  xml("JUnit of node --test", readNodeTestJunit, ["node-20-passed.xml", "node-24-passed.xml"], {
    ...plain,
    summary: ({ tests, failures }) => `<!-- tests ${tests} --><!-- fail ${failures} --><!-- cancelled 0 -->`,
  }),
  { ...xml("JUnit of pytest", readPytestJunit, ["pytest-9-passed.xml"]), declares: ["failures"] },
  xml("JUnit of surefire", readSurefireJunit, ["surefire-3-passed.xml"]),
  xml("JUnit of Gradle", readSurefireJunit, ["gradle-8-passed.xml"]),
  xml("JUnit of nextest", readNextestJunit, ["nextest-0.9-passed.xml"], {
    ...plain,
    good: ["", "<system-out>\nrunning 1 test\ntest a ... ok\n\ntest result: ok. 1 passed\n</system-out>"],
  }),
  xml("JUnit of ctest", readCtestJunit, ["ctest-3.25-passed.xml"], {
    root: "testsuite",
    good: [' status="run"', "<system-out></system-out>"],
    bad: [' status="fail"', '<failure message=""/><system-out>bad</system-out>'],
  }),
  {
    ...{
      name: "go test -json",
      read: readClosedGoJson,
      passed: ["go-1.26-passed.jsonl"],
      end: '{"Action":"complete"}\n',
    },
    ...{ write: writeGo, declares: [], family: "other" },
  },
  {
    ...{ name: "TAP", read: readTap, passed: ["tape-5-passed.tap", "node-tap-21-passed.tap", "ava-6-passed.tap"] },
    ...{ write: writeTap, declares: ["tests"], family: "tap" },
  },
  {
    name: "TAP with a plan",
    read: readPlannedTap,
    passed: ["tape-5-passed.tap"],
    write: writeTap,
    declares: ["tests"],
    family: "tap",
    wholeAt: /^1\.\.[0-9]+\n/m,
  },
  {
    ...{ name: "cargo test", read: readCargoTest, passed: ["cargo-1.95-passed.txt"], end: "\ncargo test has ended\n" },
    ...{ write: writeCargo, declares: both, family: "other" },
  },
  {
    name: "JSON of jest",
    read: readJestJson,
    passed: ["jest-29-passed.json"],
    write: writeJest,
    declares: both,
    family: "other",
  },
  {
    name: "JSON of mocha",
    read: readMochaJson,
    passed: ["mocha-11-passed.json"],
    write: writeMocha,
    declares: both,
    family: "other",
  },
  {
    ...{ name: "Python's unittest", read: readPythonUnittest, passed: ["python-3.11-unittest-passed.jsonl"] },
    ...{ write: writeUnittest, declares: ["tests"], family: "other" },
  },
];
