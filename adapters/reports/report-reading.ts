import { stripVTControlCharacters } from "node:util";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";

/** What a report says: every case of it, or one sentence why it cannot be used. A part of a report is never returned. */
export type ReportReading =
  | { readonly usable: true; readonly cases: readonly TestCase[] }
  | { readonly usable: false; readonly problem: string };

/** Reads one dialect. Never throws for what the text holds. */
export type ReportReader = (text: string) => ReportReading;

/** Characters of the longest report that is read. */
export const reportLengthMax = 64 * 1024 * 1024;

const messageLengthMax = 2000;
const nameLengthMax = 500;

/** A reading that cannot be used, for the reason given. */
export function unusable(problem: string): ReportReading {
  return { usable: false, problem };
}

/** What a reader found of one case. */
export interface CaseFacts {
  readonly suite: string;
  readonly name: string;
  readonly outcome: CaseOutcome;
  readonly durationMs?: number | null | undefined;
  readonly message?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** A test case with its texts cut to a bounded length and without the facts that are missing or make no sense. */
export function testCase(facts: CaseFacts): TestCase {
  const { durationMs, message = "", file = "", line = 0 } = facts;
  const found: TestCase = {
    suite: cut(facts.suite, nameLengthMax),
    name: cut(facts.name, nameLengthMax),
    outcome: facts.outcome,
  };
  // Assigned one by one: spreading what is there costs as much as the parser does, and a report may hold 50,000 of these.
  if (typeof durationMs === "number" && durationMs >= 0 && Number.isFinite(durationMs)) found.duration_ms = durationMs;
  const said = message.trim();
  if (said !== "") found.message = cut(said, messageLengthMax);
  if (file !== "") found.file = cut(file, nameLengthMax);
  if (Number.isSafeInteger(line) && line > 0) found.line = line;
  return found;
}

function cut(raw: string, lengthMax: number): string {
  const text = readable(raw);
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}

/** Without colours and control characters, which a database or a terminal would trip over. */
function readable(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, "");
}
