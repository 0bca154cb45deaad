import { isAbsolute } from "node:path";
import { isFailing } from "../../orchestrator/schema/test-case.ts";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { panicPlace } from "./panic-place.ts";
import { parseXml, type XmlElement } from "./parse-xml.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

/**
 * Reads JUnit XML as most runners write it: a root of `testsuites` or `testsuite`, nested suites, cases directly under the
 * root. A document that is cut off, or that shows another number of cases than it declares, is refused.
 */
export function readJunit(text: string): ReportReading {
  return readDocument(text, readGenericCase);
}

/**
 * Reads the JUnit dialect of `node --test`. A file of which no test was reported has crashed where its name says that it holds
 * tests, and counts as skipped where it does not, though the runner calls both passed.
 */
export function readNodeTestJunit(text: string): ReportReading {
  return readDocument(
    text,
    readNodeTestCase,
    (root, cases) => declarationProblem(root) ?? nodeTestProblem(root, cases),
  );
}

/**
 * Reads the JUnit dialect of pytest (`junit_family=xunit1`). What it declares counts subtests that it does not show, so its number of
 * tests is not compared. A case without a name is one in which the session ended: it has crashed.
 */
export function readPytestJunit(text: string): ReportReading {
  return readDocument(text, readPytestCase, failureProblem);
}

/**
 * Reads the JUnit dialect of cargo-nextest, each of whose tests is a process of its own. One that left with exit code 0 before libtest told its
 * result has crashed, though the runner calls it passed: it shows where the output of what passed is kept.
 */
export function readNextestJunit(text: string): ReportReading {
  return readDocument(text, readNextestCase);
}

/**
 * Reads the JUnit dialect of ctest. A test that was not run is an error, such as one without its program, unless it skipped itself or is disabled.
 * `output` is what ctest printed: the report calls a crash and a timeout a failure, and only the summary there tells them apart.
 */
export function readCtestJunit(text: string, output = ""): ReportReading {
  const reasons = new Map(
    [...output.matchAll(/^[ \t]+[0-9]+ - (.{1,500}) \(([A-Za-z_: ]{1,40})\)\r?$/gm)].map(([, name, why]) => [
      name,
      why,
    ]),
  );
  return readDocument(text, (element) => {
    const outcome = ctestOutcome(element);
    const why = outcome === "failed" ? reasons.get(element.attributes.get("name")) : undefined;
    const message =
      outcome === "failed" ? (element.children.find(({ name }) => name === "system-out")?.text ?? "") : undefined;
    return {
      outcome: why === undefined ? outcome : (ctestFailures[why] ?? outcome),
      suite: "",
      ...(message === undefined ? {} : { message }),
    };
  });
}

/** Names that ctest's summary has for failures that are not told by the test itself. */
const ctestFailures: Readonly<Record<string, CaseOutcome>> = {
  Timeout: "timeout",
  SEGFAULT: "crashed",
  ILLEGAL: "crashed",
  INTERRUPT: "crashed",
  NUMERICAL: "crashed",
  OTHER_FAULT: "crashed",
  BAD_COMMAND: "error",
  "Subprocess aborted": "crashed",
  "Subprocess killed": "crashed",
};

function ctestOutcome(element: XmlElement): CaseOutcome {
  const status = element.attributes.get("status");
  const skipped = element.children.find(({ name }) => name === "skipped")?.attributes.get("message") ?? "";
  if (status === "disabled") return "skipped";
  if (status === "notrun") return skipped.startsWith("SKIP_") ? "skipped" : "error";
  return outcomeOf(element) === "passed" && status !== "run" ? "error" : outcomeOf(element);
}

/**
 * Reads the JUnit dialect of Maven's surefire, which Gradle writes as well, many reports joined under one root. A case without a name is
 * the class itself: its set-up failed. A test that passed when it was tried again has passed. Where tests are tried again, more are shown
 * than declared, so only fewer are refused.
 */
export function readSurefireJunit(text: string): ReportReading {
  return readDocument(text, readSurefireCase, (root) => countProblem(root, isAtLeast) ?? failureProblem(root));
}

interface CaseReading {
  readonly outcome: CaseOutcome;
  /** The suite of a case that stands in none. */
  readonly suite: string;
  /** True where that is the suite wherever the case stands. */
  readonly isNamedByClass?: boolean;
  readonly name?: string;
  readonly message?: string;
  /** Where it failed, where the dialect has no attributes for that. */
  readonly file?: string;
  readonly line?: number;
}

type CaseReader = (element: XmlElement) => CaseReading;

function readDocument(
  text: string,
  readCase: CaseReader,
  problemOf: (root: XmlElement, cases: readonly TestCase[]) => string | undefined = declarationProblem,
): ReportReading {
  const document = parseXml(text);
  if (!document.valid) return unusable(`the JUnit report is not a complete XML document: ${document.problem}`);
  const { root } = document;
  if (!isSuite(root))
    return unusable(`the root of the JUnit report is <${root.name}>, not <testsuites> or <testsuite>`);
  const cases = casesIn(root, [], readCase);
  const problem = problemOf(root, cases);
  return problem === undefined ? { usable: true, cases } : unusable(problem);
}

