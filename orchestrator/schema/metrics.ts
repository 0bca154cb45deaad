import { z } from "zod";
import { Usage } from "./budget.ts";
import { Sha256, Timestamp } from "./primitives.ts";

const count = z.number().int().nonnegative();

/** What one finished run adds to the figures of its repository: a line of `.runs/<task>/metrics.jsonl`. */
export const RunMetrics = z.object({
  schema_version: z.literal(1),
  run_id: z.string(),
  task_id: z.string(),
  kind: z.enum(["task", "pipeline"]),
  status: z.enum(["passed", "refused", "cancelled"]),
  started_at: Timestamp,
  completed_at: Timestamp,
  /** Time under a lease. */
  duration_seconds: z.number().nonnegative(),
  commands_passed: count,
  commands_failed: count,
  /** Gates that a task's run must have behind it, or required commands of a pipeline. */
  guardrails_required: count,
  /** Those that spoke, or ran to an end. */
  guardrails_present: count,
  criteria: count,
  /** Acceptance criteria for which the record has evidence. */
  criteria_evidenced: count,
  usage: Usage,
  resumes: count,
  /** Relative to the repository. */
  artifact_path: z.string(),
  manifest_sha256: Sha256,
});
export type RunMetrics = z.infer<typeof RunMetrics>;

/** The metrics of the finished runs of one store. */
export interface MetricsTable {
  /** One for each run, oldest first. */
  readonly rows: readonly RunMetrics[];
  /** Lines that hold no metrics and were left out. */
  readonly unreadable: number;
}
