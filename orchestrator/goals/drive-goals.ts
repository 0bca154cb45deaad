import { type GoalStart, type GoalsMove, nextGoalsMove } from "../flow/goals/goals-move.ts";
import type { GoalsState } from "../flow/goals/goals-state.ts";
import { type DrivenRun, driveUnderLease } from "../manager/drive-under-lease.ts";
import { type MovingRun, makeMoves } from "../manager/make-moves.ts";
import type { RunJournal } from "../manager/run-journal.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { GoalSpec, GoalsSpec, ManifestGoal } from "../schema/goals.ts";
import type { EventPayload } from "../schema/run-event.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey, RunLease } from "../schema/run-store.ts";
import { endingOf, endingOfFault } from "./goal-ending.ts";
import type { GoalRuns } from "./goal-runs.ts";
import { createUnderWay, type UnderWay } from "./under-way.ts";

/** The parts that every run of goals shares. */
export interface GoalsParts {
  readonly clock: MovingRun["clock"];
  readonly redactor: MovingRun["redactor"];
  readonly runs: GoalRuns;
  /** Milliseconds between two looks at the inbox. */
  readonly inboxIntervalMs: number;
  /** Milliseconds between two looks at the runs that wait for a person, while others are under way. */
  readonly blockedIntervalMs: number;
}

/** One run of goals under a lease. */
interface GoalsAtWork extends GoalsParts, MovingRun {
  readonly underWay: UnderWay;
  /** Stops the runs of the goals, and leaves them to be resumed. */
  readonly goalSignal: AbortSignal;
  /** Does so, and waits until none is under way any more. */
  readonly stopGoals: () => Promise<void>;
}

/** Moves of one goal: its starts, its ends, and what was said meanwhile. */
const movesOfGoalMax = 1_000;

/**
 * Works through the goals of a run that is held by the lease, each by a run of its own, until all have ended or wait for a person, then lets
 * go of it. Aborting `signal` stops all of them and leaves them to be resumed; a cancel command ends them and the run.
 */
export function driveGoals(parts: GoalsParts, lease: RunLease, signal: AbortSignal): DrivenRun {
  return driveUnderLease(lease, parts.clock, (journal) => drive(parts, journal, signal));
}

async function drive(parts: GoalsParts, journal: RunJournal, signal: AbortSignal): Promise<RunManifest> {
  const stop = new AbortController();
  const underWay = createUnderWay();
  const stopGoals = () => {
    stop.abort();
    return underWay.allEnded();
  };
  const goalSignal = AbortSignal.any([signal, stop.signal]);
  try {
    return await advance({ ...parts, journal, signal, underWay, goalSignal, stopGoals });
  } finally {
    // None of the goals' runs may be under way when somebody else can take this one over.
    await stopGoals();
  }
}

function advance(run: GoalsAtWork): Promise<RunManifest> {
  const movesMax = (goalsOf(run).state.standings.length + 1) * movesOfGoalMax;
  return makeMoves(run, () => make(run, nextMove(run)), movesMax);
}

function goalsOf({ journal }: Pick<GoalsAtWork, "journal">): { readonly spec: GoalsSpec; readonly state: GoalsState } {
  const { created, goals } = journal.state;
  if (created.goals === undefined || goals === null) throw new TypeError("this is no run of goals");
  return { spec: created.goals, state: goals };
}

function nextMove(run: GoalsAtWork): GoalsMove {
  const { spec, state: goals } = goalsOf(run);
  const { paused: isPaused, cancelled, finished } = run.journal.state;
  return nextGoalsMove({ spec, goals, isPaused, cancelled, finished, workedSeconds: run.journal.workedSeconds() });
}

/** Makes one move. Resolves with false where the run cannot go on by itself. */
async function make(run: GoalsAtWork, move: GoalsMove): Promise<boolean> {
  const { journal } = run;
  switch (move.kind) {
    case "done":
      return false;
    case "start":
      await startGoals(run, move.starts);
      return true;
    case "wait":
      await waitForChange(run);
      return true;
    case "block":
      if (await lookAtBlocked(run)) return true;
      await journal.note("run_blocked", { on: move.on, question_id: null });
      return false;
    case "cancel":
      await cancelGoals(run, move);
      return true;
    case "fault":
      throw new OrchestratorError("process_failed", `goals were stopped by faults: ${move.message}`);
    case "finish":
      await journal.note("run_finished", { status: move.status, detail: move.detail });
      return false;
  }
}

