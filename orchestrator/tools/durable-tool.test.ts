import { tool } from "@openai/agents-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createPatternLibrary } from "../../patterns/index.ts";
import { defaultPolicy } from "../gates/default-policy.ts";
import { systemClock } from "../io/clock.ts";
import { openSession, transcriptOf } from "../models/step-session.ts";
import { Delegate } from "../schema/primitives.ts";
import type { EventDraft, KnownEvent } from "../schema/run-event.ts";
import { defineTool } from "./agent-tool.ts";
import { createSdkTool, invokeDurably } from "./durable-tool.ts";
import { createMemoryWorkbenches } from "./memory-workbench.ts";
import { toolsOfRole } from "./tools-of-role.ts";

test("what a model is told of each tool is what the SDK's own strict preparation would tell it", async () => {
  const policy = defaultPolicy();
  const commit = "c".repeat(40);
  const repository = {
    root: "/memory",
    base_commit: commit,
    base_tree: commit,
    branch: null,
    uncommitted_changes: false,
  };
  const benches = createMemoryWorkbenches({ files: {}, goals: [] });
  const bench = await benches.open({
    runId: "r",
    repository,
    policy,
    tree: null,
    signal: new AbortController().signal,
  });
  for (const role of Delegate.options) {
    for (const agentTool of toolsOfRole(role, { bench, patterns: createPatternLibrary(), policy, planPaths: [] })) {
      const ours = createSdkTool(agentTool, async () => "");
      const { name, description } = agentTool;
      const parameters = structuredClone(ours.parameters);
      if (parameters.additionalProperties) throw new TypeError(`${name} takes more than it names`);
      const prepared = tool({ name, description, parameters, strict: true, execute: async () => "" });
      expect(ours).toMatchObject({ name: prepared.name, description: prepared.description, strict: prepared.strict });
      expect(ours.parameters).toEqual(prepared.parameters);
    }
  }
});

test("a call that dies again before it is made again is on record as interrupted once", async () => {
  const events: KnownEvent[] = [];
  const says = (event: EventDraft["event"]) => events.filter((each) => each.event === event).length;
  expect(await dieAt("tool_finished", events)).toBe("died");
  expect(await dieAt("tool_started", events)).toBe("died");
  expect(await dieAt("tool_started", events)).toBe("died");
  expect([says("tool_started"), says("tool_interrupted")]).toEqual([1, 1]);
  expect(await dieAt("tool_finished", events)).toBe("died");
  expect(await dieAt(null, events)).toBe("done");
  expect([says("tool_started"), says("tool_interrupted"), says("tool_finished")]).toEqual([3, 2, 1]);
});

/** Calls a repeatable tool, by what the log says until now, in a process that dies before it can write a certain event. */
async function dieAt(end: EventDraft["event"] | null, events: KnownEvent[]): Promise<string> {
  const session = openSession({
    stepId: "tester.1",
    agent: "tester",
    transcript: transcriptOf(events, "tester.1"),
    append: (draft) => {
      if (draft.event === end) return Promise.reject(new Error("died"));
      const event = eventOf(draft, events.length);
      events.push(event);
      return Promise.resolve(event);
    },
  });
  const check = defineTool({
    name: "run_check",
    description: "",
    parameters: z.object({}),
    effect: "edit",
    run: () => Promise.resolve({ outcome: "ok", result: "done" }),
  });
  const options = {
    session,
    clock: systemClock,
    signal: new AbortController().signal,
    snapshot: () => Promise.resolve("a".repeat(40)),
    keepError: () => Promise.resolve("errors/01.json"),
  };
  return invokeDurably(check, options, "{}", "call").catch((error: Error) => error.message);
}

function eventOf(draft: EventDraft, seq: number): KnownEvent {
  const place = { schema_version: 2, seq, epoch: 1, timestamp: "2026-01-01T00:00:00.000Z", held_ms: 0 };
  return { ...place, task_id: "t", run_id: "r", ...draft, prev_hash: "0".repeat(64), hash: "0".repeat(64) };
}
