import { noUsage } from "../schema/budget.ts";
import { isOrchestratorError, messageOf } from "../schema/errors.ts";
import type { GoalOutcome } from "../schema/goals.ts";
import type { EventPayload } from "../schema/run-event.ts";
import type { RunManifest, RunStatus } from "../schema/run-manifest.ts";

type Ending = EventPayload<"goal_ended">;

const detailMax = 2_000;

const outcomes = {
  passed: "passed",
  refused: "refused",
  cancelled: "cancelled",
  blocked: "blocked",
  paused: "blocked",
  faulted: "faulted",
  running: "faulted",
} as const satisfies Record<RunStatus, GoalOutcome>;

/** How a goal ended for now, by the manifest of its run. */
export function endingOf(goal: string, manifest: RunManifest): Ending {
  const { status, status_detail, commit, workspace, metrics } = manifest;
  return {
    ...{ goal, outcome: outcomes[status], detail: status_detail.slice(0, detailMax) },
    ...{ branch: commit === null ? null : (workspace?.branch ?? null), commit },
    ...{ usage: metrics.usage, worked_seconds: metrics.duration_seconds },
  };
}

/**
 * How a goal ended whose run threw. Where the run was never begun and trying again cannot help, that is final; a run that is there can be
 * resumed. One that another process works on is waited for.
 */
export function endingOfFault(goal: string, error: unknown, manifest: RunManifest | null): Ending {
  const code = isOrchestratorError(error) ? error.code : "internal";
  const isFinal = manifest === null && isOrchestratorError(error) && !error.retryable;
  const outcome = code === "run_held" ? "blocked" : isFinal ? "refused" : "faulted";
  const base = manifest === null ? nothingDone : endingOf(goal, manifest);
  return { ...base, goal, outcome, detail: `${code}: ${messageOf(error)}`.slice(0, detailMax) };
}

const nothingDone = { branch: null, commit: null, usage: noUsage, worked_seconds: 0 };
