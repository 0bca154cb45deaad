import type { Model } from "@openai/agents-core";
import { expect, test } from "vitest";
import { createRecipeModel } from "../models/recipe/recipe-model.ts";
import type { Role } from "../schema/primitives.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunLease } from "../schema/run-store.ts";
import { driveRun } from "./drive-run.ts";
import { beginRun } from "./run-in-memory.test-support.ts";

const roles: readonly Role[] = ["manager", "planner", "builder", "tester", "reviewer"];
const person = { kind: "person", id: "test", authenticated_by: "none" } as const;

/** The recipe models, counting the calls that reach them. */
function countingModels() {
  let calls = 0;
  const models = Object.fromEntries(
    roles.map((role): [Role, Model] => {
      const inner = createRecipeModel(role);
      const getResponse: Model["getResponse"] = (request) => {
        calls += 1;
        return inner.getResponse(request);
      };
      return [role, { ...inner, getResponse }];
    }),
  );
  return { models, calls: () => calls };
}

/** A lease whose writer dies right after the n-th event was written. */
function dyingLease(lease: RunLease, appendsMax: number, onAppend: () => void = () => {}): RunLease {
  let appends = 0;
  return new Proxy(lease, {
    get: (target, name) => {
      if (name !== "append") return Reflect.get(target, name);
      const append: RunLease["append"] = async (draft) => {
        if (appends >= appendsMax) throw new Error("the process is dead");
        appends += 1;
        onAppend();
        return target.append(draft);
      };
      return append;
    },
  });
}

/** What must be the same however often a run was interrupted. */
function essence(manifest: RunManifest) {
  return {
    status: manifest.status,
    steps: manifest.steps.map(({ step_id, status }) => `${step_id} ${status}`),
    // Each runner asks the gates before the commit for itself, so only what they say must be the same.
    gates: [...new Set(manifest.gates.map(({ step_id, verdict }) => `${step_id} ${verdict.gate} ${verdict.decision}`))],
    change: manifest.change?.patch_sha256,
    criteria: manifest.review_summary,
  };
}

test("a run that dies after any event goes on, with no step done twice and no model call made twice but the one in flight", async () => {
  const whole = countingModels();
  const undisturbed = await beginRun({ models: whole.models });
  let total = 0;
  const countAppend = () => {
    total += 1;
  };
  const expected = essence(
    await undisturbed.drive(dyingLease(undisturbed.lease, Number.POSITIVE_INFINITY, countAppend)),
  );
  expect(expected.status).toBe("passed");

  for (let deathAfter = 0; deathAfter < total; deathAfter += 1) {
    const counted = countingModels();
    const run = await beginRun({ models: counted.models });
    await expect(run.drive(dyingLease(run.lease, deathAfter))).rejects.toThrow("the process is dead");
    const lease = await run.store.acquire(run.key, "the runner died", person);
    const manifest = await run.drive(lease);
    expect(essence(manifest), `died after ${deathAfter} events`).toEqual(expected);
    expect(counted.calls(), `died after ${deathAfter} events`).toBeLessThanOrEqual(whole.calls() + 1);
    const finished = lease.events
      .filter(({ event }) => event === "step_finished")
      .map(({ payload }) => JSON.stringify(payload));
    expect(new Set(finished).size).toBe(finished.length);
    const ofBase = lease.events.filter(
      (each) => each.event === "tool_finished" && each.payload.tool === "run_base_tests",
    );
    expect(ofBase, `died after ${deathAfter} events`).toHaveLength(1);
  }
}, 120_000);

test("a step whose agent asks something else than what is recorded drifts, on record, and begins anew", async () => {
  const files = { "src/a.js": 'const fs = require("fs");\n' };
  const run = await beginRun({ files });
  await expect(run.drive(dyingLease(run.lease, 5))).rejects.toThrow("the process is dead");
  expect(run.lease.events.at(-1)?.event).toBe("model_answered");

  const lease = await run.store.acquire(run.key, "the runner died", person);
  const { patterns } = run.parts;
  const list = () => patterns.list().filter(({ id }) => id === "node-protocol");
  const changedCode = { ...run.parts, patterns: { ...patterns, list } };
  const manifest = await driveRun(changedCode, lease, new AbortController().signal).finished;
  expect(manifest.steps.slice(0, 2).map(({ step_id, status }) => [step_id, status])).toEqual([
    ["planner.1", "drifted"],
    ["planner.2", "finished"],
  ]);
  expect(manifest.status).toBe("passed");
});
