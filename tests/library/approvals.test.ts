import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRecipeModel } from "../../orchestrator/models/recipe/recipe-model.ts";
import type { Role } from "../../orchestrator/schema/primitives.ts";
import { answerQuestion, createPlayground, payloadsOf } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";

test("approvals at plan and finish wait without a process, and are given from others", async () => {
  const playground = createPlayground();
  const run = await (await playground.orchestrator()).run(recipeGoal, { approvals: ["plan", "finish"] });
  const atPlan = await run.finished();
  expect(atPlan).toMatchObject({ status: "blocked", approvals_wanted: ["plan", "finish"] });
  expect(atPlan.questions).toMatchObject([{ question: { kind: "plan_approval", subject: "planner.1" }, answer: null }]);
  expect(atPlan.steps.map(({ step_id }) => step_id)).toEqual(["planner.1"]);

  const second = await playground.orchestrator();
  await answerQuestion(second, run.key, "approve", "go ahead");
  const atFinish = await (await second.resume(run.key.runId)).finished();
  expect(atFinish).toMatchObject({ status: "blocked", commit: null });
  expect(atFinish.questions[1]).toMatchObject({ question: { kind: "finish_approval" }, answer: null });

  const third = await playground.orchestrator();
  await answerQuestion(third, run.key, "approve");
  const manifest = await (await third.resume(run.key.runId)).finished();
  expect(manifest.status).toBe("passed");
  expect(manifest.questions.map(({ answer }) => [answer?.decision, answer?.actor.id, answer?.message])).toEqual([
    ["approve", "reviewer", "go ahead"],
    ["approve", "reviewer", null],
  ]);
  expect(manifest.steps.map(({ step_id }) => step_id)).toEqual(["planner.1", "builder.1", "tester.1", "reviewer.1"]);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a run whose private clone was deleted says what is lost, and can still be ended", async () => {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal, { approvals: ["finish"] });
  await run.finished();
  rmSync(join(playground.cacheDir, "runs"), { recursive: true });
  await answerQuestion(orchestrator, run.key, "approve");
  const goOn = async () => (await orchestrator.resume(run.key.runId)).finished();
  await expect(goOn()).rejects.toMatchObject({ code: "workspace_lost", message: expect.stringContaining("cancel it") });
  await run.cancel();
  expect(await goOn()).toMatchObject({ status: "cancelled" });
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a rejection with a message sends the work back, one without ends the run, and neither is taken twice", async () => {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal, { approvals: ["plan", "finish"] });
  await run.finished();
  const goOn = async () => (await orchestrator.resume(run.key.runId)).finished();

  await answerQuestion(orchestrator, run.key, "reject", "smaller, please");
  await answerQuestion(orchestrator, run.key, "approve", "a second voice, too late");
  const planned = await goOn();
  expect(planned.steps.map(({ step_id }) => step_id)).toEqual(["planner.1", "planner.2"]);
  const events = await orchestrator.runs.events(run.key);
  expect(payloadsOf(events, "step_started")[1]?.input).toMatchObject({
    findings: [{ rule: "person", message: "smaller, please" }],
  });
  expect(payloadsOf(events, "command_received").map(({ accepted, reason }) => [accepted, reason])).toEqual([
    [true, null],
    [false, "question q1 was answered before"],
  ]);

  await answerQuestion(orchestrator, run.key, "approve");
  const built = await goOn();
  expect(built.questions.at(-1)?.question.kind).toBe("finish_approval");
  await answerQuestion(orchestrator, run.key, "reject");
  const manifest = await goOn();
  expect(manifest).toMatchObject({ status: "refused", commit: null });
  expect(manifest.status_detail).toContain("finish_approval");
  expect(await playground.problems(run.key)).toEqual([]);
});

test("an answer to something older, or that is expired, is refused on record and the question stays open", async () => {
  const playground = createPlayground();
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run(recipeGoal, { approvals: ["plan"] });
  const [asked] = (await run.finished()).questions;
  const head = {
    schema_version: 1,
    at: "2020-01-01T00:00:00.000Z",
    actor: { kind: "person", id: "reviewer", authenticated_by: "local_user" },
    verb: "answer",
    question_id: asked?.question.id ?? "",
    answer: "approve",
  } as const;
  await orchestrator.runs.submit(run.key, { ...head, id: "stale", subject_sha256: "0".repeat(64) });
  const subject_sha256 = asked?.question.subject_sha256 ?? "";
  await orchestrator.runs.submit(run.key, {
    ...head,
    id: "late",
    subject_sha256,
    expires_at: "2020-01-01T00:00:01.000Z",
  });
  const manifest = await (await orchestrator.resume(run.key.runId)).finished();
  expect(manifest).toMatchObject({ status: "blocked", questions: [{ answer: null }] });
  const received = payloadsOf(await orchestrator.runs.events(run.key), "command_received");
  expect(received.map(({ command, reason }) => `${command.id}: ${reason}`).sort()).toEqual([
    "late: the answer is expired",
    "stale: the answer is about something older",
  ]);
});

test("a run goes on with the model that it was started with, and not with that of the orchestrator that resumes it", async () => {
  const playground = createPlayground();
  const unused = () => {
    throw new Error("the wrong model was asked");
  };
  const run = await (await playground.orchestrator()).run(recipeGoal, { approvals: ["plan"] });
  await run.finished();
  const other = await playground.orchestrator({ model: unused });
  await answerQuestion(other, run.key, "approve");
  const manifest = await (await other.resume(run.key.runId)).finished();
  expect(manifest).toMatchObject({ status: "passed", models_used: ["recipe"] });
});

test("a run whose models a program gave is not gone on with by others, and stays as it was", async () => {
  const playground = createPlayground();
  const recipe = (role: Role) => ({ name: "mine", model: createRecipeModel(role), costOf: () => 0, usesTokens: false });
  const own = await playground.orchestrator({ model: recipe });
  const run = await own.run(recipeGoal, { approvals: ["plan"] });
  await run.finished();
  const other = await playground.orchestrator();
  await expect(other.resume(run.key.runId)).rejects.toMatchObject({ code: "usage" });
  await answerQuestion(own, run.key, "approve");
  expect(await (await own.resume(run.key.runId)).finished()).toMatchObject({ status: "passed", models_used: ["mine"] });
});
