import type { Usage } from "../../orchestrator/schema/budget.ts";
import type { Scorer } from "../scorer.ts";

/** What the solver's model calls cost, in US dollars. Left out for a solver that tells nothing of it. */
export const cost: Scorer = measure("cost", "US dollars", ({ cost_usd }) => cost_usd);

/** The tokens that went into the solver's model calls and came out of them. */
export const tokens: Scorer = measure(
  "tokens",
  "input and output tokens",
  (usage) => usage.input_tokens + usage.output_tokens,
);

/** How often the solver's models answered. */
export const turns: Scorer = measure("turns", "answers of models", (usage) => usage.turns);

function measure(id: string, unit: string, of: (usage: Usage) => number): Scorer {
  return {
    ...{ id, version: "1", kind: "measure" },
    score: async ({ solution: { usage } }) => (usage === undefined ? null : { value: of(usage), reason: unit }),
  };
}
