import { z } from "zod";
import type { CaseOutcome } from "../../orchestrator/schema/test-report.ts";
import { parseJsonReport } from "./parse-json-report.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

const MochaTest = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: z.string().nullish(),
  duration: z.number().nullish(),
  err: z
    .object({ message: z.string().optional(), stack: z.string().optional(), code: z.unknown().optional() })
    .default({}),
});
type MochaTest = z.infer<typeof MochaTest>;

const MochaReport = z.object({
  stats: z.object({ tests: z.number(), passes: z.number(), pending: z.number(), failures: z.number() }),
  tests: z.array(z.unknown()),
  pending: z.array(MochaTest),
  failures: z.array(MochaTest),
  passes: z.array(MochaTest),
});

/** Reads what mocha's `json` reporter writes. A hook that failed is a case with the outcome `error`. */
export function readMochaJson(text: string): ReportReading {
  return parseJsonReport(text, "mocha report", MochaReport, (report) => {
    const wrong = (["tests", "passes", "pending", "failures"] as const).find(
      (list) => report.stats[list] !== report[list].length,
    );
    if (wrong !== undefined) {
      return unusable(`the mocha report declares ${report.stats[wrong]} ${wrong}, but holds ${report[wrong].length}`);
    }
    const told = report.passes.length + report.pending.length + report.failures.length;
    if (told < report.tests.length)
      return unusable(`the mocha report tells how ${told} of its ${report.tests.length} tests ended`);
    const cases = [
      ...report.passes.map((test) => caseOf(test, "passed")),
      ...report.pending.map((test) => caseOf(test, "skipped")),
      ...report.failures.map((test) => caseOf(test, failureOutcome(test))),
    ];
    return { usable: true, cases };
  });
}

function caseOf(test: MochaTest, outcome: CaseOutcome) {
  const suite = test.fullTitle.endsWith(test.title) ? test.fullTitle.slice(0, -test.title.length).trim() : "";
  return testCase({
    suite,
    name: test.title,
    outcome,
    durationMs: test.duration,
    message: test.err.stack ?? test.err.message,
    file: test.file ?? undefined,
  });
}

function failureOutcome(test: MochaTest): CaseOutcome {
  if (test.err.code === "ERR_MOCHA_TIMEOUT") return "timeout";
  return /^"(?:before|after)(?: (?:all|each))" hook\b/.test(test.title) ? "error" : "failed";
}
