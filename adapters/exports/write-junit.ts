import { escapeContent, escapeXml } from "../../orchestrator/io/documents/xml-text.ts";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { exportedCases, type TestRun } from "./test-run.ts";

const elements = {
  passed: null,
  failed: "failure",
  error: "error",
  timeout: "error",
  crashed: "error",
  skipped: "skipped",
  todo: "skipped",
  xfail: "skipped",
} as const satisfies Record<CaseOutcome, string | null>;

/**
 * All runs as one JUnit document, with the root `testsuites` that its readers agree on and a suite for each suite of cases. It holds a failure
 * or an error where any run failed. Throws a `TypeError` for no run at all.
 */
export function writeJunit(runs: readonly TestRun[]): string {
  if (runs.length === 0) throw new TypeError("a report of no run at all would read as green");
  const suites = runs.flatMap((run) => [...bySuite(run)].map(([name, cases]) => ({ run, name, cases })));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="codex-orchestrator" ${countsOf(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(({ run, name, cases }) => [
      `  <testsuite name="${escapeXml(name)}" ${countsOf(cases)} timestamp="${isoSecond(run.startedAt)}">`,
      ...cases.map(caseOf),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function bySuite(run: TestRun): ReadonlyMap<string, readonly TestCase[]> {
  const suites = new Map<string, TestCase[]>();
  for (const test of exportedCases(run)) {
    const name = test.suite === "" ? run.name : test.suite;
    const cases = suites.get(name) ?? [];
    if (cases.push(test) === 1) suites.set(name, cases);
  }
  return suites;
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (element: string) => cases.filter(({ outcome }) => elements[outcome] === element).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  return `${counts} time="${secondsOf(cases.reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0))}"`;
}

function caseOf({ suite, name, outcome, duration_ms, message, file, line }: TestCase): string {
  const place = `${file === undefined ? "" : ` file="${escapeXml(file)}"`}${line === undefined ? "" : ` line="${line}"`}`;
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"${place} time="${secondsOf(duration_ms ?? 0)}"`;
  const element = elements[outcome];
  if (element === null) return `${open}/>`;
  const [first = outcome] = (message ?? outcome).split("\n");
  const content = message === undefined ? "" : escapeContent(message);
  return `${open}><${element} type="${outcome}" message="${escapeXml(first)}">${content}</${element}></testcase>`;
}

function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** JUnit's schema has no fraction and no zone. */
function isoSecond(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19);
}
