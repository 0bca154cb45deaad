import type { CaseOutcome, TestCase } from "../../../orchestrator/schema/test-report.ts";
import { type ReportReading, testCase, unusable } from "../report-reading.ts";
import { messageIn } from "./case-outcome.ts";
import { declarationProblem } from "./declared-counts.ts";
import { type JunitCase, type JunitSuite, readJunitDocument } from "./junit-document.ts";

/** What a dialect says of a case. */
export interface CaseReading {
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

/** What a dialect makes of a case, and why a whole report of it cannot be used. */
export interface JunitDialect {
  readonly readCase: (element: JunitCase) => CaseReading;
  /** Where left out, a report that holds another number of cases than it declares is refused. */
  readonly problemOf?: (root: JunitSuite, cases: readonly TestCase[]) => string | undefined;
}

/** Reads a report of one dialect: root of `testsuites` or `testsuite`, nested suites, cases at any level of them. Never throws. */
export function readDialect(text: string, { readCase, problemOf = declarationProblem }: JunitDialect): ReportReading {
  const cases: TestCase[] = [];
  const document = readJunitDocument(text, (element, suite) => cases.push(caseOf(element, suite, readCase(element))));
  if (!document.valid) return unusable(document.problem);
  const problem = problemOf(document.root, cases);
  return problem === undefined ? { usable: true, cases } : unusable(problem);
}

function caseOf(element: JunitCase, suite: JunitSuite, told: CaseReading): TestCase {
  const { attributes } = element;
  const seconds = Number.parseFloat(attributes["time"]?.replaceAll(",", "") ?? "");
  return testCase({
    suite: suite.path !== "" && told.isNamedByClass !== true ? suite.path : told.suite,
    name: told.name ?? attributes["name"] ?? "",
    outcome: told.outcome,
    durationMs: seconds * 1000,
    message: told.message ?? messageIn(element),
    file: told.file ?? attributes["file"] ?? suite.attributes["file"],
    line: told.line ?? Number(attributes["line"]),
  });
}
