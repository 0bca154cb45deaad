import { expect, test } from "vitest";
import { reportLengthMax } from "./report-reading.ts";
import { writtenDialects } from "./synthetic-reports.test-support.ts";

const count = 50_000;

test.each(writtenDialects)(
  "$name: a report of 50,000 cases is read whole, and without its end not at all",
  (dialect) => {
    const cases = Array.from({ length: count }, (_, at) => ({ name: `does what case ${at} says` }));
    const report = `${dialect.write(cases)}${dialect.end ?? ""}`;
    expect(report.length).toBeLessThan(reportLengthMax);
    const reading = dialect.read(report);
    expect(reading.usable && reading.cases.length).toBe(count);
    const end = dialect.wholeAt?.exec(report)?.index ?? report.trimEnd().length - 1;
    expect(dialect.read(report.slice(0, end)).usable).toBe(false);
  },
);