function isSuite(element: XmlElement): boolean {
  return element.name === "testsuites" || element.name === "testsuite";
}

function casesIn(suite: XmlElement, above: readonly string[], readCase: CaseReader): TestCase[] {
  const name = suite.name === "testsuite" ? (suite.attributes.get("name") ?? "") : "";
  const path = name === "" ? above : [...above, name];
  return suite.children.flatMap((child) => {
    if (child.name === "testcase") return [caseOf(child, path, suite, readCase)];
    return isSuite(child) ? casesIn(child, path, readCase) : [];
  });
}

function caseOf(element: XmlElement, path: readonly string[], suite: XmlElement, readCase: CaseReader): TestCase {
  const seconds = Number.parseFloat(element.attributes.get("time")?.replaceAll(",", "") ?? "");
  const told = readCase(element);
  return testCase({
    suite: path.length > 0 && told.isNamedByClass !== true ? path.join(" > ") : told.suite,
    name: told.name ?? element.attributes.get("name") ?? "",
    outcome: told.outcome,
    durationMs: seconds * 1000,
    message: told.message ?? messageIn(element),
    file: told.file ?? element.attributes.get("file") ?? suite.attributes.get("file"),
    line: told.line ?? Number(element.attributes.get("line")),
  });
}

function messageIn(element: XmlElement): string {
  const told = element.children.find(({ name }) => name === "failure" || name === "error" || name === "skipped");
  const message = told?.attributes.get("message") ?? element.attributes.get("failure") ?? "";
  // A skipped test without a reason says "true" in some dialects.
  if (message === "true") return "";
  const body = told?.text.trim() ?? "";
  return body.includes(message) ? body : [message, body].join("\n");
}

const readGenericCase: CaseReader = (element) => {
  return { outcome: outcomeOf(element), suite: element.attributes.get("classname") ?? "" };
};

function outcomeOf(element: XmlElement): CaseOutcome {
  const child = (name: string) => element.children.find((candidate) => candidate.name === name);
  const skipped = child("skipped");
  if (skipped?.attributes.get("type") === "todo") return "todo";
  const failed = child("error") ?? child("failure");
  if (failed !== undefined) return failureOutcome(failed);
  if (skipped !== undefined) return skipped.attributes.get("type") === "pytest.xfail" ? "xfail" : "skipped";
  return attributeOutcome(element);
}

function failureOutcome(failed: XmlElement): CaseOutcome {
  const type = failed.attributes.get("type") ?? "";
  const message = failed.attributes.get("message") ?? "";
  if (/timed?out/i.test(type) || /^test timed out\b/i.test(message)) return "timeout";
  if (type === "cancelledByParent" || failed.name === "error") return "error";
  return "failed";
}

function attributeOutcome(element: XmlElement): CaseOutcome {
  const told = (element.attributes.get("status") ?? element.attributes.get("result") ?? "").toLowerCase();
  if (element.attributes.has("failure") || told.startsWith("fail")) return "failed";
  if (told.startsWith("error")) return "error";
  return /^(?:notrun|skip|disabled|suppressed|pending)/.test(told) ? "skipped" : "passed";
}

const readPytestCase: CaseReader = (element) => {
  const suite = element.attributes.get("classname") ?? "";
  const name = element.attributes.get("name");
  if (name === undefined) {
    const message = "the session ended in the middle of a test";
    return { outcome: "crashed", suite, isNamedByClass: true, name: "the session", message };
  }
  // pytest counts lines from 0.
  const line = Number(element.attributes.get("line") ?? Number.NaN) + 1;
  return { outcome: pytestOutcome(element), suite, isNamedByClass: true, line };
};

const readSurefireCase: CaseReader = (element) => {
  const suite = element.attributes.get("classname") ?? "";
  const name = element.attributes.get("name") || "the class";
  const flaky = element.children.filter((child) => child.name === "flakyFailure" || child.name === "flakyError");
  const message =
    flaky.length === 0 ? {} : { message: `passed when it was tried again, having failed ${flaky.length}x` };
  return { outcome: outcomeOf(element), suite, isNamedByClass: suite !== "", name, ...message };
};

