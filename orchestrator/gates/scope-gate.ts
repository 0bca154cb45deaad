import { z } from "zod";
import { ChangedPath } from "../schema/change-set.ts";
import { Glob, Scope } from "../schema/primitives.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";
import { compileGlobs, type PathTest } from "./glob.ts";
import { compilePathRule, type PathRule } from "./path-rule.ts";

/** What the scope gate looks at: the whole change as git tells it, the policy and what was planned. */
export const ScopeEvidence = z.strictObject({
  changed: z.array(ChangedPath).describe("without rename detection: a moved file is one path deleted and one added"),
  scopes: z.array(Scope),
  protected_paths: z.array(Glob),
  plan_paths: z.array(Glob).describe("the paths of all items of the plan"),
});
export type ScopeEvidence = z.infer<typeof ScopeEvidence>;

const specialModes: Readonly<Record<string, string>> = { "120000": "a symbolic link", "160000": "a submodule" };

/**
 * Refuses a change that is empty, touches a path outside a scope or the plan, or one that is protected in any
 * spelling, or leaves a symbolic link or a submodule behind.
 */
export const scopeGate: CheckedGate<ScopeEvidence> = {
  name: "scope",
  version: "1",
  evidence: ScopeEvidence,
  decide: (evidence) => {
    if (evidence.changed.length === 0) {
      const message =
        "nothing was changed: the goal may be reached already, or no file in the scope is concerned by it";
      return decisionOf([{ rule: "scope/empty", message }]);
    }
    const refuse = compilePathRule(evidence);
    const isPlanned = compileGlobs(evidence.plan_paths);
    return decisionOf(evidence.changed.flatMap((changed) => findingsOf(changed, refuse, isPlanned)));
  },
};

function findingsOf(changed: ChangedPath, refuse: PathRule, isPlanned: PathTest): Finding[] {
  const { path } = changed;
  const findings: Finding[] = [];
  const refusal = refuse(path);
  if (refusal !== null) findings.push({ rule: `scope/${refusal.reason}`, path, message: refusal.message });
  if (!isPlanned(path)) findings.push({ rule: "scope/unplanned", path, message: `${path} is in no item of the plan` });
  const special = changed.kind === "deleted" ? undefined : specialModes[changed.mode];
  if (special !== undefined) findings.push({ rule: "scope/special-file", path, message: `${path} is ${special}` });
  return findings;
}
