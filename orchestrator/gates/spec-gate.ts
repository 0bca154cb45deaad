import { z } from "zod";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";
import { judgeSpec, repeatedIds } from "./judge-spec.ts";
import { judgeCoverage } from "./spec-coverage.ts";
import { defaultSpecPolicy, SpecPolicy } from "./spec-policy.ts";
import { type PlacedPolicy, SpecRecord } from "./spec-record.ts";

/** What the spec gate looks at. */
export const SpecEvidence = z.strictObject({
  policy: SpecPolicy.nullable().describe("`spec-guard.yaml` of the base commit; null where there is none"),
  nested: z
    .array(z.strictObject({ folder: z.string(), policy: SpecPolicy }))
    .optional()
    .describe("the policies of folders, which narrow the repository's own"),
  today: z.iso.date().describe("the UTC day at which freshness is judged"),
  linked: z.array(z.string()).describe("paths of the specs that the task names"),
  paths: z.array(z.string()).describe("paths that are planned or changed"),
  specs: z.array(SpecRecord),
  other_ids: z.array(z.string()).optional().describe("ids of further specs, which cover none of the paths"),
  own_files: z.array(z.string()).optional().describe("globs of the files that decide what the guard does"),
});
export type SpecEvidence = z.infer<typeof SpecEvidence>;

/**
 * Refuses where a spec that the task names is missing, unreadable, not approved as it stands or not fresh, and
 * where a path that the policy controls is covered by no such spec. A path that no policy controls needs no spec.
 */
export const specGate: CheckedGate<SpecEvidence> = {
  name: "spec",
  version: "3",
  evidence: SpecEvidence,
  decide: (evidence) => {
    const { today, paths, specs } = evidence;
    const { own_files: ownFiles = [], other_ids: otherIds = [] } = evidence;
    const uncovered = judgeCoverage({ policies: policiesOf(evidence), today, paths, specs, otherIds, ownFiles });
    return decisionOf([...linkedFindings(evidence), ...uncovered.map(({ finding }) => finding)]);
  },
};

function policiesOf({ policy, nested = [] }: SpecEvidence): PlacedPolicy<SpecPolicy>[] {
  return [...(policy === null ? [] : [{ folder: "", policy }]), ...nested];
}

function linkedFindings({ policy, today, linked, specs }: SpecEvidence): Finding[] {
  const repeated = repeatedIds(specs.flatMap((spec) => (spec.readable ? [spec.front_matter.id] : [])));
  return linked.flatMap((path): readonly Finding[] => {
    const spec = specs.find((candidate) => candidate.path === path);
    if (spec !== undefined) return judgeSpec(spec, policy ?? defaultSpecPolicy(), today, repeated).problems;
    return [{ rule: "spec/missing", path, message: `the task names the spec ${path}, which does not exist` }];
  });
}
