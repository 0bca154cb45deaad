import type { Finding } from "../../schema/verdict.ts";
import { compileFoldedAncestors, compileFoldedGlobs, compileGlobs, type PathTest } from "../glob.ts";
import { daysBetween, repeatedIds } from "../judge-spec.ts";
import { compileControl, judgeCoverage, placeGlob } from "../spec-coverage.ts";
import type { SpecPolicy } from "../spec-policy.ts";
import type { PlacedPolicy } from "../spec-record.ts";
import { createLooks } from "./confusable.ts";
import type { ChecklistRecord, GuardEvidence, WaiverRecord } from "./guard-evidence.ts";
import type { GuardFinding, GuardReport } from "./guard-report.ts";
import { findGuardRule } from "./guard-rules.ts";
import { registryFindings } from "./registry-findings.ts";
import { compileLongNames } from "./short-names.ts";

/** Judges a change. A finding more never turns a refusal into a pass, and no order of the evidence matters. */
export function judgeGuard(evidence: GuardEvidence): GuardReport {
  const { policies, changes } = evidence;
  const isControlled = compileControl(policies);
  const paths = changes.map(({ path }) => path);
  const uncovered = judgeCoverage({
    ...evidence,
    paths,
    otherIds: evidence.otherSpecs.flatMap(({ id }) => id ?? []),
  }).map(({ finding, causes }) => ({ finding: asGuardFinding(finding), causes }));
  const waiverOf = compileWaivers(evidence);
  const links = linkFindings(evidence, isControlled).map(asGuardFinding);
  const found = [...uncovered.map(({ finding }) => finding), ...links];
  const waived = found.flatMap((finding) => {
    const waiver = waiverOf(finding);
    return waiver === undefined ? [] : [{ ...finding, waiver }];
  });
  const causes = uncovered.filter(({ finding }) => waiverOf(finding) === undefined).flatMap((each) => each.causes);
  const firm = [...causes, ...lookalikes(paths, policies, isControlled), ...stateFindings(evidence, isControlled)];
  const findings = sortFindings([
    ...found.filter((finding) => waiverOf(finding) === undefined),
    ...firm.map(asGuardFinding),
  ]);
  const decision = findings.some(({ severity }) => severity === "error") ? "refuse" : "pass";
  return { findings, waived: sortFindings(waived), decision };
}

/** What is found of the head as it stands, whatever the change touches. */
function stateFindings(evidence: GuardEvidence, isControlled: PathTest): Warning[] {
  return [
    ...evidence.hidden.filter(isControlled).map((path) => ({
      rule: "change/hidden",
      path,
      message: `${path} is controlled, and git was told not to look for changes of it`,
    })),
    ...evidence.brokenPolicies.map(({ path, reason }) => ({ rule: "policy/unreadable", path, message: reason })),
    ...evidence.newPolicies.map((path) => ({
      rule: "policy/new",
      path,
      message: `the base commit has no ${path}, so nothing of this change was controlled by it`,
    })),
    ...otherSpecWarnings(evidence),
    ...unreadableWarnings(evidence),
    ...idlePolicyFindings(evidence),
    ...waiverFindings(evidence),
    ...registryFindings(evidence),
    ...evidence.checklists.flatMap(checklistFindings),
    ...evidence.mirrors.flatMap(({ copy, problem }) =>
      problem === null ? [] : [{ rule: "mirror/drift", path: copy, message: problem }],
    ),
  ];
}

/** A finding that may weigh less than its rule. */
type Warning = Finding & { readonly severity?: "warning" };

function asGuardFinding({ severity, ...finding }: Warning): GuardFinding {
  const rule = findGuardRule(finding.rule);
  if (rule === undefined) throw new TypeError(`there is no rule ${finding.rule}`);
  return { ...finding, id: rule.id, severity: severity ?? rule.severity };
}

function sortFindings<Item extends GuardFinding>(findings: readonly Item[]): Item[] {
  const keyed = new Map(findings.map((finding) => [sortKey(finding), finding]));
  return [...keyed].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, finding]) => finding);
}

function sortKey({ severity, id, path, line, message }: GuardFinding): string {
  return [severity, id, path ?? "", String(line ?? 0).padStart(8, "0"), message].join("\0");
}

function linkFindings({ policies, links }: GuardEvidence, isControlled: PathTest): Finding[] {
  const globs = policies.flatMap(({ folder, policy }) =>
    policy.controlled.flatMap(({ paths }) => paths.map((glob) => placeGlob(folder, glob))),
  );
  const isAncestor = compileFoldedAncestors(globs);
  return links
    .filter(({ path }) => isControlled(path) || isAncestor(path))
    .map(({ path, mode }) =>
      mode === "120000"
        ? { rule: "change/symlink", path, message: `${path} is a symbolic link in the place of controlled code` }
        : { rule: "change/submodule", path, message: `${path} is another repository in the place of controlled code` },
    );
}

function lookalikes(
  paths: readonly string[],
  policies: readonly PlacedPolicy<SpecPolicy>[],
  isControlled: PathTest,
): Finding[] {
  const foreign = paths.filter((path) => /[^\u0020-\u007e]|[\\:]|~\d/.test(path) && !isControlled(path));
  if (foreign.length === 0) return [];
  const looks = createLooks();
  const globs = policies.flatMap(({ folder, policy }) =>
    policy.controlled.flatMap(({ paths: controlled }) => controlled.map((glob) => placeGlob(folder, glob))),
  );
  const looksControlled = compileFoldedGlobs(globs.flatMap(looks.ofGlob));
  const longNames = compileLongNames(globs);
  return foreign.flatMap((path) => {
    if (longNames(path).some(isControlled))
      return [
        { rule: "change/lookalike", path, message: `${path} may be a controlled path on Windows, by a short name` },
      ];
    if (!looks.ofPath(asWindowsReads(path)).some(looksControlled)) return [];
    const message = `${path} reads like a path that is controlled, with other letters`;
    return [{ rule: "change/lookalike", path, message }];
  });
}

