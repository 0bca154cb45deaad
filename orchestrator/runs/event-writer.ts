import type { Clock } from "../io/clock.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { EventDraft, KnownEvent } from "../schema/run-event.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { Signer } from "../schema/signing.ts";
import { type EventPlace, firstPrevHash, sealDraft, sealRedacted } from "./event-line.ts";
import type { LeaseBackend } from "./lease-backend.ts";

/** The parts of a lease. `events` are those before it. */
export interface LeaseParts {
  readonly key: RunKey;
  readonly epoch: number;
  readonly events: readonly KnownEvent[];
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly backend: LeaseBackend;
  /** Signs the manifest of a finished run; default: it is not signed. */
  readonly signer?: Signer | undefined;
}

/** Writes events to the end of one log. Its calls must not overlap. */
export interface EventWriter {
  readonly events: readonly KnownEvent[];
  append(draft: EventDraft): Promise<KnownEvent>;
  sync(): Promise<void>;
  /** Throws what ended the lease, or finds that it is lost. */
  assertHeld(): void;
  /** Refuses all that comes later; true where the lease was still held. */
  end(): boolean;
}

/** A writer that redacts, chains and, after each write, makes sure that the run is still its own. */
export function createEventWriter({ key, epoch, events: before, clock, redactor, backend }: LeaseParts): EventWriter {
  const events = [...before];
  const startedMs = clock.monotonicMs();
  let isDirty = false;
  let ended: OrchestratorError | null = null;

  const refuseEnded = () => {
    if (ended !== null) throw ended;
  };
  const assertHeld = () => {
    refuseEnded();
    try {
      backend.assertHeld();
    } catch (error) {
      if (isOrchestratorError(error, "lease_lost")) ended = error;
      throw error;
    }
  };
  return {
    events,
    assertHeld,
    async append(draft) {
      refuseEnded();
      const clean = await redactor.json(draft);
      const place = nextPlace(key, epoch, events.at(-1), clock, startedMs);
      // What redaction left as it was is what the types promise; only what it changed is checked again.
      const sealed = clean === draft ? sealDraft(place, draft) : sealRedacted(place, { ...clean, event: draft.event });
      const { event, line, blob } = sealed;
      if (blob !== null) await backend.putBlob(blob.sha256, blob.text);
      // A runner that wakes after its lease was lost mostly finds that here, and then leaves nothing behind.
      assertHeld();
      isDirty = true;
      backend.appendLine(line);
      events.push(event);
      // Looked for after the write: whoever claims the run later reads this line, whoever claimed it before fences it off.
      assertHeld();
      return event;
    },
    async sync() {
      refuseEnded();
      const head = isDirty ? events.at(-1) : undefined;
      if (head !== undefined) await backend.sync();
      isDirty = false;
      assertHeld();
      if (head !== undefined) await backend.putHead(head);
    },
    end() {
      const wasHeld = ended === null;
      ended ??= new OrchestratorError("lease_lost", "this lease was released; acquire the run again to write to it");
      return wasHeld;
    },
  };
}

function nextPlace(
  { taskId, runId }: RunKey,
  epoch: number,
  last: KnownEvent | undefined,
  clock: Clock,
  startedMs: number,
): EventPlace {
  return {
    seq: last === undefined ? 0 : last.seq + 1,
    epoch,
    timestamp: clock.now().toISOString(),
    held_ms: Math.round(clock.monotonicMs() - startedMs),
    task_id: taskId,
    run_id: runId,
    prev_hash: last?.hash ?? firstPrevHash,
  };
}
