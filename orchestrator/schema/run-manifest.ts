import { z } from "zod";
import { Usage } from "./budget.ts";
import { ChangeSet } from "./change-set.ts";
import { ManifestGoals } from "./goals.ts";
import { PatternUse } from "./pattern-use.ts";
import { ManifestPipeline } from "./pipeline.ts";
import { Actor, Delegate, GitHash, Sha256, Timestamp } from "./primitives.ts";
import { DependencySource, Enforcement, PreparedProject, RepositoryState } from "./run-event.ts";
import { ApprovalPoint, TaskSpec } from "./task-spec.ts";
import { TestReport } from "./test-report.ts";
import { Question, Verdict } from "./verdict.ts";

export const RunStatus = z.enum(["running", "blocked", "paused", "passed", "refused", "cancelled", "faulted"]);
export type RunStatus = z.infer<typeof RunStatus>;

/** One attempt of one role. */
export const ManifestStep = z.strictObject({
  step_id: z.string(),
  role: Delegate,
  attempt: z.number().int().positive(),
  status: z.enum(["open", "finished", "failed", "drifted"]),
  detail: z.string().nullable(),
  started_at: Timestamp,
  finished_at: Timestamp.nullable(),
  input_sha256: Sha256,
  tree_before: GitHash,
  tree_after: GitHash.nullable(),
  usage: Usage,
  tool_calls: z.number().int().nonnegative(),
});
export type ManifestStep = z.infer<typeof ManifestStep>;

/**
 * What a reviewer reads: a fold over the events of a run, never edited and always recomputable from them. Timestamps in UTC,
 * durations in seconds.
 */
export const RunManifest = z.strictObject({
  schema_version: z.literal(1),
  run_id: z.string(),
  task_id: z.string(),
  status: RunStatus,
  status_detail: z.string(),
  task: TaskSpec,
  task_source: z.string(),
  repository: RepositoryState,
  parent_run: z.string().nullable(),
  root_run: z.string(),
  model: z.string(),
  models_used: z.array(z.string()),
  agents: z.array(z.string()),
  approvals_wanted: z.array(ApprovalPoint),
  policy_sha256: Sha256,
  code_version: z.string(),
  created_at: Timestamp,
  finished_at: Timestamp.nullable(),
  workspace: z
    .strictObject({
      branch: z.string(),
      adapter: z.string().nullable(),
      dependencies: DependencySource,
      /** Every project with its evidence; absent in older records. */
      projects: z.array(PreparedProject).optional(),
      enforcement: Enforcement,
    })
    .nullable(),
  steps: z.array(ManifestStep),
  /** There in a run of commands, and in no other. */
  pipeline: ManifestPipeline.optional(),
  /** There in a run that works through many goals, and in no other. */
  goals: ManifestGoals.optional(),
  /** Every version of a pattern that a tool applied or asked, in the order of first use; there where there is one. */
  patterns: z.array(PatternUse).optional(),
  gates: z.array(z.strictObject({ step_id: z.string(), at: Timestamp, verdict: Verdict })),
  questions: z.array(
    z.strictObject({
      question: Question,
      answer: z
        .strictObject({
          decision: z.enum(["approve", "reject"]),
          actor: Actor,
          at: Timestamp,
          message: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  plan_summary: z.string().nullable(),
  change: ChangeSet.nullable(),
  commit: GitHash.nullable(),
  tests: TestReport.nullable(),
  review_summary: z.string().nullable(),
  metrics: z.strictObject({
    duration_seconds: z.number().nonnegative(),
    usage: Usage,
    tool_calls: z.number().int().nonnegative(),
    refusals: z.number().int().nonnegative(),
    model_retries: z.number().int().nonnegative(),
  }),
  artifacts: z.array(
    z.strictObject({ name: z.string(), sha256: Sha256, bytes: z.number().int().nonnegative(), media_type: z.string() }),
  ),
  error_files: z.array(z.string()),
  resume_events: z.array(
    z.strictObject({ timestamp: Timestamp, actor: Actor, epoch: z.number().int(), reason: z.string() }),
  ),
  log: z.strictObject({ events: z.number().int(), epochs: z.number().int(), last_hash: Sha256 }),
});
export type RunManifest = z.infer<typeof RunManifest>;
