import type { ReportReading } from "../report-reading.ts";
import { outcomeOf } from "./case-outcome.ts";
import { type JunitDialect, readDialect } from "./read-dialect.ts";

const dialect: JunitDialect = {
  readCase: (element) => ({ outcome: outcomeOf(element), suite: element.attributes["classname"] ?? "" }),
};

/**
 * Reads JUnit XML as most runners write it: a root of `testsuites` or `testsuite`, nested suites, cases directly under the
 * root. A document that is cut off, or that shows another number of cases than it declares, is refused.
 */
export function readJunit(text: string): ReportReading {
  return readDialect(text, dialect);
}
