import type { Budget, GrantableLimit } from "../schema/budget.ts";
import type { RunState } from "./run-state.ts";

/** The limits in force: each approved question about a spent budget adds the original amount of the limits that it names. */
export function effectiveBudget(state: RunState): Budget {
  const { budget } = state.created.policy;
  const granted = (name: "turns" | "tokens" | "cost_usd" | "wall_clock_seconds") => {
    const limit = budget[name];
    return limit === undefined ? {} : { [name]: limit * (1 + grantsOf(state, name)) };
  };
  return {
    ...budget,
    ...granted("turns"),
    ...granted("tokens"),
    ...granted("cost_usd"),
    ...granted("wall_clock_seconds"),
  };
}

/** True where a person approved that calls go on whose use the provider does not report; they count as the most they can be. */
export function acceptsUnreportedUsage(state: RunState): boolean {
  return grantsOf(state, "unreported_usage") > 0;
}

function grantsOf({ questions }: RunState, limit: GrantableLimit): number {
  return questions.filter(
    ({ question, answer }) =>
      question.kind === "budget_spent" && answer?.decision === "approve" && question.limits?.includes(limit),
  ).length;
}
