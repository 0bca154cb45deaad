import { expect, test } from "vitest";
import type { Command } from "../schema/command.ts";
import type { RunLease } from "../schema/run-store.ts";
import { driveOn } from "./drive-on.ts";
import { driveRun } from "./drive-run.ts";
import { beginRun } from "./run-in-memory.test-support.ts";

const never = new AbortController().signal;
const actor = { kind: "person", id: "ada", authenticated_by: "none" } as const;

function command(verb: "pause" | "cancel" | "resume"): Command {
  return { schema_version: 1, id: `c-${verb}`, at: "2026-01-01T00:00:00.000Z", actor, verb };
}

/** A run that blocks on a pause; `before` is done right before its first lease is let go of, after its last look into the inbox. */
async function pausedRun(
  before: (store: Awaited<ReturnType<typeof beginRun>>["store"], key: RunLease["key"]) => Promise<unknown>,
) {
  const { store, key, lease, parts } = await beginRun({});
  await store.submit(key, command("pause"));
  const late: RunLease = {
    ...lease,
    release: async () => {
      await before(store, key);
      await lease.release();
    },
  };
  return { store, key, driven: driveOn(store, late, never, (held) => driveRun(parts, held, never)) };
}

test.each([
  ["cancel", "cancelled"],
  ["resume", "passed"],
] as const)("a %s that comes as a run is let go of is obeyed by the runner that let go of it", async (verb, status) => {
  const { store, key, driven } = await pausedRun((runs, run) => runs.submit(run, command(verb)));
  const seqs: number[] = [];
  for await (const { seq } of driven.events) seqs.push(seq);
  const manifest = await driven.finished;
  expect(manifest).toMatchObject({
    status,
    resume_events: [{ epoch: 2, actor, reason: `${verb} came in when the run was let go of` }],
  });
  expect(seqs).toEqual(Array.from({ length: manifest.log.events }, (_, index) => index));
  expect(await store.waiting(key)).toEqual([]);
});

test("a run that nobody says anything to is let go of once", async () => {
  const { store, key, driven } = await pausedRun(async () => {});
  expect(await driven.finished).toMatchObject({ status: "paused", resume_events: [] });
  expect((await store.heartbeat(key)).liveness).toBe("none");
});

test("a run that its sender took first is left to the sender", async () => {
  const taken: RunLease[] = [];
  const { store, key, lease, parts } = await beginRun({});
  await store.submit(key, command("pause"));
  const late: RunLease = {
    ...lease,
    release: async () => {
      await store.submit(key, command("cancel"));
      await lease.release();
      taken.push(await store.acquire(key, "cancel", actor));
    },
  };
  const driven = driveOn(store, late, never, (held) => driveRun(parts, held, never));
  expect(await driven.finished).toMatchObject({ status: "paused" });
  for (const one of taken) await one.release();
  expect(await store.waiting(key)).toHaveLength(1);
});
