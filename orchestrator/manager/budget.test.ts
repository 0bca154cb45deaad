import type { Model } from "@openai/agents-core";
import { expect, test } from "vitest";
import { OrchestratorError } from "../schema/errors.ts";
import type { TaskSpec } from "../schema/task-spec.ts";
import { withinTime } from "./budget.ts";
import { beginRun } from "./run-in-memory.test-support.ts";
import { openJournal } from "./run-journal.ts";

const person = { kind: "person", id: "test", authenticated_by: "none" } as const;

/** A journal whose run has worked for as long as the test says. */
async function journalWith(budget: TaskSpec["budget"], workedSeconds: number) {
  const { lease, parts } = await beginRun({ task: { budget } });
  const clock = { now: parts.clock.now, monotonicMs: () => clock.ms, ms: 0 };
  const journal = openJournal(lease, clock, () => {});
  clock.ms = workedSeconds * 1000;
  return journal;
}

function untilStopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new OrchestratorError("aborted", "stopped")), { once: true });
  });
}

test("work is stopped when the time that the budget has left is over, and says that the budget is spent", async () => {
  const journal = await journalWith({ wall_clock_seconds: 60 }, 59.95);
  const { signal } = new AbortController();
  await expect(withinTime({ journal, signal }, untilStopped)).rejects.toMatchObject({
    code: "budget_spent",
    message: "60 seconds of work are used up",
    cause: { used: { wall_clock_seconds: 60 } },
  });
});

test("where no time is left, work is not begun", async () => {
  const journal = await journalWith({ wall_clock_seconds: 60 }, 61);
  let begun = false;
  const work = async () => {
    begun = true;
  };
  const { signal } = new AbortController();
  await expect(withinTime({ journal, signal }, work)).rejects.toMatchObject({ code: "budget_spent" });
  expect(begun).toBe(false);
});

test("work that ends in time, that fails by itself, or that its caller stops, keeps its own end", async () => {
  const journal = await journalWith({ wall_clock_seconds: 3600 }, 0);
  const caller = new AbortController();
  const run = { journal, signal: caller.signal };
  expect(await withinTime(run, async () => "done")).toBe("done");
  const failure = new OrchestratorError("disk_failed", "full");
  await expect(withinTime(run, () => Promise.reject(failure))).rejects.toBe(failure);
  const stopped = withinTime(run, untilStopped);
  caller.abort();
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
});

test("a model that hangs is stopped by the limit on time, and the step goes on when more time is granted", async () => {
  let hangs = true;
  const inner = (await beginRun({})).parts.models;
  const planner: Model = {
    getResponse: async (request) => {
      if (hangs) await untilStopped(request.signal ?? new AbortController().signal);
      return (await inner.ofRole("planner")).model.getResponse(request);
    },
    getStreamedResponse: () => {
      throw new Error("not streamed");
    },
  };
  const run = await beginRun({ models: { planner }, task: { budget: { wall_clock_seconds: 2 } } });
  const blocked = await run.drive();
  expect(blocked.steps).toMatchObject([{ step_id: "planner.1", status: "open" }]);
  const [asked] = blocked.questions;
  expect(asked?.question).toMatchObject({ kind: "budget_spent", limits: ["wall_clock_seconds"] });

  hangs = false;
  await run.store.submit(run.key, {
    schema_version: 1,
    id: "c1",
    at: "2026-01-01T00:00:00.000Z",
    actor: person,
    verb: "answer",
    question_id: asked?.question.id ?? "",
    subject_sha256: asked?.question.subject_sha256 ?? "",
    answer: "approve",
  });
  const manifest = await run.drive(await run.store.acquire(run.key, "approved", person));
  expect(manifest.status).toBe("passed");
  expect(manifest.steps[0]).toMatchObject({ step_id: "planner.1", status: "finished" });
});
