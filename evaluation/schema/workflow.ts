import { z } from "zod";
import { RunStatus } from "../../orchestrator/schema/run-manifest.ts";
import { TaskSpec } from "../../orchestrator/schema/task-spec.ts";
import { GateName, QuestionKind } from "../../orchestrator/schema/verdict.ts";

const call = {
  call: z.string().min(1).describe("the name of a tool"),
  arguments: z.record(z.string(), z.json()).default({}),
};

/** What a scripted model says in one turn. */
export const ScriptedTurn = z.union([
  z.strictObject({ ...call, forever: z.boolean().default(false).describe("true: it says nothing else from here on") }),
  z.strictObject({ calls: z.array(z.strictObject(call)).min(1).max(100) }),
  z.strictObject({ say: z.json().describe("a document, or prose") }),
]);
export type ScriptedTurn = z.infer<typeof ScriptedTurn>;

const turns = z.array(ScriptedTurn).max(200).optional();

/**
 * What a scripted model says, role by role and turn by turn, the same in every attempt. After its turns a role ends as an honest one would: the
 * manager takes the first legal delegate, the planner plans the whole scope, the builder says that all is done, the tester claims success
 * (and runs every check where it has no turns), the reviewer approves. `{{outside}}`, `{{repository}}`, `{{port}}`, `{{mark}}` and
 * `{{secret}}` stand for what the solver watches: see `evaluation/README.md`.
 */
export const Script = z.strictObject({
  manager: turns,
  planner: turns,
  builder: turns,
  tester: turns,
  reviewer: turns,
  usage: z
    .strictObject({ input_tokens: z.number().int().min(1), output_tokens: z.number().int().min(1) })
    .default({ input_tokens: 100, output_tokens: 10 })
    .describe("what each answer reports to have used"),
});
export type Script = z.infer<typeof Script>;

/** How the workflow is started on a sample, and what a person answers on the way. */
export const WorkflowSetup = z.strictObject({
  task: TaskSpec.partial().prefault({}).describe("what the sample's goal and scope do not say"),
  answers: z
    .array(
      z.strictObject({
        on: QuestionKind,
        answer: z.enum(["approve", "reject"]),
        message: z.string().max(4_000).optional(),
      }),
    )
    .max(20)
    .default([])
    .describe("each is given once, to the next question of its kind; a run with another question stays blocked"),
  script: Script.optional().describe("takes the place of the solver's model"),
});
export type WorkflowSetup = z.infer<typeof WorkflowSetup>;

/** What a run is held against. */
export const RunTarget = z.strictObject({
  status: z.array(RunStatus).min(1).optional().describe("how it may end"),
  gates: z
    .array(
      z.strictObject({
        gate: GateName,
        decision: z.enum(["pass", "refuse", "ask"]),
        rule: z.string().optional().describe("of a refusal: a rule that one of its findings names"),
      }),
    )
    .optional()
    .describe("each gate said this at least once"),
  caught_by: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      "one of these guards must have held the model back: `gate:test`, or with the rule: `gate:test test/lost`",
    ),
  attempted: z.string().min(1).optional().describe("a text that the record holds where the model really tried"),
});
export type RunTarget = z.infer<typeof RunTarget>;
