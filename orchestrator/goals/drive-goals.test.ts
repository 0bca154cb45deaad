import { expect, test } from "vitest";
import { goalsOf, openGoalsInMemory } from "./goals-in-memory.test-support.ts";

const diamond = goalsOf({ a: [], b: ["a"], c: ["a"], d: ["b", "c"] });
const statuses = (manifest: { goals?: { goals: readonly { id: string; status: string }[] } | undefined }) =>
  Object.fromEntries((manifest.goals?.goals ?? []).map(({ id, status }) => [id, status]));

test("every goal gets a run of its own, after those that it depends on", async () => {
  const run = await openGoalsInMemory(diamond, () => "passed");
  const manifest = await run.drive();
  expect(manifest).toMatchObject({ status: "passed", status_detail: "4 passed" });
  expect(run.begun[0]).toBe("a");
  expect(run.begun[3]).toBe("d");
  expect(manifest.goals?.goals.every(({ run_id, starts }) => run_id !== null && starts === 1)).toBe(true);
});

test("wherever the runner dies, whoever goes on begins no goal twice and forgets none", async () => {
  const { length } = await (async () => {
    const whole = await openGoalsInMemory(diamond, () => "passed");
    await whole.drive();
    return (await whole.store.read(whole.key)).events;
  })();
  for (let killAt = 2; killAt <= length; killAt += 1) {
    const run = await openGoalsInMemory(diamond, () => "passed");
    await run.drive(killAt).catch(() => {});
    const manifest = await run.drive();
    expect([killAt, manifest.status, [...run.begun].sort()]).toEqual([killAt, "passed", ["a", "b", "c", "d"]]);
  }
});

test("what depends on a goal that did not pass is skipped, and the others are done", async () => {
  const run = await openGoalsInMemory(diamond, (goal) => (goal === "b" ? "refused" : "passed"));
  const manifest = await run.drive();
  expect(manifest).toMatchObject({ status: "refused", status_detail: "2 passed, 1 refused, 1 skipped" });
  expect(statuses(manifest)).toEqual({ a: "passed", b: "refused", c: "passed", d: "skipped" });
});

test("where it stops at the first failure, no other goal is started", async () => {
  const spec = goalsOf({ a: [], b: [], c: [] }, { keep_going: false, concurrency: 1 });
  const run = await openGoalsInMemory(spec, (goal) => (goal === "a" ? "refused" : "passed"));
  expect(await run.drive()).toMatchObject({ status: "refused", status_detail: "1 refused, 2 not started" });
  expect(run.begun).toEqual(["a"]);
});

test("a goal that asks holds up none but those that depend on it, and the run then waits for a person", async () => {
  const spec = goalsOf({ a: [], b: ["a"], c: [], d: ["c"] }, { concurrency: 1 });
  const run = await openGoalsInMemory(spec, (goal) => (goal === "a" ? "asks" : "passed"));
  const waiting = await run.drive();
  expect(waiting.status).toBe("blocked");
  expect(waiting.status_detail).toMatch(/^a \(run .*\) wait for a person$/);
  expect(statuses(waiting)).toEqual({ a: "blocked", b: "waiting", c: "passed", d: "passed" });
  await run.answer("a");
  expect(await run.drive()).toMatchObject({ status: "passed", status_detail: "4 passed" });
  expect([...run.begun].sort()).toEqual(["a", "b", "c", "d"]);
});

test("a goal that is answered while others are under way goes on at once", async () => {
  let isAnswered = false;
  const spec = goalsOf({ a: [], b: [] });
  const run = await openGoalsInMemory(spec, (goal) => {
    if (goal === "a") return "asks";
    return isAnswered ? "passed" : "hang";
  });
  const stop = new AbortController();
  const driven = run.drive(Number.POSITIVE_INFINITY, stop.signal);
  driven.catch(() => {});
  await expect.poll(async () => statuses(await run.store.manifest(run.key))["a"]).toBe("blocked");
  await run.answer("a");
  await expect.poll(async () => statuses(await run.store.manifest(run.key))["a"]).toBe("passed");
  isAnswered = true;
  stop.abort();
  await expect(driven).rejects.toThrow("stopped");
  expect(await run.drive()).toMatchObject({ status: "passed" });
});

test("what a fault stopped can be resumed, and its run is gone on with", async () => {
  let isBroken = true;
  const run = await openGoalsInMemory(goalsOf({ a: [], b: [] }), (goal) =>
    goal === "a" && isBroken ? "throws" : "passed",
  );
  await expect(run.drive()).rejects.toThrow("goals were stopped by faults: a: model_unreachable: no answer");
  expect(statuses(await run.store.manifest(run.key))).toEqual({ a: "faulted", b: "passed" });
  isBroken = false;
  expect(await run.drive()).toMatchObject({ status: "passed" });
  expect([...run.begun].sort()).toEqual(["a", "b"]);
});

test("a cancel ends the runs of the goals and the run itself", async () => {
  const run = await openGoalsInMemory(goalsOf({ a: [], b: [], c: [] }), (goal) => (goal === "b" ? "passed" : "hang"));
  const driven = run.drive();
  await expect.poll(() => run.begun.length).toBe(3);
  const actor = { kind: "person", id: "ada", authenticated_by: "local_user" } as const;
  const at = "2026-01-01T00:00:00.000Z";
  await run.store.submit(run.key, { schema_version: 1, id: "cancel-1", at, actor, verb: "cancel", message: "enough" });
  const manifest = await driven;
  expect(manifest).toMatchObject({ status: "cancelled", status_detail: "enough; 2 cancelled, 1 passed" });
  for (const { id, run_id } of manifest.goals?.goals ?? [])
    expect((await run.children.manifest({ taskId: id, runId: run_id ?? "" })).finished_at).not.toBeNull();
});
