import type { CaseOutcome } from "../../../orchestrator/schema/test-report.ts";
import type { ReportReading } from "../report-reading.ts";
import { outcomeOf, partOf } from "./case-outcome.ts";
import { failureProblem } from "./declared-counts.ts";
import type { JunitCase } from "./junit-document.ts";
import { type CaseReading, readDialect } from "./read-dialect.ts";

/**
 * Reads the JUnit dialect of pytest (`junit_family=xunit1`). What it declares counts subtests that it does not show, so its number of
 * tests is not compared. A case without a name is one in which the session ended: it has crashed.
 */
export function readPytestJunit(text: string): ReportReading {
  return readDialect(text, { readCase, problemOf: failureProblem });
}

function readCase(element: JunitCase): CaseReading {
  const { classname: suite = "", name, line = Number.NaN } = element.attributes;
  if (name === undefined) {
    const message = "the session ended in the middle of a test";
    return { outcome: "crashed", suite, isNamedByClass: true, name: "the session", message };
  }
  // pytest counts lines from 0.
  return { outcome: pytestOutcome(element), suite, isNamedByClass: true, line: Number(line) + 1 };
}

/** A worker of pytest-xdist that died, and what pytest-timeout ended, are told by the message only. */
function pytestOutcome(element: JunitCase): CaseOutcome {
  const message = partOf(element, "error", "failure")?.attributes["message"] ?? "";
  if (/^(?:failed on setup with ")?worker '[^']*' crashed while running /.test(message)) return "crashed";
  return /^Failed: Timeout \(?>/.test(message) ? "timeout" : outcomeOf(element);
}
