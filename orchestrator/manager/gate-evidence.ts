import type { RepositoryState } from "../schema/run-event.ts";
import type { TaskSpec } from "../schema/task-spec.ts";

/** Collects evidence from outside the run. A collector that throws makes its gate refuse. */
export interface GateEvidence {
  /** For the spec gate: the specs that the task names, and those that the paths need. */
  spec(
    request: {
      readonly repository: RepositoryState;
      readonly task: TaskSpec;
      /** Paths that are changed. */
      readonly paths: readonly string[];
      /** Globs that a plan means to change. */
      readonly globs: readonly string[];
    },
    signal: AbortSignal,
  ): Promise<unknown>;
}
