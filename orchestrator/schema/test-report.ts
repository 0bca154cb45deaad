import { z } from "zod";
import { GitHash } from "./primitives.ts";

/** How one test ended. */
export const CaseOutcome = z.enum(["passed", "failed", "error", "skipped", "todo", "xfail", "timeout", "crashed"]);
export type CaseOutcome = z.infer<typeof CaseOutcome>;

/** One test. Durations in milliseconds, where the runner told them. */
export const TestCase = z.strictObject({
  suite: z.string(),
  name: z.string(),
  outcome: CaseOutcome,
  duration_ms: z.number().nonnegative().optional(),
  message: z.string().optional(),
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
});
export type TestCase = z.infer<typeof TestCase>;

export const CommandStatus = z.enum(["exited", "signalled", "timed_out", "aborted", "failed_to_start"]);
export type CommandStatus = z.infer<typeof CommandStatus>;

/** The goals that the gates require where the adapter has commands for them. */
export const CheckGoal = z.enum(["build", "lint", "test"]);
export type CheckGoal = z.infer<typeof CheckGoal>;

/** The goals that an adapter may have commands for. `format` tells whether the files are formatted; it writes none of them. */
export const PlanGoal = z.enum([...CheckGoal.options, "format"]);
export type PlanGoal = z.infer<typeof PlanGoal>;

/**
 * What one command of the adapter showed. `verdict` is `passed` only for exit code 0 and, for tests, a valid and complete
 * report of the runner's own with more than zero tests that ran and none that failed.
 */
export const CheckResult = z.strictObject({
  goal: PlanGoal,
  command: z.array(z.string()),
  status: CommandStatus,
  exit_code: z.number().int().nullable(),
  duration_ms: z.number().nonnegative(),
  verdict: z.enum(["passed", "failed"]),
  reason: z.string().describe("one sentence: why the verdict is what it is"),
  /** The dialect of the report that was read, or null where there was none (only tests have one). */
  report: z.string().nullable(),
  counts: z.partialRecord(CaseOutcome, z.number().int().nonnegative()),
  /** Only the cases that did not pass, at most 200; null where no report was read. */
  not_passed: z.array(TestCase).max(200).nullable(),
  output_tail: z.string().describe("the end of what the command printed, redacted"),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** What the checks showed of one tree. Assembled by the runner from what the commands did, never from what a model says. */
export const TestReport = z.strictObject({
  tree: GitHash,
  /** Goals the adapter has commands for: each must have a result. */
  required: z.array(CheckGoal),
  checks: z.array(CheckResult),
});
export type TestReport = z.infer<typeof TestReport>;
