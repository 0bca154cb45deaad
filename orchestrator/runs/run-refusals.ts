import { hasCode } from "../io/files.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import type { EventDraft } from "../schema/run-event.ts";
import type { RunKey } from "../schema/run-store.ts";

/** A `run_not_found` for a key. */
export function runNotFound(key: RunKey): OrchestratorError {
  return new OrchestratorError(
    "run_not_found",
    `there is no run ${key.runId} of the task ${key.taskId}; see what there is with: codex-orchestrator runs list`,
  );
}

/** A `run_not_found` for an artifact. */
export function artifactNotFound(key: RunKey, name: string): OrchestratorError {
  const message = `run ${key.runId} holds no file of an artifact ${name}; runs show says which it recorded, runs verify which are missing`;
  return new OrchestratorError("run_not_found", message);
}

/** A `run_state_refused` for the key of a run that is there. */
export function runExists(key: RunKey): OrchestratorError {
  const message = `run ${key.runId} exists already; go on with it by: codex-orchestrator resume ${key.runId}`;
  return new OrchestratorError("run_state_refused", message);
}

/** Throws `run_state_refused` for an event that cannot begin a run. */
export function refuseFirstEvent(first: EventDraft): void {
  if (first.event === "run_created") return;
  throw new OrchestratorError("run_state_refused", `a run begins with run_created, not with ${first.event}`);
}

/** What a machine in trouble answers for any folder; another time it may not. */
const passingCodes = ["EIO", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EINTR", "ESTALE", "ETIMEDOUT"];

/** A failed read as `run_damaged` where the run's folder is to blame: it holds something else than a run, or what may not be read. */
export function damageOrFault(error: unknown): unknown {
  if (!isOrchestratorError(error, "disk_failed") || hasCode(error.cause, ...passingCodes)) return error;
  return new OrchestratorError("run_damaged", `${messageOf(error)}, so this is no run that can be read`, {
    cause: error,
  });
}
