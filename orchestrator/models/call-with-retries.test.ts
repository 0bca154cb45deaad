import type { Model, ModelRequest, ModelResponse } from "@openai/agents-core";
import { assistantMessage } from "@openai/agents-core/testing";
import { expect, test } from "vitest";
import type { EventDraft } from "../schema/run-event.ts";
import { callWithRetries, type RetryPolicy } from "./call-with-retries.ts";
import { openSession } from "./step-session.ts";

const request: ModelRequest = {
  input: "hello",
  modelSettings: {},
  tools: [],
  outputType: "text",
  handoffs: [],
  tracing: false,
};

const policy: RetryPolicy = { retries: 2, firstDelayMs: 1, timeoutMs: 1000 };

test("a model that answers is called once and nothing is written", async () => {
  const { call, drafts, calls } = setUp([answer]);
  await expect(call()).resolves.toMatchObject({ output: [{ role: "assistant" }] });
  expect([calls(), drafts.length]).toEqual([1, 0]);
});

test("a rate limit is tried again, with each failure on record", async () => {
  const { call, drafts, calls } = setUp([() => fail(429), () => fail(503), answer]);
  await call();
  expect(calls()).toBe(3);
  expect(drafts.map(({ payload }) => payload)).toMatchObject([
    { status: 429, retry_in_ms: 1 },
    { status: 503, retry_in_ms: 2 },
  ]);
});

test("the wait that a provider asks for wins over our own, within its bound", async () => {
  const { call, drafts } = setUp([() => fail(429, { "retry-after-ms": "7" }), answer]);
  await call();
  expect(drafts[0]?.payload).toMatchObject({ retry_in_ms: 7 });
});

test("when the tries are used up the model counts as unreachable, and that can be tried later", async () => {
  const { call, drafts, calls } = setUp([() => fail(500), () => fail(500), () => fail(500)]);
  await expect(call()).rejects.toMatchObject({ code: "model_unreachable", retryable: true });
  expect(calls()).toBe(3);
  expect(drafts.at(-1)?.payload).toMatchObject({ retry_in_ms: null });
});

test("a request that the provider refuses is not made again", async () => {
  const { call, calls } = setUp([() => fail(401), answer]);
  await expect(call()).rejects.toMatchObject({ code: "model_refused", retryable: false });
  expect(calls()).toBe(1);
});

test("a model that never answers and ignores its signal is given up at the deadline", async () => {
  const never = () => new Promise<ModelResponse>(() => {});
  const { call } = setUp([never, never, never], { ...policy, timeoutMs: 20 });
  await expect(call()).rejects.toMatchObject({ code: "model_unreachable" });
});

test("stopping while waiting to try again ends at once", async () => {
  const { call, abort } = setUp([() => fail(429), answer], { ...policy, firstDelayMs: 20_000 });
  const pending = call();
  setTimeout(abort, 10);
  await expect(pending).rejects.toMatchObject({ code: "aborted" });
});

function answer(): Promise<ModelResponse> {
  return Promise.resolve({ usage: usage(), output: [assistantMessage("hi")] });
}

function fail(status: number, headers: Record<string, string> = {}): Promise<ModelResponse> {
  return Promise.reject(Object.assign(new Error(`status ${status}`), { status, headers: new Headers(headers) }));
}

function usage(): ModelResponse["usage"] {
  return {
    requests: 1,
    inputTokens: 0,
    outputTokens: 0,
    totalTokens: 0,
    inputTokensDetails: [],
    outputTokensDetails: [],
    requestUsageEntries: undefined,
    add: () => {},
  };
}

function setUp(steps: readonly (() => Promise<ModelResponse>)[], retry: RetryPolicy = policy) {
  const drafts: EventDraft[] = [];
  const stop = new AbortController();
  let calls = 0;
  const model: Model = {
    getResponse: () => {
      calls += 1;
      return (steps[calls - 1] ?? answer)();
    },
    getStreamedResponse: () => {
      throw new Error("not streamed");
    },
  };
  const session = openSession({
    stepId: "planner.1",
    agent: "planner",
    transcript: { answers: new Map(), results: new Map(), interrupted: new Map() },
    append: async (draft) => {
      drafts.push(draft);
      return eventOf(draft);
    },
  });
  const call = () => callWithRetries(model, request, { session, retry, signal: stop.signal }, 1);
  return { call, drafts, calls: () => calls, abort: () => stop.abort() };
}

function eventOf(draft: EventDraft) {
  const place = {
    schema_version: 2,
    seq: 0,
    epoch: 1,
    timestamp: "2026-01-01T00:00:00.000Z",
    held_ms: 0,
    task_id: "t",
    run_id: "r",
  };
  return { ...place, ...draft, prev_hash: "0".repeat(64), hash: "0".repeat(64) };
}
