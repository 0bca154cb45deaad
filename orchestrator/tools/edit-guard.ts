import { compileGlobs, type PathTest } from "../gates/glob.ts";
import { compilePathRule, type PathRule } from "../gates/path-rule.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

/** A check that throws `path_refused` for a path that the policy or the plan does not let change. The rules are read at the first path. */
export function createEditGuard({
  policy,
  planPaths,
}: Pick<ToolEnvironment, "policy" | "planPaths">): (path: string) => void {
  let rules: { readonly refuse: PathRule; readonly isPlanned: PathTest } | null = null;
  return (path) => {
    rules ??= { refuse: compilePathRule(policy), isPlanned: compileGlobs(planPaths) };
    const refusal = rules.refuse(path);
    if (refusal !== null) throw new OrchestratorError("path_refused", refusal.message);
    if (!rules.isPlanned(path)) throw new OrchestratorError("path_refused", `${path} is in no item of the plan`);
  };
}
