import { isOrchestratorError } from "../schema/errors.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunLease, RunStore } from "../schema/run-store.ts";
import type { DrivenRun } from "./drive-under-lease.ts";

/** A runner that was called back this often leaves the rest to the next one. */
const roundsMax = 100;

interface Round {
  readonly driven: DrivenRun;
  /** Null where this round is the last. */
  readonly next: Promise<Round | null>;
}

/**
 * Drives a run, and drives it again where a command came in between the last look into the inbox and the release of the lease: whoever sent it
 * found the run held, and relies on the holder.
 */
export function driveOn(
  runs: Pick<RunStore, "acquire" | "waiting">,
  lease: RunLease,
  signal: AbortSignal,
  drive: (lease: RunLease) => DrivenRun,
): DrivenRun {
  const begin = (held: RunLease, roundsLeft: number): Round => {
    const driven = drive(held);
    const next = driven.finished.then(async ({ finished_at }) => {
      if (finished_at !== null || roundsLeft === 0 || signal.aborted) return null;
      const again = await takeAgain(runs, held);
      return again === null ? null : begin(again, roundsLeft - 1);
    });
    // Whoever asks how it ended hears of it from `finished`.
    next.catch(() => {});
    return { driven, next };
  };
  const first = begin(lease, roundsMax);
  const finished = endOf(first);
  finished.catch(() => {});
  return { events: { [Symbol.asyncIterator]: () => readRounds(first) }, finished };
}

/** The run under a new lease where a command waits for it; null where none does, or another runner was quicker. */
async function takeAgain(runs: Pick<RunStore, "acquire" | "waiting">, { key }: RunLease): Promise<RunLease | null> {
  const [command] = await runs.waiting(key);
  if (command === undefined) return null;
  try {
    return await runs.acquire(key, `${command.verb} came in when the run was let go of`, command.actor);
  } catch (error) {
    if (isOrchestratorError(error, "run_held")) return null;
    throw error;
  }
}

async function endOf(first: Round): Promise<RunManifest> {
  for (let round = first; ; ) {
    const manifest = await round.driven.finished;
    const next = await round.next;
    if (next === null) return manifest;
    round = next;
  }
}

/** Each event once: a later round begins with all that came before it. */
async function* readRounds(first: Round): AsyncGenerator<KnownEvent> {
  let next = 0;
  for (let round: Round | null = first; round !== null; round = await round.next.catch(() => null)) {
    for await (const event of round.driven.events) {
      if (event.seq < next) continue;
      next = event.seq + 1;
      yield event;
    }
  }
}
