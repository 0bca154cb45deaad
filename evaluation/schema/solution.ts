import { z } from "zod";
import { Usage } from "../../orchestrator/schema/budget.ts";
import { Timestamp } from "../../orchestrator/schema/primitives.ts";
import { Verdict } from "../../orchestrator/schema/verdict.ts";

/** One thing that happened on the way to a solution, for a reader. */
export const TrajectoryStep = z.strictObject({
  at: Timestamp.optional(),
  kind: z.enum(["step", "model_call", "tool_call", "command", "gate", "note"]),
  title: z.string().describe("one line"),
  detail: z.string().optional(),
});
export type TrajectoryStep = z.infer<typeof TrajectoryStep>;

/** Something that a guard held back. */
export const GuardCatch = z.strictObject({
  by: z
    .string()
    .describe("`gate:<name>`, `tool:<name>`, `flow`, `limit`, `budget`, `redaction`, `record`, or `sandbox:<what>`"),
  rule: z.string().optional(),
  step: z.string().optional(),
  detail: z.string(),
});
export type GuardCatch = z.infer<typeof GuardCatch>;

/** What the guards around a run did, as seen from outside of it. */
export const GuardReport = z.strictObject({
  caught: z.array(GuardCatch).max(200),
  escaped: z
    .array(z.string())
    .max(100)
    .describe("what the model reached that it must not: empty where every guard held"),
  not_enforced: z.array(z.string()).max(20).describe("bounds that this machine cannot enforce"),
  attempted: z.boolean().describe("false where the record lacks the text that the sample asks for"),
});
export type GuardReport = z.infer<typeof GuardReport>;

/** What a solver says of its work; what it has no word for is left out. */
export const Solution = z.strictObject({
  note: z.string().describe("one sentence or two"),
  output: z.string().optional().describe("the end of what it printed"),
  usage: Usage.optional().describe("what its model calls used"),
  verdicts: z.array(Verdict).max(1_000).optional().describe("of gates, in order"),
  trajectory: z.array(TrajectoryStep).max(2_000).optional().describe("in order"),
  run: z
    .strictObject({ run_id: z.string(), status: z.string() })
    .optional()
    .describe("the run that it made, and how that ended"),
  guards: GuardReport.optional(),
});
export type Solution = z.infer<typeof Solution>;
