import type { Finding } from "../schema/verdict.ts";
import { foldPath } from "./fold-path.ts";
import { compileFoldedGlobs, compileGlobs, escapeGlob, isOpenGlob, type PathTest } from "./glob.ts";
import type { Risk, SpecApproval, SpecFrontMatter, SpecPolicy } from "./spec-policy.ts";
import type { EarlierSpec, ReadableSpec, SpecAuthor, SpecRecord } from "./spec-record.ts";

/** What is asked of a spec before it lets a change through. */
export type SpecLimits = Pick<SpecPolicy, "approvals" | "max_review_age_days">;

/** A spec with all that speaks against it. */
export interface JudgedSpec {
  readonly path: string;
  /** The id, or the path where the spec could not be read. */
  readonly name: string;
  readonly covers: PathTest;
  /** As the front matter has them. */
  readonly globs: readonly string[];
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
    return { path, name: path, covers: () => false, globs: [], problems };
  }
  const { id, covers } = spec.front_matter;
  const found = [
    ...(repeated.has(id) ? [{ rule: "spec/repeated-id", message: `more than one spec has the id ${id}` }] : []),
    ...openCovers(spec.front_matter),
    ...approvalProblems(spec, limits, today),
    ...freshnessProblems(spec, limits, today),
    ...renewalProblems(spec, limits, today),
    ...authorProblems(spec, limits, today),
  ];
  const problems = found.map((problem) => ({ ...problem, path }));
  return { path, name: id, covers: compileCovers(spec), globs: covers, problems };
}

/** What a spec covers: its globs, inside the folder that it speaks for. */
function compileCovers({ folder, front_matter }: ReadableSpec): PathTest {
  const covers = compileGlobs(front_matter.covers);
  if (folder === undefined) return covers;
  const isInside = compileFoldedGlobs([`${escapeGlob(folder)}/**`]);
  return (path) => covers(path) && isInside(path);
}

/** Days from one calendar day to another, both UTC. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

function openCovers({ id, covers }: SpecFrontMatter): Finding[] {
  const open = covers.filter(isOpenGlob);
  if (open.length === 0) return [];
  const message = `${id} covers ${open.join(", ")}, which does not begin with the name of a folder or file; say what it covers`;
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

/** A date that is later than every approval of the spec as it stands shows no review. */
function freshnessProblems(spec: ReadableSpec, limits: SpecLimits, today: string): Finding[] {
  const { id, last_review } = spec.front_matter;
  const limit = limits.max_review_age_days;
  if (last_review > today)
    return [{ rule: "spec/future-date", message: `${id} was last reviewed on ${last_review}, after ${today}` }];
  const approved = currentApprovals(spec, limits)
    .map(({ date }) => date)
    .filter((date) => date <= today);
  const newest = approved.sort().at(-1) ?? last_review;
  const [verb, day] = newest < last_review ? ["approved", newest] : ["reviewed", last_review];
  const age = daysBetween(day, today);
  return age <= limit
    ? []
    : [{ rule: "spec/stale", message: `${id} was last ${verb} ${age} days ago, the limit is ${limit}` }];
}

/**
 * A spec that did not hold before the change, and says now what it or another said then, holds only with an approval that
 * the change brings: a new date, status, path or id is no review. An approval is new where it is dated after every one
 * that its role gave to the same text, not before the review, and by someone who did not write it.
 */
function renewalProblems(spec: ReadableSpec, limits: SpecLimits, today: string): Finding[] {
  const { id, last_review } = spec.front_matter;
  const same = (spec.earlier ?? []).filter((earlier) => earlier.spec_sha256 === spec.spec_sha256);
  const held = same.some(
    (earlier) =>
      earlier.is_gone !== true &&
      (earlier.folder ?? "") === (spec.folder ?? "") &&
      earlier.front_matter.id === id &&
      holds(spec.path, earlier, limits, today),
  );
  if (same.length === 0 || held) return [];
  const known = same.flatMap(({ front_matter }) => front_matter.approvals);
  const isNew = ({ role, who, date, spec_sha256 }: SpecApproval) =>
    !isOwn(spec, who) &&
    date >= last_review &&
    date <= today &&
    known.every((given) => given.role !== role || given.spec_sha256 !== spec_sha256 || given.date < date);
  if (currentApprovals(spec, limits).some(isNew)) return [];
  const message = `${id} did not hold before this change, which leaves its text as it was; it needs an approval that is newer than those it had`;
  return [{ rule: "spec/renewed-without-approval", message }];
}

