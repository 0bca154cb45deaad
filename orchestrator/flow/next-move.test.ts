import fc from "fast-check";
import { expect, test } from "vitest";
import type { Delegate } from "../schema/primitives.ts";
import type { Decision, GateName } from "../schema/verdict.ts";
import { gatesBehind, type Move, nextMove, refusalOf } from "./next-move.ts";
import { applyEvent, foldRun, type RunState } from "./run-state.ts";
import { begin, type Story } from "./run-story.test-support.ts";

const refusal: Decision = {
  decision: "refuse",
  findings: [{ rule: "scope/unplanned", message: "a.ts is in no item" }],
};

test("a new run is judged by the spec gate, then prepared, then planned", () => {
  const story = begin();
  expect(nextMove(story.state)).toEqual({ kind: "judge", subject: "run", gates: ["spec"] });
  story.verdict("run", "spec", { decision: "pass" });
  expect(nextMove(story.state)).toEqual({ kind: "prepare" });
  story.prepared();
  expect(nextMove(story.state)).toMatchObject({ kind: "delegate", roles: ["planner"] });
});

test("a task that the spec gate refuses ends refused, and nothing is prepared", () => {
  const story = begin();
  story.verdict("run", "spec", refusal);
  expect(nextMove(story.state)).toMatchObject({ kind: "finish", status: "refused" });
});

test("a finished step is judged by the gates behind its role before anyone works on", () => {
  const story = ready();
  story.finished("planner");
  expect(nextMove(story.state)).toEqual({ kind: "judge", subject: "planner.1", gates: gatesBehind.planner });
});

test("an open step is gone on with before anything else", () => {
  const story = ready();
  story.started("planner");
  expect(nextMove(story.state)).toMatchObject({ kind: "continue", step: { stepId: "planner.1" } });
});

test("plan, build, test and review follow each other, then the change is committed and the run passes", () => {
  const story = ready();
  for (const role of ["planner", "builder", "tester", "reviewer"] as const) {
    expect(nextMove(story.state)).toMatchObject({ kind: "delegate", roles: [role] });
    story.accepted(role);
  }
  for (const gate of ["spec", "budget"] as const) story.verdict("finish", gate, { decision: "pass" });
  expect(nextMove(story.state)).toEqual({ kind: "commit" });
  story.committed();
  expect(nextMove(story.state)).toMatchObject({ kind: "finish", status: "passed" });
});

test("delegating to a role that is not legal now is refused with the reason", () => {
  const story = ready();
  expect(refusalOf(story.state, "reviewer")).toBe("delegating to 'reviewer' is not legal now; legal: planner");
  expect(refusalOf(story.state, "planner")).toBeNull();
});

test("a refused build goes back to the builder with the findings, or to the planner", () => {
  const story = ready();
  story.accepted("planner");
  story.refused("builder", "scope");
  expect(nextMove(story.state)).toMatchObject({
    kind: "delegate",
    roles: ["builder", "planner"],
    findings: [{ rule: "scope/unplanned" }],
  });
});

test("when the builder has used its attempts only the planner is left, and then a person is asked", () => {
  const story = ready({ builder_attempts: 2, planner_attempts: 2 });
  story.accepted("planner");
  story.refused("builder", "scope", "first");
  story.refused("builder", "scope", "second");
  expect(nextMove(story.state)).toMatchObject({ kind: "delegate", roles: ["planner"] });
  story.accepted("planner");
  story.refused("builder", "scope", "third");
  story.refused("builder", "scope", "fourth");
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "stuck" });
});

test("the same refusal three times in a row asks a person, even where attempts are left", () => {
  const story = ready({ builder_attempts: 9, planner_attempts: 9 });
  story.accepted("planner");
  for (const durationMs of [12, 13, 14]) story.refused("builder", "scope", `failed after ${durationMs} ms`);
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "stuck", subject: "builder.3" });
});

test("a person who approves another round gives the attempts back, and the message guides it", () => {
  const story = ready({ builder_attempts: 1, planner_attempts: 1 });
  story.accepted("planner");
  story.refused("builder", "scope");
  story.asked("stuck", "builder.1");
  expect(nextMove(story.state)).toMatchObject({ kind: "block", on: "question" });
  story.answered("approve", "leave a.ts alone");
  expect(nextMove(story.state)).toMatchObject({
    kind: "delegate",
    findings: expect.arrayContaining([{ rule: "person", message: "leave a.ts alone" }]),
  });
});

test("a person who rejects another round ends the run as refused", () => {
  const story = ready({ builder_attempts: 1, planner_attempts: 1 });
  story.accepted("planner");
  story.refused("builder", "scope");
  story.asked("stuck", "builder.1");
  story.answered("reject", null);
  expect(nextMove(story.state)).toMatchObject({ kind: "finish", status: "refused" });
});

test("a plan that needs approval is asked about, and is built only when it is approved", () => {
  const story = ready({}, ["plan"]);
  story.accepted("planner");
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "plan_approval", subject: "planner.1" });
  story.asked("plan_approval", "planner.1");
  story.answered("approve", null);
  expect(nextMove(story.state)).toMatchObject({ kind: "delegate", roles: ["builder"] });
});

test("a plan that a person sends back with a message is planned again with that message", () => {
  const story = ready({}, ["plan"]);
  story.accepted("planner");
  story.asked("plan_approval", "planner.1");
  story.answered("reject", "smaller, please");
  expect(nextMove(story.state)).toMatchObject({
    kind: "delegate",
    roles: ["planner"],
    findings: [{ rule: "person", message: "smaller, please" }],
  });
});

