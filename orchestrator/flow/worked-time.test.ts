import fc from "fast-check";
import { expect, test } from "vitest";
import type { KnownEvent } from "../schema/run-event.ts";
import { begin } from "./run-story.test-support.ts";
import { addWorkedTime, noWorkedTime, workedMs } from "./worked-time.ts";

const [created] = begin().events;

function leaseAt(epoch: number, held_ms: number, held_before_ms: number | null = null, timestamp?: string): KnownEvent {
  if (created === undefined) throw new Error("a story begins with an event");
  const payload = { holder: "h", continues: null, reason: "r", held_before_ms, set_aside: [] };
  return { ...created, event: "lease_acquired", payload, epoch, held_ms, ...(timestamp ? { timestamp } : {}) };
}

const worked = (events: readonly KnownEvent[]) => workedMs(events.reduce(addWorkedTime, noWorkedTime));

test("the time of each lease is what its holder measured, and the time between leases is nobody's", () => {
  expect(worked([leaseAt(1, 0), leaseAt(1, 10_000), leaseAt(2, 5, null), leaseAt(2, 4000)])).toBe(14_000);
});

test("the time after the last event of a runner that was killed counts to its last sign of life", () => {
  expect(worked([leaseAt(1, 10_000), leaseAt(2, 0, 40_000)])).toBe(40_000);
});

test("a sign of life that is older than the last event takes nothing away", () => {
  expect(worked([leaseAt(1, 10_000), leaseAt(2, 0, 3000), leaseAt(3, 0, 5000)])).toBe(15_000);
});

test("no jump of the wall clock changes it", () => {
  fc.assert(
    fc.property(fc.array(fc.date({ noInvalidDate: true }), { minLength: 3, maxLength: 3 }), (dates) => {
      const [first, second, third] = dates.map((date) => date.toISOString());
      const jumping = [leaseAt(1, 0, null, first), leaseAt(1, 700, null, second), leaseAt(2, 100, 900, third)];
      expect(worked(jumping)).toBe(1000);
    }),
  );
});
