import type { Finding } from "../schema/verdict.ts";
import { foldPath } from "./fold-path.ts";
import { compileGlobs, isOpenGlob, type PathTest } from "./glob.ts";
import type { Risk, SpecApproval, SpecFrontMatter, SpecPolicy } from "./spec-policy.ts";
import type { ReadableSpec, SpecAuthor, SpecRecord } from "./spec-record.ts";

/** What is asked of a spec before it lets a change through. */
export type SpecLimits = Pick<SpecPolicy, "approvals" | "max_review_age_days">;

/** A spec with all that speaks against it. */
export interface JudgedSpec {
  readonly path: string;
  /** The id, or the path where the spec could not be read. */
  readonly name: string;
  readonly covers: PathTest;
  readonly problems: readonly Finding[];
}

/** Ids that more than one spec has. */
export function repeatedIds(ids: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1).map(([id]) => id));
}

/** Says what speaks against one spec on one UTC day. A spec without problems lets a change of what it covers through. */
export function judgeSpec(
  spec: SpecRecord,
  limits: SpecLimits,
  today: string,
  repeated: ReadonlySet<string>,
): JudgedSpec {
  const { path } = spec;
  if (!spec.readable) {
    const problems = [{ rule: "spec/unreadable", path, message: `${path} cannot be read: ${spec.reason}` }];
    return { path, name: path, covers: () => false, problems };
  }
  const { id, covers } = spec.front_matter;
  const found = [
    ...(repeated.has(id) ? [{ rule: "spec/repeated-id", message: `more than one spec has the id ${id}` }] : []),
    ...openCovers(spec.front_matter),
    ...approvalProblems(spec, limits, today),
    ...freshnessProblems(spec.front_matter, limits, today),
    ...renewalProblems(spec, limits, today),
    ...authorProblems(spec, limits),
  ];
  return { path, name: id, covers: compileGlobs(covers), problems: found.map((problem) => ({ ...problem, path })) };
}

/** Days from one calendar day to another, both UTC. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

function openCovers({ id, covers }: SpecFrontMatter): Finding[] {
  const open = covers.filter(isOpenGlob);
  if (open.length === 0) return [];
  const message = `${id} covers ${open.join(", ")}, which is not bound to any folder or name; say what it covers`;
  return [{ rule: "spec/covers-everything", message }];
}

function approvalProblems(spec: ReadableSpec, limits: SpecLimits, today: string): Finding[] {
  const { id, status, risk, approvals } = spec.front_matter;
  const findings: Finding[] = [];
  if (status !== "approved") findings.push({ rule: "spec/not-approved", message: `${id} is ${status}, not approved` });
  for (const role of limits.approvals[risk]) {
    const given = approvals.filter((approval) => approval.role === role);
    const current = given.filter((approval) => approval.spec_sha256 === spec.spec_sha256);
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

function freshnessProblems({ id, last_review }: SpecFrontMatter, limits: SpecLimits, today: string): Finding[] {
  const age = daysBetween(last_review, today);
  const limit = limits.max_review_age_days;
  if (age < 0)
    return [{ rule: "spec/future-date", message: `${id} was last reviewed on ${last_review}, after ${today}` }];
  if (age <= limit) return [];
  return [{ rule: "spec/stale", message: `${id} was last reviewed ${age} days ago, the limit is ${limit}` }];
}

/**
 * A spec that did not hold before the change, and of which the change edits the front matter alone, holds only with
 * an approval that the change brings: a new date or status is no review.
 */
function renewalProblems(spec: ReadableSpec, limits: SpecLimits, today: string): Finding[] {
  const { earlier, front_matter } = spec;
  if (!earlier || earlier.spec_sha256 !== spec.spec_sha256) return [];
  const before: ReadableSpec = { readable: true, path: spec.path, ...earlier };
  const held =
    approvalProblems(before, limits, today).length + freshnessProblems(before.front_matter, limits, today).length === 0;
  const known = new Set(earlier.front_matter.approvals.map(keyOf));
  const isRenewed = currentApprovals(spec, limits).some((approval) => !known.has(keyOf(approval)));
  if (held || isRenewed) return [];
  const message = `${front_matter.id} did not hold before this change, which edits only its front matter; it needs a new approval`;
  return [{ rule: "spec/renewed-without-approval", message }];
}

function authorProblems(spec: ReadableSpec, limits: SpecLimits): Finding[] {
  const { author, front_matter } = spec;
  const approvers = currentApprovals(spec, limits).map(({ who }) => who);
  if (!author || approvers.length === 0 || !approvers.every((who) => isSamePerson(who, author))) return [];
  const message = `${front_matter.id} is approved only by ${approvers[0]}, who wrote it; someone else must approve it`;
  return [{ rule: "spec/self-approved", message }];
}

function currentApprovals({ front_matter, spec_sha256 }: ReadableSpec, limits: SpecLimits): readonly SpecApproval[] {
  const roles = limits.approvals[front_matter.risk];
  return front_matter.approvals.filter((given) => given.spec_sha256 === spec_sha256 && roles.includes(given.role));
}

function keyOf({ role, who, date }: SpecApproval): string {
  return JSON.stringify([role, who, date]);
}

/** True where an approver's name or address is the author's, whatever its case, its comment or its `+tag`. */
function isSamePerson(who: string, { name, email }: SpecAuthor): boolean {
  const [, label = who, address] = /^\s*(.*?)\s*<([^<>]*)>\s*$/.exec(who) ?? [];
  const person = plainName(address ?? label);
  return [email, name].map(plainName).includes(person) || plainName(label) === plainName(name);
}

function plainName(text: string): string {
  return foldPath(text.trim()).replace(/\+[^@]*(?=@)/, "");
}

/** The narrower of two sets of limits: the shorter age, every role that either asks for. */
export function meetSpecLimits(left: SpecLimits, right: SpecLimits): SpecLimits {
  const roles = (risk: Risk) => [...new Set([...left.approvals[risk], ...right.approvals[risk]])];
  return {
    max_review_age_days: Math.min(left.max_review_age_days, right.max_review_age_days),
    approvals: { low: roles("low"), medium: roles("medium"), high: roles("high") },
  };
}
