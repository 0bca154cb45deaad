import { z } from "zod";
import { isFailing } from "../../orchestrator/schema/test-case.ts";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { parseJsonReport } from "./parse-json-report.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

const Assertion = z.object({
  ancestorTitles: z.array(z.string()),
  title: z.string(),
  status: z.string(),
  duration: z.number().nullish(),
  failureMessages: z.array(z.string()).nullish(),
  location: z.object({ line: z.number() }).nullish(),
});

const FileResult = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string(),
  assertionResults: z.array(Assertion),
});
type FileResult = z.infer<typeof FileResult>;

const JestReport = z.object({
  numTotalTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number().default(0),
  numTotalTestSuites: z.number(),
  success: z.boolean(),
  wasInterrupted: z.boolean().default(false),
  testResults: z.array(FileResult),
});

/** Reads what `jest --json` writes. A file that did not load is one case with the outcome `error`. */
export function readJestJson(text: string): ReportReading {
  return parseJsonReport(text, "jest report", JestReport, (report) => {
    if (report.wasInterrupted) return unusable("the jest report says that the run was interrupted");
    const told = report.testResults.reduce((sum, file) => sum + file.assertionResults.length, 0);
    if (told !== report.numTotalTests)
      return unusable(`the jest report declares ${report.numTotalTests} tests, but holds ${told}`);
    const cases = report.testResults.flatMap(casesOf);
    const failures = report.numFailedTests + report.numRuntimeErrorTestSuites;
    if ((failures > 0 || !report.success) && !cases.some(({ outcome }) => isFailing(outcome))) {
      return unusable(
        `the jest report says success: ${report.success} with ${failures} failures, but no case of it failed`,
      );
    }
    return { usable: true, cases };
  });
}

function casesOf(file: FileResult): TestCase[] {
  const cases = file.assertionResults.map((assertion) =>
    testCase({
      suite: assertion.ancestorTitles.join(" > "),
      name: assertion.title,
      outcome: outcomeOf(assertion.status, assertion.failureMessages ?? []),
      durationMs: assertion.duration,
      message: assertion.failureMessages?.join("\n"),
      file: file.name,
      line: assertion.location?.line,
    }),
  );
  const isUnexplained = file.status === "failed" && !cases.some(({ outcome }) => isFailing(outcome));
  if (!isUnexplained) return cases;
  return [...cases, testCase({ suite: "", name: file.name, outcome: "error", message: file.message, file: file.name })];
}

const outcomes: ReadonlyMap<string, CaseOutcome> = new Map([
  ["passed", "passed"],
  ["pending", "skipped"],
  ["skipped", "skipped"],
  ["disabled", "skipped"],
  ["todo", "todo"],
]);

function outcomeOf(status: string, messages: readonly string[]): CaseOutcome {
  const outcome = outcomes.get(status) ?? "failed";
  const isTimeout = outcome === "failed" && messages.some((message) => /exceeded timeout of/i.test(message));
  return isTimeout ? "timeout" : outcome;
}
