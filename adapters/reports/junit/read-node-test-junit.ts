import { isAbsolute } from "node:path";
import { isFailing } from "../../../orchestrator/schema/test-case.ts";
import type { TestCase } from "../../../orchestrator/schema/test-report.ts";
import type { ReportReading } from "../report-reading.ts";
import { outcomeOf } from "./case-outcome.ts";
import { declarationProblem } from "./declared-counts.ts";
import type { JunitCase, JunitSuite } from "./junit-document.ts";
import { type CaseReading, readDialect } from "./read-dialect.ts";

/**
 * Reads the JUnit dialect of `node --test`. A file of which no test was reported has crashed where its name says that it holds
 * tests, and counts as skipped where it does not, though the runner calls both passed.
 */
export function readNodeTestJunit(text: string): ReportReading {
  return readDialect(text, {
    readCase,
    problemOf: (root, cases) => declarationProblem(root) ?? summaryProblem(root, cases),
  });
}

function readCase(element: JunitCase): CaseReading {
  const outcome = outcomeOf(element);
  if (!isFileOfTests(element)) return { outcome, suite: "" };
  if (outcome !== "passed") return { outcome: outcome === "failed" ? "crashed" : outcome, suite: "" };
  const isNamedAsTest = testFileName.test(element.attributes["name"] ?? "");
  return {
    outcome: isNamedAsTest ? "crashed" : "skipped",
    suite: "",
    message: "the file ended without the report of a test in it",
  };
}

/**
 * The report shows the same line for an empty file, for a helper that the runner picked up in a folder of tests, and for a file whose
 * process left with exit code 0 before its tests were told. Only the name is left to go by: `a.test.js` without a test is refused, and
 * `test/helper.js` or `test-support.js` is not, since they need not have one.
 */
const testFileName = /(?:^|[/\\._-])(?:test|tests|spec)\.[cm]?[jt]sx?$/;

function isFileOfTests({ attributes }: JunitCase): boolean {
  const { name = "" } = attributes;
  const file = attributes["file"]?.replaceAll("\\", "/");
  if (!/\.[cm]?[jt]sx?$/.test(name)) return false;
  return isAbsolute(name) || file?.endsWith(`/${name.replaceAll("\\", "/")}`) === true;
}

/** A suite that fails by itself, after its cases passed, is told in the summary only. */
function summaryProblem(root: JunitSuite, cases: readonly TestCase[]): string | undefined {
  const failures = summaryCount(root, "fail") + summaryCount(root, "cancelled");
  if (failures === 0 || cases.some(({ outcome }) => isFailing(outcome))) return undefined;
  return `the summary of the report counts failures (${failures}), but no case of it failed: a suite or a hook did`;
}

function summaryCount(root: JunitSuite, what: string): number {
  const told = root.comments.flatMap((comment) => new RegExp(`^ ?${what} ([0-9]+) ?$`).exec(comment)?.[1] ?? []);
  return Number(told.at(-1) ?? 0);
}
