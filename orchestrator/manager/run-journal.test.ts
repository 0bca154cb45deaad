import { expect, test } from "vitest";
import type { KnownEvent } from "../schema/run-event.ts";
import { beginRun } from "./run-in-memory.test-support.ts";
import { secondsWorked } from "./run-journal.ts";

const second = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

/** Two leases: the first from 0 to 10 s, the second from 100 to 105 s. */
async function twoLeases(heldUntil: string | null): Promise<readonly KnownEvent[]> {
  const [created, acquired] = (await beginRun({})).lease.events;
  if (created === undefined || acquired?.event !== "lease_acquired") throw new Error("a run begins with two events");
  const resumed = { ...acquired, payload: { ...acquired.payload, held_until: heldUntil } };
  return [
    { ...created, epoch: 1, timestamp: second(0) },
    { ...acquired, epoch: 1, timestamp: second(10) },
    { ...resumed, epoch: 2, timestamp: second(100) },
    { ...acquired, epoch: 3, timestamp: second(200), payload: { ...acquired.payload, held_until: second(105) } },
  ];
}

test("the time after the last event of a runner that was killed counts to its last sign of life", async () => {
  expect(secondsWorked(await twoLeases(second(40)))).toBe(40 + 5);
});

test("it never counts beyond the next lease, nor less than the events show", async () => {
  expect(secondsWorked(await twoLeases(second(1000)))).toBe(100 + 5);
  expect(secondsWorked(await twoLeases(second(-1)))).toBe(10 + 5);
  expect(secondsWorked(await twoLeases(null))).toBe(10 + 5);
});
