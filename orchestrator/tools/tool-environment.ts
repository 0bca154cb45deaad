import type { PatternLibrary } from "../schema/pattern-port.ts";
import type { Policy } from "../schema/policy.ts";
import type { Workbench } from "../schema/workspace-port.ts";

/** What the tools of one step act on, and under which policy. */
export interface ToolEnvironment {
  readonly bench: Workbench;
  readonly patterns: PatternLibrary;
  readonly policy: Policy;
  /** Globs of the plan: paths that the builder may change. Empty where no plan binds. */
  readonly planPaths: readonly string[];
}
