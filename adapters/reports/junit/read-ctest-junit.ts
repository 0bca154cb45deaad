import type { CaseOutcome } from "../../../orchestrator/schema/test-report.ts";
import type { ReportReading } from "../report-reading.ts";
import { outcomeOf, partOf } from "./case-outcome.ts";
import type { JunitCase } from "./junit-document.ts";
import { type CaseReading, readDialect } from "./read-dialect.ts";

/**
 * Reads the JUnit dialect of ctest. A test that was not run is an error, such as one without its program, unless it skipped itself or is disabled.
 * `output` is what ctest printed: the report calls a crash and a timeout a failure, and only the summary there tells them apart.
 */
export function readCtestJunit(text: string, output = ""): ReportReading {
  const reasons = reasonsIn(output);
  return readDialect(text, { readCase: (element) => readCase(element, reasons) });
}

function reasonsIn(output: string): ReadonlyMap<string | undefined, string> {
  const lines = output.matchAll(/^[ \t]+[0-9]+ - (.{1,500}) \(([A-Za-z_: ]{1,40})\)\r?$/gm);
  return new Map([...lines].map(([, name, why = ""]) => [name, why]));
}

function readCase(element: JunitCase, reasons: ReadonlyMap<string | undefined, string>): CaseReading {
  const outcome = ctestOutcome(element);
  if (outcome !== "failed") return { outcome, suite: "" };
  const why = reasons.get(element.attributes["name"]) ?? "";
  return { outcome: failures[why] ?? outcome, suite: "", message: partOf(element, "system-out")?.text ?? "" };
}

/** Names that ctest's summary has for failures that are not told by the test itself. */
const failures: Readonly<Record<string, CaseOutcome>> = {
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

function ctestOutcome(element: JunitCase): CaseOutcome {
  const { status } = element.attributes;
  const reason = partOf(element, "skipped")?.attributes["message"] ?? "";
  if (status === "disabled") return "skipped";
  if (status === "notrun") return reason.startsWith("SKIP_") ? "skipped" : "error";
  const outcome = outcomeOf(element);
  return outcome === "passed" && status !== "run" ? "error" : outcome;
}
