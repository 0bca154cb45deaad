import { z } from "zod";
import { ChangeSet } from "./change-set.ts";
import { Plan } from "./plan.ts";
import { Delegate, GitHash, Scope } from "./primitives.ts";
import { Review } from "./review.ts";
import { TaskSpec } from "./task-spec.ts";
import { CaseOutcome, CheckGoal, PlanGoal, TestReport } from "./test-report.ts";
import { Finding } from "./verdict.ts";

/** A pattern as the planner and the reviewer see it. */
export const PatternSummary = z.strictObject({
  id: z.string(),
  kind: z.enum(["codemod", "linter-rule", "template"]),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  keywords: z.array(z.string()),
});
export type PatternSummary = z.infer<typeof PatternSummary>;

const brief = z.string().describe("what the manager tells the delegate");
const findings = z.array(Finding).describe("why the last attempt was refused; empty at first");

/** What the manager gets at each decision. */
export const ManagerInput = z.strictObject({
  role: z.literal("manager"),
  task: TaskSpec,
  legal: z.array(Delegate).min(1),
  history: z.array(
    z.strictObject({ step: z.string(), outcome: z.string(), gates: z.array(z.string()), findings: z.array(Finding) }),
  ),
});
export type ManagerInput = z.infer<typeof ManagerInput>;

/** What the manager says when it delegates. */
export const Delegation = z.strictObject({ brief: z.string().min(1).max(8000) });
export type Delegation = z.infer<typeof Delegation>;

export const PlannerInput = z.strictObject({
  role: z.literal("planner"),
  brief,
  task: TaskSpec,
  /** A plan's paths must lie inside each of these. */
  scopes: z.array(Scope),
  patterns: z.array(PatternSummary),
  previous: Plan.nullable(),
  findings,
});
export type PlannerInput = z.infer<typeof PlannerInput>;

export const BuilderInput = z.strictObject({
  role: z.literal("builder"),
  brief,
  task: TaskSpec,
  plan: Plan,
  findings,
});
export type BuilderInput = z.infer<typeof BuilderInput>;

/** What the builder claims. Gates look at the tree, never at this. */
export const BuildSummary = z.strictObject({
  summary: z.string().min(1),
  items_done: z.array(z.string()),
  items_left: z.array(z.string()),
});
export type BuildSummary = z.infer<typeof BuildSummary>;

export const TesterInput = z.strictObject({
  role: z.literal("tester"),
  brief,
  task: TaskSpec,
  plan: Plan,
  change: ChangeSet,
  goals: z.array(CheckGoal),
});
export type TesterInput = z.infer<typeof TesterInput>;

/** What the tester claims. The test report itself is assembled by the runner from what the commands did. */
export const TestSummary = z.strictObject({ summary: z.string().min(1), claim: z.enum(["passed", "failed"]) });
export type TestSummary = z.infer<typeof TestSummary>;

/** A test report without what differs between two runs of the same tests. */
export const TestDigest = z.strictObject({
  tree: GitHash,
  checks: z.array(
    z.strictObject({
      goal: PlanGoal,
      /** The project, where that is not the only one of the root. */
      root: z.string().optional(),
      adapter: z.string().optional(),
      verdict: z.enum(["passed", "failed"]),
      reason: z.string(),
      counts: z.partialRecord(CaseOutcome, z.number().int().nonnegative()),
      not_passed: z.array(z.strictObject({ name: z.string(), outcome: CaseOutcome, message: z.string() })),
    }),
  ),
  compared: z
    .array(z.string())
    .optional()
    .describe("what the tests of the base say beside these: such as which tests failed before; the gate let it pass"),
});
export type TestDigest = z.infer<typeof TestDigest>;

/** Characters of a diff that the tool `git_diff` shows at once. */
export const diffPageCharacters = 50_000;

export const ReviewerInput = z.strictObject({
  role: z.literal("reviewer"),
  brief,
  task: TaskSpec,
  plan: Plan,
  change: ChangeSet,
  /** The unified diff of as many whole files as fit into 200 Ki characters. */
  diff: z.string(),
  diff_left_out: z
    .array(z.strictObject({ path: z.string(), characters: z.number().int().nonnegative() }))
    .describe(
      "paths whose diff is not in `diff`: git_diff shows it page by page, and an approval needs all of it read",
    ),
  tests: TestDigest,
});
export type ReviewerInput = z.infer<typeof ReviewerInput>;

/** What a role is given. */
export const HandoffInput = z.discriminatedUnion("role", [PlannerInput, BuilderInput, TesterInput, ReviewerInput]);
export type HandoffInput = z.infer<typeof HandoffInput>;

/** What a finished delegation brought. `Change` and tests are the runner's own observation beside the agent's claim. */
export const StepDocument = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("planner"), plan: Plan }),
  z.strictObject({ role: z.literal("builder"), summary: BuildSummary, change: ChangeSet }),
  z.strictObject({ role: z.literal("tester"), summary: TestSummary, report: TestReport }),
  z.strictObject({ role: z.literal("reviewer"), review: Review }),
]);
export type StepDocument = z.infer<typeof StepDocument>;
