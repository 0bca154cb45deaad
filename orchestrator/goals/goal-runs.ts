import type { Budget } from "../schema/budget.ts";
import type { GoalSpec } from "../schema/goals.ts";
import type { Liveness } from "../schema/heartbeat.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey } from "../schema/run-store.ts";

/**
 * How far the run of a goal is. `absent`: there is none by that id. `unborn`: whoever began it died before it was a run, and nothing can be
 * made of it.
 */
export type GoalSight =
  | { readonly is: "absent" }
  | { readonly is: "unborn" }
  | {
      readonly is: "there";
      readonly manifest: RunManifest;
      readonly liveness: Liveness;
      /** Commands that nobody has taken yet. */
      readonly waiting: number;
    };

/** A goal whose run is to be begun, or gone on with where there is one by that id. */
export interface GoalWork {
  readonly goal: GoalSpec;
  readonly key: RunKey;
  readonly budget: Budget;
  /** The commit, branch or tag to start from, or the run of another goal of the repository that passed; null for HEAD. */
  readonly base: string | RunKey | null;
  /** The run that works through the goals. */
  readonly parent: { readonly runId: string; readonly rootRun: string };
}

/** The runs of goals, each in its own repository. */
export interface GoalRuns {
  newRunId(): string;
  look(goal: GoalSpec, key: RunKey): Promise<GoalSight>;
  /** Resolves when the run is finished, or blocked on a person. Aborting the signal stops the runner and leaves the run to be resumed. */
  work(work: GoalWork, signal: AbortSignal): Promise<RunManifest>;
  /** Ends a run that is not finished. Resolves with how it stands then. */
  cancel(goal: GoalSpec, key: RunKey, message: string, signal: AbortSignal): Promise<RunManifest>;
}