/** A backslash parts names there, and what follows a colon is a stream of the same file or folder. */
function asWindowsReads(path: string): string {
  return path.replaceAll("\\", "/").replaceAll(/:[^/]*/g, "");
}

/** Freshness is asked only of specs that cover the change; of the others it is told. */
function otherSpecWarnings({ policies, today, otherSpecs }: GuardEvidence): Warning[] {
  const ages = policies.map(({ policy }) => policy.max_review_age_days);
  const limit = Math.min(...ages, Number.MAX_SAFE_INTEGER);
  const ageOf = new Map<string, number>();
  return otherSpecs.flatMap(({ path, id, status, last_review }): readonly Warning[] => {
    if (status !== "approved" || last_review === null) return [];
    // Many specs share a day, and to read one takes longer than all else here.
    const age = ageOf.get(last_review) ?? daysBetween(last_review, today);
    ageOf.set(last_review, age);
    if (!(age > limit)) return [];
    const message = `${id ?? path} was last reviewed ${age} days ago, the limit is ${limit}; it covers nothing of this change`;
    return [{ rule: "spec/stale", path, message, severity: "warning" }];
  });
}

/** A spec that cannot be read lets nothing through; where the change needs none, it is told. */
function unreadableWarnings({ specs }: GuardEvidence): Warning[] {
  return specs.flatMap((spec): readonly Warning[] => {
    if (spec.readable) return [];
    const { path, reason } = spec;
    return [{ rule: "spec/unreadable", path, message: `${path} cannot be read: ${reason}`, severity: "warning" }];
  });
}

function idlePolicyFindings({ idlePolicies }: GuardEvidence): Warning[] {
  return idlePolicies.map(({ path, message, isMistake }) => ({
    rule: "policy/controls-nothing",
    path,
    message,
    ...(isMistake ? {} : { severity: "warning" as const }),
  }));
}

function waiverFindings({ waivers, today, policies }: GuardEvidence): Finding[] {
  const limit = maxWaiverDays(policies);
  const repeated = repeatedWaivers(waivers);
  return waivers.flatMap((waiver): readonly Finding[] => {
    const { path } = waiver;
    if (!waiver.readable)
      return [{ rule: "waiver/invalid", path, message: `${path} cannot be read: ${waiver.reason}` }];
    if (repeated.has(waiver.id))
      return [
        { rule: "waiver/invalid", path, message: `more than one waiver has the id ${waiver.id}; none of them counts` },
      ];
    const left = daysBetween(today, waiver.expires);
    if (left < 0) return [{ rule: "waiver/expired", path, message: `${waiver.id} expired on ${waiver.expires}` }];
    if (left > limit) {
      const message = `${waiver.id} expires on ${waiver.expires}, ${left} days ahead; the limit is ${limit}`;
      return [{ rule: "waiver/invalid", path, message }];
    }
    if (waiver.in_base) return [];
    const message = `${waiver.id} is not in the base commit as it stands, so it does not count yet`;
    return [{ rule: "waiver/not-in-base", path, message }];
  });
}

function repeatedWaivers(waivers: readonly WaiverRecord[]): ReadonlySet<string> {
  return repeatedIds(waivers.flatMap((waiver) => (waiver.readable ? [waiver.id] : [])));
}

function maxWaiverDays(policies: readonly PlacedPolicy<SpecPolicy>[]): number {
  return policies.find(({ folder }) => folder === "")?.policy.max_waiver_days ?? 0;
}

type ReadableWaiver = Extract<WaiverRecord, { readable: true }>;

/** The waiver that lifts a finding, the first by path. Nothing lifts the control of the guard's own files. */
function compileWaivers(
  evidence: GuardEvidence,
): (finding: GuardFinding) => Pick<ReadableWaiver, "id" | "owner" | "reason" | "expires"> | undefined {
  const { waivers, today, policies } = evidence;
  const limit = maxWaiverDays(policies);
  const repeated = repeatedWaivers(waivers);
  const holding = waivers
    .filter((waiver): waiver is ReadableWaiver => waiver.readable && waiver.in_base && !repeated.has(waiver.id))
    .filter(({ expires }) => daysBetween(today, expires) >= 0 && daysBetween(today, expires) <= limit)
    .sort((left, right) => (left.path < right.path ? -1 : 1))
    .map(({ id, owner, reason, expires, scope }) => ({
      waiver: { id, owner, reason, expires },
      isIn: compileGlobs(scope),
    }));
  const isOwn = compileFoldedGlobs(evidence.ownFiles);
  return ({ path = "" }) => (isOwn(path) ? undefined : holding.find(({ isIn }) => isIn(path))?.waiver);
}

function checklistFindings({ path, line, text, checked, evidence, stale }: ChecklistRecord): readonly Finding[] {
  const item = `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
  if (!checked) {
    const message = `${item} has been open for longer than the policy allows`;
    return stale ? [{ rule: "checklist/stale-open", path, line, message }] : [];
  }
  switch (evidence.state) {
    case "sound":
      return [];
    case "none":
      return [{ rule: "checklist/no-evidence", path, line, message: `${item} is checked without a link to evidence` }];
    default:
      return [{ rule: `checklist/evidence-${evidence.state}`, path, line, message: `${item}: ${evidence.reason}` }];
  }
}
