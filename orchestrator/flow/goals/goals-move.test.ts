import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleEvent } from "../../cli/views/sample-run.test-support.ts";
import { goalsOf } from "../../goals/goals-in-memory.test-support.ts";
import type { Budget } from "../../schema/budget.ts";
import type { GoalOutcome, GoalsSpec } from "../../schema/goals.ts";
import { type GoalsMove, nextGoalsMove } from "./goals-move.ts";
import { beginGoals, type GoalsState, goalsAfter } from "./goals-state.ts";
import { planGoals } from "./plan-goals.ts";

const usageOf = (tokens: number) => ({ turns: 1, input_tokens: tokens, output_tokens: 0, cost_usd: 0 });

function started(state: GoalsState, goal: string, budget: Budget): GoalsState {
  return goalsAfter(
    state,
    sampleEvent("goal_started", { goal, task_id: goal, run_id: `run-${goal}`, start: 1, budget }),
  );
}

function ended(state: GoalsState, goal: string, outcome: GoalOutcome, tokens = 0): GoalsState {
  const left = { detail: "", branch: null, commit: null, usage: usageOf(tokens), worked_seconds: 0 };
  return goalsAfter(state, sampleEvent("goal_ended", { goal, outcome, ...left }));
}

function moveOf(spec: GoalsSpec, goals: GoalsState, workedSeconds = 0, isPaused = false): GoalsMove {
  return nextGoalsMove({ spec, goals, isPaused, cancelled: null, finished: null, workedSeconds });
}

test("all goals together never use more than the budget over all, each being given a share of what is left", () => {
  const plan = fc.record({
    own: fc.array(fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }), { minLength: 1, maxLength: 12 }),
    tokens: fc.integer({ min: 1, max: 1_000 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    shares: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  fc.assert(
    fc.property(plan, ({ own, tokens, concurrency, shares }) => {
      const ids = Object.fromEntries(own.map((_, index) => [`g${index}`, []]));
      const plain = goalsOf(ids, { concurrency, budget: { tokens } });
      const goals = plain.goals.map((goal, index) => {
        const limit = own[index];
        return limit === undefined ? goal : { ...goal, budget: { tokens: limit } };
      });
      const spec = { ...plain, goals };
      let state = beginGoals(spec);
      let used = 0;
      const running: { readonly id: string; readonly limit: number }[] = [];
      for (let move = moveOf(spec, state); move.kind !== "finish"; move = moveOf(spec, state)) {
        if (move.kind === "start") {
          for (const { goal, budget } of move.starts) {
            const limit = budget.tokens ?? Number.POSITIVE_INFINITY;
            expect(limit).toBeLessThanOrEqual(goal.budget.tokens ?? tokens);
            state = started(state, goal.id, budget);
            running.push({ id: goal.id, limit });
          }
        }
        const first = running.shift();
        if (first === undefined) throw new Error(`nothing runs, and the move is ${move.kind}`);
        const spent = Math.floor(first.limit * (shares.next().value ?? 0));
        used += spent;
        state = ended(state, first.id, "passed", spent);
        expect(used + running.reduce((sum, { limit }) => sum + limit, 0)).toBeLessThanOrEqual(tokens);
      }
    }),
  );
});

test("where nothing of the budget is left, what is not begun is named as such", () => {
  const spec = goalsOf({ a: [], b: [] }, { concurrency: 1, budget: { tokens: 10 } });
  const own = { ...spec, goals: spec.goals.map((goal) => ({ ...goal, budget: { tokens: 10 } })) };
  const state = ended(started(beginGoals(own), "a", { tokens: 10 }), "a", "passed", 10);
  const detail = "1 passed, 1 not started; the budget over all is spent";
  expect(moveOf(own, state)).toEqual({ kind: "finish", status: "refused", detail });
});

test("the time over all goals limits each that is started, and none is once it is up", () => {
  const spec = goalsOf({ a: [], b: ["a"] }, { budget: { wall_clock_seconds: 60 } });
  expect(moveOf(spec, beginGoals(spec), 20)).toMatchObject({ starts: [{ budget: { wall_clock_seconds: 40 } }] });
  expect(moveOf(spec, beginGoals(spec), 60)).toMatchObject({ kind: "finish", status: "refused" });
});

test("whoever takes the run over starts the goals again that were under way or were stopped by a fault", () => {
  const spec = goalsOf({ a: [], b: [], c: [] }, { concurrency: 3 });
  let state = ["a", "b", "c"].reduce((now, id) => started(now, id, {}), beginGoals(spec));
  state = ended(ended(state, "b", "faulted"), "c", "passed");
  const payload = { holder: "me", continues: null, reason: "resumed", held_before_ms: null, set_aside: [] };
  const move = moveOf(spec, goalsAfter(state, sampleEvent("lease_acquired", payload)));
  expect(move.kind === "start" && move.starts.map(({ standing }) => [standing.id, standing.run_id])).toEqual([
    ["a", "run-a"],
    ["b", "run-b"],
  ]);
});

test("a paused run starts nothing, waits for what is under way, and then lets go", () => {
  const spec = goalsOf({ a: [], b: [] }, { concurrency: 1 });
  const running = started(beginGoals(spec), "a", {});
  expect(moveOf(spec, running, 0, true)).toEqual({ kind: "wait" });
  expect(moveOf(spec, ended(running, "a", "passed"), 0, true)).toEqual({ kind: "block", on: "pause" });
});

test("the plan shows rounds in which the limits and the dependencies hold", () => {
  const spec = goalsOf({ a: [], b: ["a"], c: [], d: [] }, { concurrency: 2 });
  expect(planGoals(spec).map(({ round, goal }) => `${round} ${goal}`)).toEqual(["1 a", "1 c", "2 b", "2 d"]);
  const alone = { ...spec, per_repository: 1 };
  expect(planGoals(alone).map(({ round }) => round)).toEqual([1, 2, 3, 4]);
});
