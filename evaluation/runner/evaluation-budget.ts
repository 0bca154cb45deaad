import { z } from "zod";
import type { Clock } from "../../orchestrator/io/clock.ts";
import { addUsage, noUsage, type Usage } from "../../orchestrator/schema/budget.ts";
import type { SampleResult } from "../schema/evaluation-log.ts";
import { usageOf } from "./summarize-results.ts";

/** Limits on a whole evaluation. An absent limit is no limit; what is under way when one is reached goes on to its end. */
export const EvaluationBudget = z.strictObject({
  tries: z.number().int().nonnegative().optional().describe("on record; what came from the cache is none"),
  tokens: z.number().int().nonnegative().optional().describe("input and output tokens of all tries on record"),
  cost_usd: z.number().nonnegative().optional().describe("money for the model calls of all tries on record"),
  wall_clock_seconds: z.number().nonnegative().optional().describe("of this process alone"),
});
export type EvaluationBudget = z.infer<typeof EvaluationBudget>;

/** How far a budget is spent. */
export interface Spending {
  /** Says that a try begins. */
  begin(): void;
  /** Counts a result that a try of this process, or of one before, gave. */
  add(result: SampleResult): void;
  /** Why no further try may begin; null where one may. */
  stopReason(): string | null;
}

/** Keeps account of a budget, from now on. A limit on tokens or money that a solver's silence makes unknowable counts as spent. */
export function trackBudget(budget: EvaluationBudget, finished: readonly SampleResult[], clock: Clock): Spending {
  const startedMs = clock.monotonicMs();
  let account: Account = { begun: 0, used: noUsage, silent: null };
  const add = (result: SampleResult) => {
    const silent = account.silent ?? (isSilent(result) ? result.sample : null);
    account = { ...account, used: addUsage(account.used, usageOf([result])), silent };
  };
  const begin = () => {
    account = { ...account, begun: account.begun + 1 };
  };
  for (const result of finished) {
    if (result.status !== "not_tried" && !result.is_cached) begin();
    add(result);
  }
  return {
    ...{ begin, add },
    stopReason: () => spentLimit(budget, account, (clock.monotonicMs() - startedMs) / 1_000),
  };
}

interface Account {
  readonly begun: number;
  readonly used: Usage;
  /** A sample of which nobody knows what it used. */
  readonly silent: string | null;
}

function isSilent(result: SampleResult): boolean {
  return result.status === "scored" && !result.is_cached && result.usage === undefined;
}

function spentLimit(budget: EvaluationBudget, { begun, used, silent }: Account, seconds: number): string | null {
  const { tries, tokens, cost_usd, wall_clock_seconds } = budget;
  const isSpent = (limit: number | undefined, spent: number) => limit !== undefined && spent >= limit;
  if (isSpent(tries, begun)) return `the budget of ${tries} tries is spent`;
  if (isSpent(wall_clock_seconds, seconds)) return `the budget of ${wall_clock_seconds} seconds is spent`;
  if (isSpent(tokens, used.input_tokens + used.output_tokens)) return `the budget of ${tokens} tokens is spent`;
  if (isSpent(cost_usd, used.cost_usd)) return `the budget of ${cost_usd} US dollars is spent`;
  if (silent === null || (tokens === undefined && cost_usd === undefined)) return null;
  return `the solver does not say what ${silent} used, so no budget of tokens or money can be kept`;
}
