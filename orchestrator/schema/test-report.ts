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

/** Which project of a repository something is of. */
const project = {
  /** Its folder, relative to the repository; absent for the root. */
  root: z.string().optional(),
  /** Its adapter; only where several share the folder. */
  adapter: z.string().optional(),
};

/**
 * What one command of the adapter showed. `verdict` is `passed` only for exit code 0 and, for tests, a valid and complete
 * report of the runner's own with more than zero tests that ran and none that failed.
 */
export const CheckResult = z.strictObject({
  goal: PlanGoal,
  ...project,
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

/** The cases of one report in short, suite by suite: what a comparison needs of each. */
export const CaseList = z.array(
  z.strictObject({
    suite: z.string(),
    file: z.string().optional(),
    names: z.partialRecord(CaseOutcome, z.array(z.string())),
  }),
);
export type CaseList = z.infer<typeof CaseList>;

/** A check, with all cases of its report where they could be read. */
export const CheckWithCases = z.strictObject({ check: CheckResult, cases: CaseList.optional() });
export type CheckWithCases = z.infer<typeof CheckWithCases>;

/** What became of a case between the base and the change. Each case is of exactly one kind. */
export const CaseChangeKind = z.enum([
  "pass_to_fail",
  "removed",
  "skipped_now",
  "new",
  "fail_to_fail",
  "fail_to_pass",
  "still_skipped",
  "pass_to_pass",
]);
export type CaseChangeKind = z.infer<typeof CaseChangeKind>;

const count = z.number().int().nonnegative();
const countsOfKind = {
  ...{ pass_to_fail: count, removed: count, skipped_now: count, new: count },
  ...{ fail_to_fail: count, fail_to_pass: count, still_skipped: count, pass_to_pass: count },
} as const satisfies Record<CaseChangeKind, typeof count>;

/** How many cases are of each kind, and how many the runs of the base disagree about. */
export const ComparisonCounts = z.strictObject({ ...countsOfKind, flaky: count });
export type ComparisonCounts = z.infer<typeof ComparisonCounts>;

/** One case before and after. */
export const CaseChange = z.strictObject({
  kind: CaseChangeKind,
  ...project,
  suite: z.string(),
  name: z.string(),
  file: z.string().optional(),
  /** What each run of the base's tests said of it; null where it was not there. */
  base: z.array(CaseOutcome.nullable()),
  /** The worst that the runs of the change's tests said of it; null where it was not there. */
  head: CaseOutcome.nullable(),
});
export type CaseChange = z.infer<typeof CaseChange>;

/** What the tests of the base say beside those of a change, as it is recorded. */
export const TestComparison = z.strictObject({
  base_tree: GitHash,
  base: z
    .array(
      CheckResult.pick({
        ...{ root: true, adapter: true, status: true, exit_code: true, report: true, counts: true, reason: true },
      }),
    )
    .describe("each run of the base's tests, in order, of one project after the other"),
  /** Null where no run of the base left a list. */
  counts: ComparisonCounts.nullable(),
  /** The same of each project where there are several; a case is compared with those of its own project alone. */
  projects: z.array(z.strictObject({ ...project, counts: ComparisonCounts.nullable() })).optional(),
  /** The cases that say something, those that count against the change first. */
  cases: z.array(CaseChange).max(1000),
  /** How many cases that count against the change are not among them. */
  worse_left_out: count,
});
export type TestComparison = z.infer<typeof TestComparison>;

/** What the checks showed of one tree. Assembled by the runner from what the commands did, never from what a model says. */
export const TestReport = z.strictObject({
  tree: GitHash,
  /** Goals the adapter has commands for: each must have a result. */
  required: z.array(CheckGoal),
  /** Where there are several projects: each with the goals of which it must have a result. */
  projects: z.array(z.strictObject({ ...project, required: z.array(CheckGoal) })).optional(),
  checks: z.array(CheckResult),
  /** Beside the tests of the base; null or absent where they were not compared. */
  comparison: TestComparison.nullable().optional(),
});
export type TestReport = z.infer<typeof TestReport>;
