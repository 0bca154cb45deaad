import { compileGlobs } from "../gates/glob.ts";
import { compilePathRule } from "../gates/path-rule.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

/** A check that throws `path_refused` for a path that the policy or the plan does not let change. */
export function createEditGuard({
  policy,
  planPaths,
}: Pick<ToolEnvironment, "policy" | "planPaths">): (path: string) => void {
  const refuse = compilePathRule(policy);
  const isPlanned = compileGlobs(planPaths);
  return (path) => {
    const refusal = refuse(path);
    if (refusal !== null) throw new OrchestratorError("path_refused", refusal.message);
    if (!isPlanned(path)) throw new OrchestratorError("path_refused", `${path} is in no item of the plan`);
  };
}
