import { panicPlace } from "../panic-place.ts";
import type { ReportReading } from "../report-reading.ts";
import { outcomeOf, partOf } from "./case-outcome.ts";
import type { JunitCase } from "./junit-document.ts";
import { type CaseReading, readDialect } from "./read-dialect.ts";

/**
 * Reads the JUnit dialect of cargo-nextest, each of whose tests is a process of its own. One that left with exit code 0 before libtest told its
 * result has crashed, though the runner calls it passed: it shows where the output of what passed is kept.
 */
export function readNextestJunit(text: string): ReportReading {
  return readDialect(text, { readCase });
}

function readCase(element: JunitCase): CaseReading {
  const outcome = outcomeOf(element);
  const failed = partOf(element, "failure", "error");
  if (failed !== undefined) {
    const isAbort = failed.attributes["type"] === "test abort";
    return { outcome: isAbort ? "crashed" : outcome, suite: "", ...panicPlace(failed.text) };
  }
  const output = partOf(element, "system-out")?.text;
  if (outcome !== "passed" || output === undefined || /^test result: ok\. /m.test(output))
    return { outcome, suite: "" };
  return { outcome: "crashed", suite: "", message: "the process of the test ended with 0 before it told a result" };
}
