import type { Budget, Usage } from "../../schema/budget.ts";
import type { GoalsSpec, ManifestGoal } from "../../schema/goals.ts";

/** The limits of the budget over all goals. */
type Limit = keyof GoalsSpec["budget"];

const limits: readonly Limit[] = ["turns", "tokens", "cost_usd", "wall_clock_seconds"];

/**
 * What a goal that is started now may use of the budget over all: what it names itself, or an equal share for each goal that waits, and
 * never more than is left. What is left is what no ended goal has used and no open one may still use, so all together never use more than the
 * whole. Null where nothing of some limit is left.
 */
export function budgetOfGoal(
  spec: GoalsSpec,
  standings: readonly ManifestGoal[],
  id: string,
  workedSeconds: number,
): Budget | null {
  const own = spec.goals.find((goal) => goal.id === id)?.budget ?? {};
  const standing = standings.find((goal) => goal.id === id);
  // A run that was begun goes on with what it was given.
  if (standing !== undefined && standing.run_id !== null) return standing.budget;
  const waiting = standings.filter(({ status, run_id }) => status === "waiting" && run_id === null).length;
  const shares: [Limit, number][] = [];
  for (const limit of limits) {
    const whole = spec.budget[limit];
    if (whole === undefined) continue;
    const left = limit === "wall_clock_seconds" ? whole - workedSeconds : whole - reserved(standings, limit);
    const wanted = own[limit] ?? (limit === "wall_clock_seconds" ? left : left / Math.max(1, waiting));
    const share = Math.min(wanted, left);
    const amount = limit === "turns" || limit === "tokens" ? Math.floor(share) : share;
    if (amount <= 0) return null;
    shares.push([limit, amount]);
  }
  return { ...own, ...Object.fromEntries(shares) };
}

/** What ended goals have used of a limit, and what the others that have a run may use. */
function reserved(standings: readonly ManifestGoal[], limit: Exclude<Limit, "wall_clock_seconds">): number {
  return standings
    .filter(({ run_id }) => run_id !== null)
    .reduce((sum, { status, budget, usage }) => {
      const isOver = status === "passed" || status === "refused" || status === "cancelled";
      const used = usedOf(usage, limit);
      return sum + (isOver ? used : Math.max(used, budget[limit] ?? used));
    }, 0);
}

function usedOf(usage: Usage, limit: Exclude<Limit, "wall_clock_seconds">): number {
  switch (limit) {
    case "turns":
      return usage.turns;
    case "tokens":
      return usage.input_tokens + usage.output_tokens;
    case "cost_usd":
      return usage.cost_usd;
  }
}
