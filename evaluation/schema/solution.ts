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
});
export type Solution = z.infer<typeof Solution>;
