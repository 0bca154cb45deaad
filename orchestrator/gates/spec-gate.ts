import { z } from "zod";
import { Sha256 } from "../schema/primitives.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";
import { compileFoldedGlobs, compileGlobs, type PathTest } from "./glob.ts";
import { defaultSpecPolicy, SpecFrontMatter, SpecPolicy } from "./spec-policy.ts";

/** A spec as it was found: its front matter and the hash that a valid approval pins, or why it could not be read. */
export const SpecRecord = z.discriminatedUnion("readable", [
  z.strictObject({ readable: z.literal(true), path: z.string(), spec_sha256: Sha256, front_matter: SpecFrontMatter }),
  z.strictObject({ readable: z.literal(false), path: z.string(), reason: z.string() }),
]);
export type SpecRecord = z.infer<typeof SpecRecord>;

/** What the spec gate looks at. */
export const SpecEvidence = z.strictObject({
  policy: SpecPolicy.nullable().describe("`spec-guard.yaml` of the base commit; null where there is none"),
  today: z.iso.date().describe("the UTC day at which freshness is judged"),
  linked: z.array(z.string()).describe("paths of the specs that the task names"),
  paths: z.array(z.string()).describe("paths that are planned or changed"),
  specs: z.array(SpecRecord),
});
export type SpecEvidence = z.infer<typeof SpecEvidence>;

const unreadableShownMax = 3;

/**
 * Refuses where a spec that the task names is missing, unreadable, not approved as it stands or not fresh, and
 * where a path that the policy controls is covered by no such spec. A path that no policy controls needs no spec.
 */
export const specGate: CheckedGate<SpecEvidence> = {
  name: "spec",
  version: "1",
  evidence: SpecEvidence,
  decide: (evidence) => {
    const specs = judgeSpecs(evidence);
    return decisionOf([...linkedFindings(evidence.linked, specs), ...pathFindings(evidence, specs)]);
  },
};

interface JudgedSpec {
  readonly path: string;
  /** The id, or the path where the spec could not be read. */
  readonly name: string;
  readonly covers: PathTest;
  readonly problems: readonly Finding[];
}

function judgeSpecs({ policy, today, specs }: SpecEvidence): JudgedSpec[] {
  const rules = policy ?? defaultSpecPolicy();
  const ids = specs.flatMap((spec) => (spec.readable ? [spec.front_matter.id] : []));
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return specs.map((spec) => judgeSpec(spec, rules, today, repeated));
}

function judgeSpec(spec: SpecRecord, policy: SpecPolicy, today: string, repeated: ReadonlySet<string>): JudgedSpec {
  const { path } = spec;
  if (!spec.readable) {
    const problems = [{ rule: "spec/unreadable", path, message: `${path} cannot be read: ${spec.reason}` }];
    return { path, name: path, covers: () => false, problems };
  }
  const { id, covers } = spec.front_matter;
  const found = [
    ...(repeated.has(id) ? [{ rule: "spec/repeated-id", message: `more than one spec has the id ${id}` }] : []),
    ...approvalProblems(spec.front_matter, spec.spec_sha256, policy, today),
    ...freshnessProblems(spec.front_matter, policy, today),
  ];
  return { path, name: id, covers: compileGlobs(covers), problems: found.map((problem) => ({ ...problem, path })) };
}

function approvalProblems(spec: SpecFrontMatter, sha256: string, policy: SpecPolicy, today: string): Finding[] {
  const { id, status, risk, approvals } = spec;
  const findings: Finding[] = [];
  if (status !== "approved") findings.push({ rule: "spec/not-approved", message: `${id} is ${status}, not approved` });
  for (const role of policy.approvals[risk]) {
    const given = approvals.filter((approval) => approval.role === role);
    const current = given.filter((approval) => approval.spec_sha256 === sha256);
    if (given.length === 0) {
      findings.push({ rule: "spec/approval-missing", message: `${id} has ${risk} risk and no approval by ${role}` });
    } else if (current.length === 0) {
      findings.push({
        rule: "spec/approval-stale",
        message: `${id} changed after its approval by ${role}; it must be approved again`,
      });
    } else if (!current.some((approval) => approval.date <= today)) {
      findings.push({ rule: "spec/future-date", message: `${id} has an approval by ${role} of a day after ${today}` });
    }
  }
  return findings;
}

function freshnessProblems({ id, last_review }: SpecFrontMatter, policy: SpecPolicy, today: string): Finding[] {
  const age = daysBetween(last_review, today);
  const limit = policy.max_review_age_days;
  if (age < 0)
    return [{ rule: "spec/future-date", message: `${id} was last reviewed on ${last_review}, after ${today}` }];
  if (age <= limit) return [];
  return [{ rule: "spec/stale", message: `${id} was last reviewed ${age} days ago, the limit is ${limit}` }];
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

function linkedFindings(linked: readonly string[], specs: readonly JudgedSpec[]): Finding[] {
  return linked.flatMap((path): readonly Finding[] => {
    const spec = specs.find((candidate) => candidate.path === path);
    return (
      spec?.problems ?? [
        { rule: "spec/missing", path, message: `the task names the spec ${path}, which does not exist` },
      ]
    );
  });
}

function pathFindings({ policy, paths }: SpecEvidence, specs: readonly JudgedSpec[]): Finding[] {
  return (policy?.controlled ?? []).flatMap((controlled) => {
    const isControlled = compileFoldedGlobs(controlled.paths);
    const named = specs.filter((spec) => controlled.specs === "any" || controlled.specs.includes(spec.name));
    const allowed = controlled.specs === "any" ? "a spec" : `one of the specs ${controlled.specs.join(", ")}`;
    return paths.filter(isControlled).flatMap((path) => uncovered(path, named, allowed));
  });
}

function uncovered(path: string, specs: readonly JudgedSpec[], allowed: string): Finding[] {
  const covering = specs.filter((spec) => spec.covers(path));
  if (covering.some((spec) => spec.problems.length === 0)) return [];
  const suspects = covering.length > 0 ? covering : specs.filter(isUnreadable).slice(0, unreadableShownMax);
  const reasons = suspects.flatMap((spec) => spec.problems.map((problem) => problem.message));
  const why = [...(covering.length > 0 ? [] : ["none does"]), ...reasons].join("; ");
  return [
    { rule: "spec/uncovered", path, message: `${path} is controlled and needs ${allowed} that covers it: ${why}` },
  ];
}

function isUnreadable(spec: JudgedSpec): boolean {
  return spec.problems.some((problem) => problem.rule === "spec/unreadable");
}
