import { z } from "zod";
import { Budget, Usage } from "./budget.ts";
import { GitHash, Scope, Slug, Timestamp } from "./primitives.ts";
import { ApprovalPoint, TaskSpec } from "./task-spec.ts";

const limit = z.number().int().min(1).max(256);

const limits = {
  /** Goals under way at once. */
  concurrency: limit.default(2),
  /** Goals under way at once in one repository; absent: no limit of its own. */
  per_repository: limit.optional(),
  /** Goals under way at once for repositories with a project of one stack, by the adapter's id, such as `javascript`. */
  stacks: z.record(z.string(), limit).default({}),
  /** Starts goals after one that did not pass. */
  keep_going: z.boolean().default(true),
  /** Over all goals together. Each that names no limit of its own gets an equal share of what is left. */
  budget: Budget.pick({ turns: true, tokens: true, cost_usd: true, wall_clock_seconds: true }).default({}),
};

const goal = {
  id: Slug,
  depends_on: z.array(Slug).max(1_000).default([]),
  /** A goal in the same repository, among `depends_on`: this one starts from the commit that it left. */
  on: Slug.optional(),
  /** The commit, branch or tag to start from; default HEAD. */
  base: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
  base_url: z.string().optional(),
  approvals: z.array(ApprovalPoint).default([]),
  budget: Budget.default({}),
};

function hasOwnIds(goals: readonly { readonly id: string }[]): boolean {
  return new Set(goals.map(({ id }) => id)).size === goals.length;
}

/** One goal of a file: a goal in words, or a task of the repository. */
export const FileGoal = z
  .strictObject({
    ...goal,
    /** A folder in the repository, relative to the file. */
    repository: z.string().min(1).default("."),
    goal: z.string().min(1).max(20_000).optional(),
    /** The path of a task file, relative to the repository's root. */
    task: z.string().min(1).optional(),
    recipe: z.array(z.string().min(1)).min(1).optional(),
    scope: Scope.optional(),
  })
  .refine((each) => (each.goal === undefined) !== (each.task === undefined), "needs either 'goal' or 'task'")
  .refine((each) => each.task === undefined || each.scope === undefined, "a task says its own scope")
  .refine((each) => each.on === undefined || each.base === undefined, "'on' and 'base' exclude each other");
export type FileGoal = z.infer<typeof FileGoal>;

/** A file of goals, as `goals run` reads it. */
export const GoalsFile = z.strictObject({
  version: z.literal(1),
  name: Slug.default("goals"),
  ...limits,
  goals: z.array(FileGoal).min(1).max(10_000).refine(hasOwnIds, "each goal needs an id of its own"),
});
export type GoalsFile = z.infer<typeof GoalsFile>;
/** The same as it is written: what has a default may be left out. */
export type GoalsInput = z.input<typeof GoalsFile>;

/** One goal as the run that works through them recorded it. */
export const GoalSpec = z.strictObject({
  ...goal,
  /** The root of the repository, absolute. */
  repository: z.string().min(1),
  /** The adapters of the repository's projects, where a stack is limited. */
  stacks: z.array(z.string()),
  task: TaskSpec,
  task_source: z.string(),
});
export type GoalSpec = z.infer<typeof GoalSpec>;

/** The goals that a run works through, and its limits. */
export const GoalsSpec = z.strictObject({
  name: Slug,
  ...limits,
  goals: z.array(GoalSpec).min(1).refine(hasOwnIds, "each goal needs an id of its own"),
});
export type GoalsSpec = z.infer<typeof GoalsSpec>;

/** How the run of a goal ended for now: `blocked` waits for a person, `faulted` can be resumed. */
export const GoalOutcome = z.enum(["passed", "refused", "cancelled", "faulted", "blocked"]);
export type GoalOutcome = z.infer<typeof GoalOutcome>;

/** One goal as a reviewer reads it: where its own record is, and what it left. */
export const ManifestGoal = z.strictObject({
  id: z.string(),
  repository: z.string(),
  depends_on: z.array(z.string()),
  /** `skipped`: one that it depends on did not pass. */
  status: z.enum(["waiting", "running", "skipped", ...GoalOutcome.options]),
  detail: z.string(),
  task_id: z.string(),
  /** Null before its first start. */
  run_id: z.string().nullable(),
  starts: z.number().int().nonnegative(),
  /** The limits that its last start had of the budget over all. */
  budget: Budget,
  started_at: Timestamp.nullable(),
  ended_at: Timestamp.nullable(),
  branch: z.string().nullable(),
  commit: GitHash.nullable(),
  usage: Usage,
});
export type ManifestGoal = z.infer<typeof ManifestGoal>;

/** What a manifest says of many goals. */
export const ManifestGoals = z.strictObject({
  name: z.string(),
  concurrency: limit,
  keep_going: z.boolean(),
  budget: Budget,
  goals: z.array(ManifestGoal),
  /** Of all runs of the goals together. */
  usage: Usage,
});
export type ManifestGoals = z.infer<typeof ManifestGoals>;
