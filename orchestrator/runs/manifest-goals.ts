import { closeGoals } from "../flow/goals/goals-schedule.ts";
import { addUsage, noUsage } from "../schema/budget.ts";
import type { ManifestGoals } from "../schema/goals.ts";
import type { FoldState } from "./manifest-state.ts";

const shownMax = 5;

/** The part of a manifest that only a run of many goals has. */
export function describeGoals({ created, goals }: FoldState): { goals?: ManifestGoals } {
  const spec = created.payload.goals;
  if (spec === undefined || goals === null) return {};
  const shown = closeGoals(goals.standings);
  const { name, concurrency, keep_going, budget } = spec;
  const usage = shown.reduce((sum, goal) => addUsage(sum, goal.usage), noUsage);
  return { goals: { name, concurrency, keep_going, budget, goals: [...shown], usage } };
}

/** Which goals wait for a person, in one sentence. */
export function goalsThatWait({ goals }: FoldState): string {
  const blocked = (goals?.standings ?? []).filter(({ status }) => status === "blocked");
  const names = blocked.slice(0, shownMax).map(({ id, run_id }) => `${id} (run ${run_id})`);
  const more = blocked.length > shownMax ? ` and ${blocked.length - shownMax} more` : "";
  return `${names.join(", ")}${more} wait for a person`;
}

/** What a run does that is in no step: it works on goals, or chooses what is next. */
export function betweenSteps({ goals }: FoldState): string {
  const running = (goals?.standings ?? []).filter(({ status }) => status === "running").length;
  return running === 0 ? "between steps" : `works on ${running} ${running === 1 ? "goal" : "goals"}`;
}
