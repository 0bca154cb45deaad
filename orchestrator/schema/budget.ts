import { z } from "zod";

const count = z.number().int().nonnegative().optional();

/** Hard limits on what one run may use. An absent limit is no limit; `meet` takes the smaller one. */
export const Budget = z.strictObject({
  turns: count.describe("model calls in the whole run"),
  tokens: count.describe("input and output tokens in the whole run"),
  cost_usd: z.number().nonnegative().optional().describe("money for model calls, in US dollars"),
  wall_clock_seconds: z
    .number()
    .nonnegative()
    .optional()
    .describe("time a runner held the run: preparation, model calls, commands; waiting for a person is free"),
  builder_attempts: z.number().int().min(1).optional().describe("tries of the builder for one plan"),
  planner_attempts: z.number().int().min(1).optional().describe("plans in one run"),
  changed_lines: count.describe("lines inserted and deleted by the change; a binary file has one for each 80 bytes"),
});
export type Budget = z.infer<typeof Budget>;

/**
 * What a person can grant more of when a budget is spent. `unreported_usage` stands for going on although the provider does
 * not say what its calls use.
 */
export const GrantableLimit = z.enum(["turns", "tokens", "cost_usd", "wall_clock_seconds", "unreported_usage"]);
export type GrantableLimit = z.infer<typeof GrantableLimit>;

/** The limits of a run that says nothing else. */
export const defaultBudget = {
  turns: 200,
  tokens: 2_000_000,
  wall_clock_seconds: 3600,
  builder_attempts: 3,
  planner_attempts: 2,
  changed_lines: 20_000,
} as const satisfies Budget;

/** What a run, or a step, has used so far. */
export const Usage = z.strictObject({
  turns: z.number().int().nonnegative(),
  input_tokens: z.number().int().nonnegative(),
  output_tokens: z.number().int().nonnegative(),
  cost_usd: z.number().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;

export const noUsage: Usage = { turns: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 };

/** The sum of two usages. */
export function addUsage(left: Usage, right: Usage): Usage {
  return {
    turns: left.turns + right.turns,
    input_tokens: left.input_tokens + right.input_tokens,
    output_tokens: left.output_tokens + right.output_tokens,
    cost_usd: left.cost_usd + right.cost_usd,
  };
}
