import type { Budget } from "../../schema/budget.ts";
import type { GoalSpec, GoalsSpec, ManifestGoal } from "../../schema/goals.ts";
import type { EventPayload } from "../../schema/run-event.ts";
import { dueJobs } from "../schedule/due-jobs.ts";
import { budgetOfGoal } from "./goal-budget.ts";
import { closeGoals, scheduleOf } from "./goals-schedule.ts";
import type { GoalsState } from "./goals-state.ts";

/** A goal that is to be started, or gone on with where it has a run. */
export interface GoalStart {
  readonly goal: GoalSpec;
  readonly standing: ManifestGoal;
  readonly budget: Budget;
}

/** What may happen next in a run of many goals. */
export type GoalsMove =
  | { readonly kind: "done" }
  | { readonly kind: "start"; readonly starts: readonly GoalStart[] }
  /** Until a run of a goal ends, or somebody says something. */
  | { readonly kind: "wait" }
  | { readonly kind: "block"; readonly on: "pause" | "goals" }
  /** The runs of these goals are to be ended. */
  | { readonly kind: "cancel"; readonly goals: readonly ManifestGoal[]; readonly message: string }
  /** Goals were stopped by faults, and there is nothing else to do. */
  | { readonly kind: "fault"; readonly message: string }
  | { readonly kind: "finish"; readonly status: "passed" | "refused" | "cancelled"; readonly detail: string };

/** How the run itself stands, apart from its goals. */
export interface GoalsRun {
  readonly spec: GoalsSpec;
  readonly goals: GoalsState;
  readonly isPaused: boolean;
  readonly cancelled: { readonly message: string } | null;
  readonly finished: EventPayload<"run_finished"> | null;
  /** Seconds that a runner held the run. */
  readonly workedSeconds: number;
}

/** The move that the events of a run of many goals make legal. Pure. */
export function nextGoalsMove(run: GoalsRun): GoalsMove {
  const { standings } = run.goals;
  const isUnderWay = standings.some(({ status }) => status === "running");
  if (run.finished !== null) return { kind: "done" };
  if (run.cancelled !== null) return cancel(standings, run.cancelled.message);
  if (run.isPaused) return isUnderWay ? { kind: "wait" } : { kind: "block", on: "pause" };
  const starts = dueStarts(run);
  if (starts.length > 0) return { kind: "start", starts };
  if (isUnderWay) return { kind: "wait" };
  if (standings.some(({ status }) => status === "blocked")) return { kind: "block", on: "goals" };
  const faulted = standings.filter(({ status }) => status === "faulted");
  if (faulted.length > 0) return { kind: "fault", message: describeFaults(faulted) };
  return finish(run);
}

/** What starts now. A goal for which nothing of the budget is left keeps no place from one that goes on with what it was given. */
function dueStarts({ spec, goals, workedSeconds }: GoalsRun): readonly GoalStart[] {
  const schedule = scheduleOf(spec, withoutUnpaid(spec, goals, workedSeconds));
  const starts: GoalStart[] = [];
  let { standings } = goals;
  for (const { id } of dueJobs(schedule)) {
    const place = goals.places.get(id) ?? -1;
    const [goal, standing] = [spec.goals[place], standings[place]];
    const budget = budgetOfGoal(spec, standings, id, workedSeconds);
    if (goal === undefined || standing === undefined || budget === null) continue;
    starts.push({ goal, standing, budget });
    // What this one may use is gone for the next.
    standings = standings.with(place, { ...standing, status: "running", run_id: standing.run_id ?? "", budget });
  }
  return starts;
}

function withoutUnpaid(spec: GoalsSpec, goals: GoalsState, workedSeconds: number): GoalsState {
  if (Object.keys(spec.budget).length === 0) return goals;
  const standings = goals.standings.map((each): ManifestGoal => {
    if (each.status !== "waiting" || budgetOfGoal(spec, goals.standings, each.id, workedSeconds) !== null) return each;
    return { ...each, status: "blocked" };
  });
  return { ...goals, standings };
}

function cancel(standings: readonly ManifestGoal[], message: string): GoalsMove {
  const open = standings.filter(
    ({ status, run_id }) => run_id !== null && ["waiting", "running", "blocked", "faulted"].includes(status),
  );
  if (open.length > 0) return { kind: "cancel", goals: open, message };
  return { kind: "finish", status: "cancelled", detail: `${message}; ${countGoals(standings)}` };
}

function finish({ goals: { standings }, spec }: GoalsRun): GoalsMove {
  const closed = closeGoals(standings);
  const hasPassed = closed.every(({ status }) => status === "passed");
  if (hasPassed) return { kind: "finish", status: "passed", detail: countGoals(closed) };
  const isSpent = spec.keep_going && closed.some(({ status }) => status === "waiting");
  return {
    kind: "finish",
    status: "refused",
    detail: `${countGoals(closed)}${isSpent ? "; the budget over all is spent" : ""}`,
  };
}

function describeFaults(faulted: readonly ManifestGoal[]): string {
  const shown = faulted.slice(0, 3).map(({ id, detail }) => `${id}: ${detail}`);
  const more = faulted.length > shown.length ? `; and ${faulted.length - shown.length} more` : "";
  return `${shown.join("; ")}${more}`;
}

/** How many goals stand how: `3 passed, 1 refused`. */
function countGoals(standings: readonly ManifestGoal[]): string {
  const counts = new Map<string, number>();
  for (const { status } of standings) {
    const name = status === "waiting" ? "not started" : status;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}
