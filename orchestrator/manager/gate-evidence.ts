import type { RepositoryState } from "../schema/run-event.ts";
import type { TaskSpec } from "../schema/task-spec.ts";
import type { Workspace } from "../schema/workspace-port.ts";

/** Collects evidence from outside the run. A collector that throws makes its gate refuse. */
export interface GateEvidence {
  /** For the spec gate: the specs that cover the task, and the paths where they are known. */
  spec(
    request: { readonly repository: RepositoryState; readonly task: TaskSpec; readonly paths: readonly string[] },
    signal: AbortSignal,
  ): Promise<unknown>;
  /** For the secrets gate: what scanning the whole change showed. */
  secrets(workspace: Workspace, signal: AbortSignal): Promise<unknown>;
}
