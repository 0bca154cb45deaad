import type { KnownEvent } from "../schema/run-event.ts";

/** How long runners have held a run. Waiting for a person is between leases, and is not in it. */
export interface WorkedTime {
  /** Milliseconds under earlier leases. */
  readonly earlierMs: number;
  readonly epoch: number;
  /** Milliseconds under the lease of `epoch`. */
  readonly heldMs: number;
}

/** No time yet. */
export const noWorkedTime: WorkedTime = { earlierMs: 0, epoch: 0, heldMs: 0 };

/**
 * The time after one more event. It goes by what each holder measured with a clock that does not jump; a holder that was killed
 * measured last for its heartbeat, which the lease after it put on record.
 */
export function addWorkedTime({ earlierMs, epoch, heldMs }: WorkedTime, event: KnownEvent): WorkedTime {
  if (event.epoch === epoch) return { earlierMs, epoch, heldMs: Math.max(heldMs, event.held_ms) };
  const before = event.event === "lease_acquired" ? (event.payload.held_before_ms ?? 0) : 0;
  return { earlierMs: earlierMs + Math.max(heldMs, before), epoch: event.epoch, heldMs: event.held_ms };
}

/** Milliseconds under all leases. */
export function workedMs({ earlierMs, heldMs }: WorkedTime): number {
  return earlierMs + heldMs;
}
