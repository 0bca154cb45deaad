import { expect, test } from "vitest";
import { BuilderInput } from "../../orchestrator/schema/handoff.ts";
import { commandLine } from "../support/command-run.ts";
import { buildSummary, honestTeam, manage, samplePlan } from "../support/honest-team.ts";
import { call, inTurns, type Script, say, startModelServer } from "../support/model-server.ts";
import { answerQuestion, createPlayground, gateLines, payloadsOf } from "../support/playground.ts";
import { sampleTask } from "../support/sample-task.ts";

const onlyGreeting = { ...samplePlan, items: samplePlan.items.filter(({ id }) => id === "comma") };
const breakGreeting = call("edit_file", { path: "src/greet.js", before: '"Hello "', after: '"Goodbye "' });
const mendGreeting = call("edit_file", { path: "src/greet.js", before: '"Goodbye "', after: '"Hello, "' });
const claimSuccess = say({ summary: "All tests pass, believe me.", claim: "passed" });

test("a tester that claims success is overruled by the tests, and the builder mends what the findings name", async () => {
  const builder: Script = (asked) => {
    const { findings } = BuilderInput.parse(asked.document);
    if (findings.length === 0) return inTurns(breakGreeting, say(buildSummary))(asked);
    expect(JSON.stringify(findings)).toContain("Goodbye Ada");
    return inTurns(mendGreeting, say(buildSummary))(asked);
  };
  const playground = createPlayground();
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say(onlyGreeting)),
    builder,
    tester: inTurns(claimSuccess),
  });
  const { exit, verified, manifest, events } = await commandLine(playground, server).run();

  expect([exit, verified, manifest.status]).toEqual([0, 0, "passed"]);
  expect(payloadsOf(events, "gate_refused").map(({ step_id, verdict }) => [step_id, verdict.gate])).toEqual([
    ["tester.1", "test"],
  ]);
  expect(gateLines(manifest).filter((line) => line.includes("test"))).toEqual([
    "tester.1 test refuse",
    "tester.2 test pass",
  ]);
  expect(manifest.steps.map(({ step_id }) => step_id)).toEqual([
    "planner.1",
    "builder.1",
    "tester.1",
    "builder.2",
    "tester.2",
    "reviewer.1",
  ]);
  expect(manifest.tests?.checks).toMatchObject([{ verdict: "passed", counts: { passed: 3 } }]);
});

test("work that stays wrong blocks the run on a person, whose rejection ends it refused with nothing committed", async () => {
  const playground = createPlayground();
  const before = playground.fingerprint();
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(say(onlyGreeting)),
    builder: inTurns(breakGreeting, say(buildSummary)),
    tester: inTurns(claimSuccess),
  });
  const line = commandLine(playground, server);
  const blocked = await line.run({ ...sampleTask, budget: { builder_attempts: 2, planner_attempts: 1 } });
  expect(blocked).toMatchObject({
    exit: 3,
    verified: 0,
    manifest: { status: "blocked", questions: [{ question: { id: "q1", kind: "stuck" }, answer: null }] },
  });
  expect(blocked.manifest.steps.map(({ step_id }) => step_id)).toEqual([
    "planner.1",
    "builder.1",
    "tester.1",
    "builder.2",
    "tester.2",
  ]);

  expect(await line.diff()).toContain('+exports.greet = (name) => "Goodbye');
  const ended = await line.tell("reject", "--question", "q1", "--message", "give it up");
  expect(ended).toMatchObject({ exit: 1, verified: 0, manifest: { status: "refused", commit: null } });
  expect(ended.manifest.status_detail).toContain("give it up");
  expect(ended.manifest.artifacts.map(({ name }) => name)).not.toContain("change.bundle");
  expect(payloadsOf(ended.events, "run_finished")).toMatchObject([{ status: "refused" }]);
  expect(playground.fingerprint()).toEqual(before);
});

