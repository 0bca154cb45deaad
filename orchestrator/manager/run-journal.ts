import { applyEvent, foldRun, type RunState } from "../flow/run-state.ts";
import { addWorkedTime, noWorkedTime, workedMs } from "../flow/worked-time.ts";
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
  const workedBeforeMs = workedMs(lease.events.reduce(addWorkedTime, noWorkedTime));
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
    workedSeconds: () => (workedBeforeMs + clock.monotonicMs() - startedMs) / 1000,
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