function holds(path: string, earlier: EarlierSpec, limits: SpecLimits, today: string): boolean {
  const before: ReadableSpec = { readable: true, path, ...earlier };
  return approvalProblems(before, limits, today).length + freshnessProblems(before, limits, today).length === 0;
}

function authorProblems(spec: ReadableSpec, limits: SpecLimits, today: string): Finding[] {
  const { authors, front_matter } = spec;
  const given = currentApprovals(spec, limits).filter(({ date }) => date <= today);
  const [first] = given;
  if (authors === undefined || first === undefined) return [];
  const others = given.filter(({ who }) => !isOwn(spec, who));
  const isRecent = others.some(({ date }) => daysBetween(date, today) <= limits.max_review_age_days);
  if (authors.length > 0 && isRecent) return [];
  return [
    { rule: "spec/self-approved", message: ownApprovalMessage(front_matter.id, authors, first.who, others.length) },
  ];
}

function ownApprovalMessage(id: string, authors: readonly SpecAuthor[], first: string, others: number): string {
  if (authors.length === 0)
    return `nobody can tell who wrote ${id} as it stands; commit it, or say in git who you are: git config user.email <you>`;
  return others === 0
    ? `${id} is approved only by ${first}, who wrote it; someone else must approve it`
    : `all newer approvals of ${id} are by those who wrote it, and the others are older than the policy allows; someone else must approve it again`;
}

function isOwn({ authors = [] }: ReadableSpec, who: string): boolean {
  return authors.some((author) => isSamePerson(who, author));
}

function currentApprovals({ front_matter, spec_sha256 }: ReadableSpec, limits: SpecLimits): readonly SpecApproval[] {
  const roles = limits.approvals[front_matter.risk];
  return front_matter.approvals.filter((given) => given.spec_sha256 === spec_sha256 && roles.includes(given.role));
}

/** True where an approver's name, or any address in what they are called, is the author's, whatever its case, its comment or its `+tag`. */
export function isSamePerson(who: string, { name, email }: SpecAuthor): boolean {
  const known = [email, name].map(plainName).filter((plain) => plain !== "");
  const plain = who.normalize("NFKC");
  const addresses = plain.split(/[^\p{L}\p{M}\p{N}.@_%+-]/u).filter((word) => word.includes("@"));
  const labels = plain.split(/[^\p{L}\p{M}\p{N}\s.@_%+']/u);
  return [who, ...labels, ...addresses].some((said) => known.includes(plainName(said)));
}

function plainName(text: string): string {
  const folded = foldPath(withoutQuotes(text));
  const [plus, at] = [folded.indexOf("+"), folded.lastIndexOf("@")];
  return plus >= 0 && plus < at ? folded.slice(0, plus) + folded.slice(at) : folded;
}

/** Without blanks and quotes at both ends. */
function withoutQuotes(text: string): string {
  const isOuter = (index: number) => /[\s"'`]/.test(text.charAt(index));
  let [start, end] = [0, text.length];
  while (start < end && isOuter(start)) start += 1;
  while (start < end && isOuter(end - 1)) end -= 1;
  return text.slice(start, end);
}

/** The narrower of two sets of limits: the shorter age, every role that either asks for. */
export function meetSpecLimits(left: SpecLimits, right: SpecLimits): SpecLimits {
  const roles = (risk: Risk) => [...new Set([...left.approvals[risk], ...right.approvals[risk]])];
  return {
    max_review_age_days: Math.min(left.max_review_age_days, right.max_review_age_days),
    approvals: { low: roles("low"), medium: roles("medium"), high: roles("high") },
  };
}