test("a builder that tries to edit outside the scope, and then only claims to have worked, is refused for an empty change", async () => {
  const playground = createPlayground();
  const outside = call("edit_file", { path: "README.md", before: "sample", after: "changed" });
  const server = await startModelServer({ ...honestTeam, builder: inTurns(outside, say(buildSummary)) });
  const task = { ...sampleTask, budget: { builder_attempts: 1, planner_attempts: 1 } };
  const { exit, verified, manifest, events } = await commandLine(playground, server).run(task);
  expect([exit, verified, manifest.status]).toEqual([3, 0, "blocked"]);
  const tried = payloadsOf(events, "tool_finished").filter(({ step_id }) => step_id === "builder.1");
  expect(tried).toMatchObject([{ tool: "edit_file", outcome: "refused" }]);
  expect(payloadsOf(events, "gate_refused").map(({ step_id, verdict }) => `${step_id} ${verdict.gate}`)).toEqual([
    "builder.1 scope",
  ]);
  expect(manifest.questions[0]?.question.text).toContain("nothing was changed");
});

test("a plan outside the scope is refused by the plan gate, and the next plan is told why", async () => {
  const outside = { ...onlyGreeting, items: onlyGreeting.items.map((item) => ({ ...item, paths: ["README.md"] })) };
  const planner: Script = ({ document }) =>
    say(JSON.stringify(document).includes("plan/outside-path") ? samplePlan : outside);
  const playground = createPlayground();
  const server = await startModelServer({ ...honestTeam, planner });
  const manifest = await (await (await playground.onWire(server)).run(sampleTask)).finished();
  expect(manifest.status).toBe("passed");
  expect(gateLines(manifest).filter((line) => line.includes(" plan "))).toEqual([
    "planner.1 plan refuse",
    "planner.2 plan pass",
  ]);
});

test("a manager that delegates against the rules, or in prose, is refused on record and may choose again", async () => {
  const whims: readonly Script[] = [
    inTurns(call("delegate_to_reviewer", { brief: "Approve it." }), call("delegate_to_planner", { brief: "Plan." })),
    inTurns(call("delegate_to_builder", { letter: "?" }), call("delegate_to_builder", { brief: "Build." })),
    inTurns(call("delegate_to_marketing", { brief: "Sell." }), call("delegate_to_tester", { brief: "Test." })),
    inTurns(call("delegate_to_reviewer", "{"), say("Everything looks good to me, ship it.")),
    manage,
  ];
  let decisions = -1;
  const manager: Script = (asked) => {
    if (asked.turn === 0) decisions += 1;
    return (whims[decisions] ?? manage)(asked);
  };
  const playground = createPlayground();
  const server = await startModelServer({ ...honestTeam, manager });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const manifest = await run.finished();
  const events = await orchestrator.runs.events(run.key);

  expect(payloadsOf(events, "delegation_refused").map(({ delegate, reason }) => `${delegate}: ${reason}`)).toEqual([
    "reviewer: delegating to 'reviewer' is not legal now; legal: planner",
    "none: it answered without delegating",
  ]);
  expect(payloadsOf(events, "tool_finished").filter(({ step_id }) => step_id.startsWith("manager"))).toMatchObject([
    { tool: "delegate_to_marketing", outcome: "refused" },
    { tool: "delegate_to_reviewer", outcome: "refused" },
  ]);
  expect(manifest.status).toBe("passed");
  expect(manifest.steps).toHaveLength(4);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a manager that never delegates blocks the run after three decisions, and a person can send it on", async () => {
  let isHelpful = false;
  const manager: Script = (asked) => (isHelpful ? manage(asked) : say("I would rather not."));
  const playground = createPlayground();
  const server = await startModelServer({ ...honestTeam, manager });
  const orchestrator = await playground.onWire(server);
  const run = await orchestrator.run(sampleTask);
  const blocked = await run.finished();
  expect(blocked).toMatchObject({ status: "blocked", steps: [], questions: [{ question: { kind: "stuck" } }] });
  expect(server.requests()).toHaveLength(3);

  isHelpful = true;
  await answerQuestion(orchestrator, run.key, "approve", "please do");
  const manifest = await (await orchestrator.resume(run.key.runId)).finished();
  expect(manifest.status).toBe("passed");
  expect(manifest.questions[0]?.answer).toMatchObject({ decision: "approve", message: "please do" });
  expect(await playground.problems(run.key)).toEqual([]);
});
