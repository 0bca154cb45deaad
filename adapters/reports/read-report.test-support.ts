import { readFileSync } from "node:fs";
import type { ReportReading } from "./report-reading.ts";

/** A report that a real runner wrote. */
export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

/** One line for each case that was read. */
export function rows(reading: ReportReading): string[] {
  if (!reading.usable) throw new Error(reading.problem);
  return reading.cases.map(({ outcome, suite, name }) => `${outcome}: ${suite === "" ? "" : `${suite} > `}${name}`);
}

/** Why the report cannot be used. */
export function problemOf(reading: ReportReading): string {
  if (reading.usable) throw new Error("the report was read");
  return reading.problem;
}