test("an approval of an older plan does not cover a newer one", () => {
  const story = ready({}, ["plan"]);
  story.accepted("planner");
  story.asked("plan_approval", "planner.1");
  story.answered("approve", null);
  story.refused("builder", "scope");
  story.accepted("planner");
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "plan_approval", subject: "planner.2" });
});

test("a finished change that a person sends back goes to the builder with the message", () => {
  const story = ready({}, ["finish"]);
  for (const role of ["planner", "builder", "tester", "reviewer"] as const) story.accepted(role);
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "finish_approval" });
  story.asked("finish_approval", "builder.1");
  story.answered("reject", "rename it");
  expect(nextMove(story.state)).toMatchObject({
    kind: "delegate",
    findings: [{ rule: "person", message: "rename it" }],
  });
});

test("a tester that breaks down is tried once more, then a person is asked", () => {
  const story = ready();
  story.accepted("planner");
  story.accepted("builder");
  story.failed("tester");
  expect(nextMove(story.state)).toMatchObject({ kind: "delegate", roles: ["tester"] });
  story.failed("tester");
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "stuck" });
});

test("a step that drifted does not count as an attempt", () => {
  const story = ready({ planner_attempts: 1 });
  story.drifted("planner");
  expect(nextMove(story.state)).toMatchObject({ kind: "delegate", roles: ["planner"] });
});

test("a paused run blocks, and a cancelled one ends, wherever it is", () => {
  const story = ready();
  story.command("pause");
  expect(nextMove(story.state)).toEqual({ kind: "block", on: "pause", questionId: null });
  story.command("cancel");
  expect(nextMove(story.state)).toMatchObject({ kind: "finish", status: "cancelled" });
});

test("a manager that makes no choice three times in a row brings a person in", () => {
  const story = ready();
  for (let time = 0; time < 3; time += 1) story.undecided();
  expect(nextMove(story.state)).toMatchObject({ kind: "ask", question: "stuck" });
});

test("right before the commit spec and budget are judged once more, and again after anything that happened since", () => {
  const story = reviewed();
  const judge = { kind: "judge", subject: "finish", gates: ["spec", "budget"] };
  expect(nextMove(story.state)).toEqual(judge);
  story.verdict("finish", "spec", { decision: "pass" });
  story.verdict("finish", "budget", { decision: "pass" });
  expect(nextMove(story.state)).toEqual({ kind: "commit" });
  story.tell("lease_acquired", {
    holder: "another",
    continues: null,
    reason: "resumed",
    held_before_ms: null,
    set_aside: [],
  });
  expect(nextMove(story.state)).toEqual(judge);
});

test("a change whose approval ran out while the run waited is not committed, and the run ends refused", () => {
  const story = reviewed();
  story.verdict("finish", "spec", { decision: "refuse", findings: [{ rule: "spec/stale", message: "S1 is stale" }] });
  story.verdict("finish", "budget", { decision: "pass" });
  expect(nextMove(story.state)).toMatchObject({ kind: "finish", status: "refused" });
  expect(JSON.stringify(nextMove(story.state))).toContain("S1 is stale");
});

test("a budget that the last calls overran is not committed before a person grants more", () => {
  const story = reviewed();
  const findings = [{ rule: "budget/tokens", message: "too many" }];
  story.verdict("finish", "spec", { decision: "pass" });
  story.verdict("finish", "budget", { decision: "refuse", findings });
  expect(nextMove(story.state)).toEqual({ kind: "grant", subject: "finish", findings });
  story.asked("budget_spent", "finish");
  expect(nextMove(story.state)).toMatchObject({ kind: "block", on: "question" });
  story.answered("approve", null);
  expect(nextMove(story.state)).toMatchObject({ kind: "judge", subject: "finish" });
});

test("whatever the gates say, a run ends or asks after a bounded number of steps", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), fc.nat(), (passes, seed) => {
      const story = ready({ builder_attempts: 3, planner_attempts: 2 });
      const move = play(story, passes, seed);
      expect(["ask", "finish", "judge"]).toContain(move.kind);
      expect(story.state.steps.length).toBeLessThanOrEqual(60);
    }),
    { numRuns: 200 },
  );
});

test("folding event by event gives what folding all at once gives", () => {
  const story = begin();
  story.verdict("run", "spec", { decision: "pass" });
  story.prepared();
  story.accepted("planner");
  const [first, ...rest] = story.events;
  if (first === undefined) throw new Error("a story begins with an event");
  expect(rest.reduce(applyEvent, foldRun([first]))).toEqual(story.state);
});

/** Lets each delegation pass or be refused as the list says, until nobody may be delegated to. */
function play(story: Story, passes: readonly boolean[], seed: number): Move {
  for (const [index, passed] of passes.entries()) {
    const move = nextMove(story.state);
    if (move.kind !== "delegate") return move;
    const role: Delegate = move.roles[(seed + index) % move.roles.length] ?? "planner";
    if (passed) story.accepted(role);
    else story.refused(role, lastGate(role), `refusal ${String.fromCharCode(97 + (index % 26))}`);
  }
  return nextMove(story.state);
}

function reviewed(): Story {
  const story = ready();
  for (const role of ["planner", "builder", "tester", "reviewer"] as const) story.accepted(role);
  return story;
}

function lastGate(role: Delegate): GateName {
  return gatesBehind[role][0] ?? "plan";
}

function ready(
  budget: RunState["created"]["policy"]["budget"] = {},
  approvals: readonly ("plan" | "finish")[] = [],
): Story {
  const story = begin({ budget: { builder_attempts: 3, planner_attempts: 2, ...budget }, approvals });
  story.verdict("run", "spec", { decision: "pass" });
  story.prepared();
  return story;
}