/** A worker of pytest-xdist that died, and what pytest-timeout ended, are told by the message only. */
function pytestOutcome(element: XmlElement): CaseOutcome {
  const failed = element.children.find(({ name }) => name === "error" || name === "failure");
  const message = failed?.attributes.get("message") ?? "";
  if (/^(?:failed on setup with ")?worker '[^']*' crashed while running /.test(message)) return "crashed";
  return /^Failed: Timeout \(?>/.test(message) ? "timeout" : outcomeOf(element);
}

const readNodeTestCase: CaseReader = (element) => {
  const outcome = outcomeOf(element);
  if (!isFileOfTests(element)) return { outcome, suite: "" };
  if (outcome !== "passed") return { outcome: outcome === "failed" ? "crashed" : outcome, suite: "" };
  const isNamedAsTest = testFileName.test(element.attributes.get("name") ?? "");
  return {
    outcome: isNamedAsTest ? "crashed" : "skipped",
    suite: "",
    message: "the file ended without the report of a test in it",
  };
};

const readNextestCase: CaseReader = (element) => {
  const outcome = outcomeOf(element);
  const failed = element.children.find(({ name }) => name === "failure" || name === "error");
  const type = failed?.attributes.get("type") ?? "";
  if (failed !== undefined)
    return { outcome: type === "test abort" ? "crashed" : outcome, suite: "", ...panicPlace(failed.text) };
  const output = element.children.find(({ name }) => name === "system-out")?.text;
  if (outcome !== "passed" || output === undefined || /^test result: ok\. /m.test(output))
    return { outcome, suite: "" };
  return { outcome: "crashed", suite: "", message: "the process of the test ended with 0 before it told a result" };
};

/**
 * The report shows the same line for an empty file, for a helper that the runner picked up in a folder of tests, and for a file whose
 * process left with exit code 0 before its tests were told. Only the name is left to go by: `a.test.js` without a test is refused, and
 * `test/helper.js` or `test-support.js` is not, since they need not have one.
 */
const testFileName = /(?:^|[/\\._-])(?:test|tests|spec)\.[cm]?[jt]sx?$/;

function isFileOfTests(element: XmlElement): boolean {
  const name = element.attributes.get("name") ?? "";
  const file = element.attributes.get("file")?.replaceAll("\\", "/");
  if (!/\.[cm]?[jt]sx?$/.test(name)) return false;
  return isAbsolute(name) || file?.endsWith(`/${name.replaceAll("\\", "/")}`) === true;
}

/** A suite that fails by itself, after its cases passed, is told in the summary only. */
function nodeTestProblem(root: XmlElement, cases: readonly TestCase[]): string | undefined {
  const failures = summaryCount(root, "fail") + summaryCount(root, "cancelled");
  if (failures === 0 || cases.some(({ outcome }) => isFailing(outcome))) return undefined;
  return `the summary of the report counts failures (${failures}), but no case of it failed: a suite or a hook did`;
}

function summaryCount(root: XmlElement, what: string): number {
  const told = root.comments.flatMap((comment) => new RegExp(`^ ?${what} ([0-9]+) ?$`).exec(comment)?.[1] ?? []);
  return Number(told.at(-1) ?? 0);
}

function declarationProblem(root: XmlElement): string | undefined {
  return countProblem(root) ?? failureProblem(root);
}

const isSame = (shown: number, declared: number): boolean => shown === declared;
const isAtLeast = (shown: number, declared: number): boolean => shown >= declared;

/** Dialects differ in what `tests` counts: all cases below, or direct children only. Any other number means that cases are missing. */
function countProblem(suite: XmlElement, isRight = isSame): string | undefined {
  const nested = suite.children.filter(isSuite);
  const direct = nested.length + suite.children.filter(({ name }) => name === "testcase").length;
  const declared = declaredCount(suite, "tests");
  const all = countCases(suite, () => true);
  if (declared !== undefined && !isRight(all, declared) && !isRight(direct, declared)) {
    return `${label(suite)} declares ${declared} tests, but the report holds ${all}`;
  }
  return nested.map((child) => countProblem(child, isRight)).find((problem) => problem !== undefined);
}

function failureProblem(suite: XmlElement): string | undefined {
  const failures = (declaredCount(suite, "failures") ?? 0) + (declaredCount(suite, "errors") ?? 0);
  const failed = countCases(suite, (element) =>
    element.children.some(({ name }) => name === "failure" || name === "error"),
  );
  if (failures > 0 && failed === 0) return `${label(suite)} declares ${failures} failures, but no case of it failed`;
  const inside = suite.children.filter(isSuite);
  return inside.map(failureProblem).find((problem) => problem !== undefined);
}

function declaredCount(suite: XmlElement, attribute: string): number | undefined {
  const text = suite.attributes.get(attribute);
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

function countCases(suite: XmlElement, isCounted: (element: XmlElement) => boolean): number {
  return suite.children.reduce((sum, child) => {
    if (child.name === "testcase") return sum + (isCounted(child) ? 1 : 0);
    return isSuite(child) ? sum + countCases(child, isCounted) : sum;
  }, 0);
}

function label(suite: XmlElement): string {
  const name = suite.attributes.get("name");
  return name === undefined ? `<${suite.name}>` : `<${suite.name} name="${name.slice(0, 100)}">`;
}
