import { applyEvent, foldRun, type RunState } from "../flow/run-state.ts";
import type { Clock } from "../io/clock.ts";
import type { Actor } from "../schema/primitives.ts";
import type { EventDraft, EventName, EventPayload, KnownEvent } from "../schema/run-event.ts";
import type { RunLease } from "../schema/run-store.ts";

/** The runner itself, where no agent and no person acts. */
const runner: Actor = { kind: "runner", id: "orchestrator", authenticated_by: "process" };

/** A run's log and the state that it folds to, kept in step. */
export interface RunJournal {
  readonly lease: RunLease;
  readonly state: RunState;
  /** Seconds that runners worked on the run, up to now. */
  workedSeconds(): number;
  append(draft: EventDraft): Promise<KnownEvent>;
  /** Appends an event of the runner itself. */
  note<Name extends EventName>(event: Name, payload: EventPayload<Name>): Promise<void>;
}

/** The journal of a run that is held by the lease; `onAppend` hears of every event. */
export function openJournal(lease: RunLease, clock: Clock, onAppend: () => void): RunJournal {
  let state = foldRun(lease.events);
  const workedBefore = secondsWorked(lease.events);
  const startedMs = clock.monotonicMs();
  const append = async (draft: EventDraft) => {
    const event = await lease.append(draft);
    state = applyEvent(state, event);
    onAppend();
    return event;
  };
  return {
    lease,
    get state() {
      return state;
    },
    workedSeconds: () => workedBefore + (clock.monotonicMs() - startedMs) / 1000,
    append,
    note: async (event, payload) => {
      await append(draftOf(event, payload));
    },
  };
}

function draftOf<Name extends EventName>(event: Name, payload: EventPayload<Name>): EventDraft {
  const draft: { event: EventName; actor: Actor; payload: unknown } = { event, actor: runner, payload };
  if (isDraft(draft)) return draft;
  throw new TypeError(`${event} is no event`);
}

/** The name and the payload come from one signature, which the type of a union cannot say. */
function isDraft(draft: { event: EventName; payload: unknown }): draft is EventDraft {
  return draft.payload !== undefined;
}

/**
 * The time between the first and the last sign of each lease, added up; waiting for a person is between leases. The last sign
 * of a runner that was killed is its heartbeat, which the lease after it put on record.
 */
export function secondsWorked(events: readonly KnownEvent[]): number {
  const spans = new Map<number, { first: number; last: number }>();
  for (const { epoch, timestamp, event, payload } of events) {
    const at = Date.parse(timestamp);
    spans.set(epoch, { first: spans.get(epoch)?.first ?? at, last: at });
    const before = spans.get(epoch - 1);
    if (event !== "lease_acquired" || !payload.held_until || before === undefined) continue;
    const heldUntil = Math.min(Date.parse(payload.held_until), at);
    spans.set(epoch - 1, { first: before.first, last: Math.max(before.last, heldUntil) });
  }
  const milliseconds = [...spans.values()].reduce((sum, { first, last }) => sum + Math.max(0, last - first), 0);
  return milliseconds / 1000;
}
