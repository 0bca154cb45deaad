import { noUsage } from "../../schema/budget.ts";
import type { GoalSpec, GoalsSpec, ManifestGoal } from "../../schema/goals.ts";
import type { EventPayload, KnownEvent } from "../../schema/run-event.ts";

/** How the goals of a run stand, as its events tell it. */
export interface GoalsState {
  /** In the order of the file. */
  readonly standings: readonly ManifestGoal[];
  /** Where each goal stands in `standings`, by its id. */
  readonly places: ReadonlyMap<string, number>;
  /** For each repository, the number of the last start in it; the first start of all is 1. */
  readonly turns: ReadonlyMap<string, number>;
}

/** The goals before any of them was started. */
export function beginGoals({ goals }: GoalsSpec): GoalsState {
  return {
    standings: goals.map(firstStanding),
    places: new Map(goals.map(({ id }, place) => [id, place])),
    turns: new Map(),
  };
}

function firstStanding({ id, repository, depends_on, task }: GoalSpec): ManifestGoal {
  return {
    ...{ id, repository, depends_on, status: "waiting", detail: "", task_id: task.id, run_id: null, starts: 0 },
    ...{ budget: {}, started_at: null, ended_at: null, branch: null, commit: null, usage: noUsage },
  };
}

/** The state after one more event; the same one where the event says nothing of goals. */
export function goalsAfter(state: GoalsState, event: KnownEvent): GoalsState {
  switch (event.event) {
    case "goal_started":
      return start(state, event.payload, event.timestamp);
    case "goal_ended":
      return end(state, event.payload, event.timestamp);
    case "goal_unblocked":
      return update(state, event.payload.goal, () => ({ status: "waiting", detail: event.payload.reason }));
    case "lease_acquired":
      return takeOver(state);
    default:
      return state;
  }
}

function start(state: GoalsState, payload: EventPayload<"goal_started">, at: string): GoalsState {
  const { goal, run_id, budget } = payload;
  const started = update(state, goal, (standing) => ({
    ...{ status: "running", detail: "", run_id, budget, starts: standing.starts + 1, ended_at: null },
    started_at: standing.started_at ?? at,
  }));
  const repository = started.standings[started.places.get(goal) ?? -1]?.repository;
  if (repository === undefined) return started;
  const last = Math.max(0, ...state.turns.values());
  return { ...started, turns: new Map(state.turns).set(repository, last + 1) };
}

function end(state: GoalsState, payload: EventPayload<"goal_ended">, at: string): GoalsState {
  const { goal, outcome, detail, branch, commit, usage } = payload;
  return update(state, goal, () => ({ status: outcome, detail, branch, commit, usage, ended_at: at }));
}

/** Whoever takes the run over has none of the goals' runs under way yet, and tries what a fault stopped once more. */
function takeOver(state: GoalsState): GoalsState {
  const isOpen = ({ status }: ManifestGoal) => status === "running" || status === "faulted";
  if (!state.standings.some(isOpen)) return state;
  const standings = state.standings.map((goal): ManifestGoal => (isOpen(goal) ? { ...goal, status: "waiting" } : goal));
  return { ...state, standings };
}

function update(state: GoalsState, id: string, change: (standing: ManifestGoal) => Partial<ManifestGoal>): GoalsState {
  const place = state.places.get(id);
  const standing = place === undefined ? undefined : state.standings[place];
  if (place === undefined || standing === undefined) return state;
  return { ...state, standings: state.standings.with(place, { ...standing, ...change(standing) }) };
}
