import { redactFault } from "../io/redact/redact-fault.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunContext } from "./run-context.ts";
import { takeCommands } from "./take-commands.ts";

/** The manifest of a run under way is at least this much apart from the next: it is written whole, and grows with the run. */
const manifestIntervalMs = 10_000;

/** What any run under a lease needs to be moved on. */
export type MovingRun = Pick<RunContext, "journal" | "clock" | "redactor" | "signal">;

/**
 * Makes moves until `make` resolves with false, and resolves with the manifest; what was said to the run is taken before each. Nothing
 * waits in here: an answer may come days later. The manifest is written at the beginning, every ten seconds or so, and at the end. A fault is written to the log, where that is still possible, and thrown
 * without secrets; the run can be resumed. More than `movesMax` moves are a bug, and show as one.
 */
export async function makeMoves(run: MovingRun, make: () => Promise<boolean>, movesMax: number): Promise<RunManifest> {
  try {
    let writtenMs = Number.NEGATIVE_INFINITY;
    for (let moves = 0; moves < movesMax; moves += 1) {
      run.signal.throwIfAborted();
      await takeCommands(run);
      if (run.clock.monotonicMs() - writtenMs >= manifestIntervalMs) {
        await run.journal.lease.writeManifest();
        writtenMs = run.clock.monotonicMs();
      }
      if (!(await make())) return await settle(run);
    }
    throw new RangeError(`a run made ${movesMax} moves without an end`);
  } catch (error) {
    throw await recordFault(run, error);
  }
}

async function settle(run: MovingRun): Promise<RunManifest> {
  await run.journal.lease.sync();
  return run.journal.lease.writeManifest();
}

/** A lease that is lost, or a disk that is full, takes no more events: the first fault is the one to tell. */
async function recordFault(run: MovingRun, thrown: unknown): Promise<Error> {
  const stopped = run.signal.aborted && !isOrchestratorError(thrown, "aborted") ? aborted(thrown) : thrown;
  const error = await redactFault(run.redactor, stopped);
  if (isOrchestratorError(error, "lease_lost")) return error;
  const code = isOrchestratorError(error) ? error.code : "internal";
  try {
    await run.journal.note("run_faulted", { code, message: messageOf(error) });
    await settle(run);
  } catch {
    return error;
  }
  return error;
}

function aborted(cause: unknown): OrchestratorError {
  return new OrchestratorError("aborted", "the run was stopped; it can be resumed", { cause });
}
