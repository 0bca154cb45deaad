import type { Clock } from "../io/clock.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunLease } from "../schema/run-store.ts";
import { createEventTap } from "./event-tap.ts";
import { openJournal, type RunJournal } from "./run-journal.ts";

/** A run that is driven in this process. */
export interface DrivenRun {
  readonly events: AsyncIterable<KnownEvent>;
  readonly finished: Promise<RunManifest>;
}

/** Drives a run that is held by the lease, whatever its kind, then lets go of it; every event can be followed meanwhile. */
export function driveUnderLease(
  lease: RunLease,
  clock: Clock,
  drive: (journal: RunJournal) => Promise<RunManifest>,
): DrivenRun {
  const tap = createEventTap(lease.events);
  const journal = openJournal(lease, clock, () => tap.grown());
  const finished = drive(journal).finally(async () => {
    await lease.release();
    tap.close();
  });
  // Readers of the events may never ask how it ended; the handle's `finished` still rejects for those who do.
  finished.catch(() => {});
  return { events: tap.events, finished };
}