/** Puts every start on record, then begins the runs: a run that is there was meant to be. */
async function startGoals(run: GoalsAtWork, starts: readonly GoalStart[]): Promise<void> {
  const { journal, runs, underWay } = run;
  const keys = new Map<string, RunKey>();
  for (const { goal, standing, budget } of starts) {
    const key = await keyOf(run, goal, standing);
    const start = standing.starts + 1;
    await journal.note("goal_started", { goal: goal.id, task_id: key.taskId, run_id: key.runId, start, budget });
    keys.set(goal.id, key);
  }
  await journal.lease.sync();
  const parent = { runId: journal.lease.key.runId, rootRun: journal.state.created.root_run };
  for (const { goal, budget } of starts) {
    const key = keys.get(goal.id);
    if (key === undefined) continue;
    const work = { goal, key, budget, base: baseOf(run, goal), parent };
    underWay.add(endOf(run, goal, key, runs.work(work, run.goalSignal)));
  }
}

/** The run that a goal was begun with, or a new one where nothing came of that. */
async function keyOf({ runs }: GoalsAtWork, goal: GoalSpec, { run_id }: ManifestGoal): Promise<RunKey> {
  const taskId = goal.task.id;
  if (run_id !== null && (await runs.look(goal, { taskId, runId: run_id })).is !== "unborn")
    return { taskId, runId: run_id };
  return { taskId, runId: runs.newRunId() };
}

function baseOf(run: GoalsAtWork, { on, base }: GoalSpec): string | RunKey | null {
  if (on === undefined) return base ?? null;
  const { state } = goalsOf(run);
  const { task_id: taskId, run_id: runId = null } = state.standings[state.places.get(on) ?? -1] ?? { task_id: "" };
  if (runId === null) throw new TypeError(`${on} has no run to start from`);
  return { taskId, runId };
}

async function endOf(
  { runs }: GoalsAtWork,
  goal: GoalSpec,
  key: RunKey,
  work: Promise<RunManifest>,
): Promise<EventPayload<"goal_ended">> {
  try {
    return endingOf(goal.id, await work);
  } catch (error) {
    const sight = await runs.look(goal, key).catch(() => null);
    return endingOfFault(goal.id, error, sight?.is === "there" ? sight.manifest : null);
  }
}

/** Waits until a run ends, a command comes in, or it is time to look at those that wait for a person; then puts on record what changed. */
async function waitForChange(run: GoalsAtWork): Promise<void> {
  const { journal, underWay, inboxIntervalMs, blockedIntervalMs, signal, clock } = run;
  const startedMs = clock.monotonicMs();
  const hasBlocked = goalsOf(run).state.standings.some(({ status }) => status === "blocked");
  for (;;) {
    const ended = await underWay.next(inboxIntervalMs, signal);
    for (const ending of ended) await journal.note("goal_ended", ending);
    if (ended.length > 0) return journal.lease.sync();
    signal.throwIfAborted();
    if ((await journal.lease.pending()).length > 0) return;
    if (hasBlocked && clock.monotonicMs() - startedMs >= blockedIntervalMs) {
      await lookAtBlocked(run);
      return;
    }
  }
}

/** Puts on record which of the runs that waited for a person have ended since, or can go on. Resolves with true where one has. */
async function lookAtBlocked(run: GoalsAtWork): Promise<boolean> {
  const { spec, state } = goalsOf(run);
  let hasChanged = false;
  for (const { id, status, run_id, task_id } of state.standings) {
    const goal = spec.goals[state.places.get(id) ?? -1];
    if (status !== "blocked" || run_id === null || goal === undefined) continue;
    const sight = await run.runs.look(goal, { taskId: task_id, runId: run_id });
    if (sight.is !== "there") continue;
    const isOpen = sight.manifest.status === "blocked" || sight.manifest.status === "paused";
    if (sight.manifest.finished_at !== null) await run.journal.note("goal_ended", endingOf(id, sight.manifest));
    else if (sight.liveness !== "alive" && (!isOpen || sight.waiting > 0))
      await run.journal.note("goal_unblocked", { goal: id, reason: "what it waited for was said" });
    else continue;
    hasChanged = true;
  }
  return hasChanged;
}

async function cancelGoals(
  run: GoalsAtWork,
  { goals, message }: Extract<GoalsMove, { kind: "cancel" }>,
): Promise<void> {
  const { spec, state } = goalsOf(run);
  await run.stopGoals();
  for (const { id, run_id, task_id } of goals) {
    const goal = spec.goals[state.places.get(id) ?? -1];
    if (goal === undefined || run_id === null) continue;
    const key = { taskId: task_id, runId: run_id };
    const ending = await endOf(run, goal, key, run.runs.cancel(goal, key, message, run.signal));
    await run.journal.note("goal_ended", ending.outcome === "faulted" ? { ...ending, outcome: "cancelled" } : ending);
  }
}
