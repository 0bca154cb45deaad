import type { ReportReading } from "../report-reading.ts";
import { outcomeOf } from "./case-outcome.ts";
import { shortfallProblem } from "./declared-counts.ts";
import type { JunitCase } from "./junit-document.ts";
import { type CaseReading, readDialect } from "./read-dialect.ts";

/**
 * Reads the JUnit dialect of Maven's surefire, which Gradle writes as well, many reports joined under one root. A case without a name is
 * the class itself: its set-up failed. A test that passed when it was tried again has passed. Where tests are tried again, more are shown
 * than declared, so only fewer are refused.
 */
export function readSurefireJunit(text: string): ReportReading {
  return readDialect(text, { readCase, problemOf: shortfallProblem });
}

function readCase(element: JunitCase): CaseReading {
  const { classname: suite = "", name = "" } = element.attributes;
  const flaky = element.parts.filter((part) => part.name === "flakyFailure" || part.name === "flakyError");
  const message =
    flaky.length === 0 ? {} : { message: `passed when it was tried again, having failed ${flaky.length}x` };
  return {
    outcome: outcomeOf(element),
    suite,
    isNamedByClass: suite !== "",
    name: name === "" ? "the class" : name,
    ...message,
  };
}
