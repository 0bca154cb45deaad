import type { Finding } from "../schema/verdict.ts";
import { foldPath } from "./fold-path.ts";
import { compileFoldedGlobs, compileGlobs, escapeGlob, isGlobInside, type PathTest } from "./glob.ts";
import { type JudgedSpec, judgeSpec, meetSpecLimits, repeatedIds, type SpecLimits } from "./judge-spec.ts";
import type { ControlledPaths, SpecPolicy } from "./spec-policy.ts";
import type { PlacedPolicy, SpecRecord } from "./spec-record.ts";

/** What the coverage of paths is decided from. */
export interface CoverageEvidence {
  /** The repository's own policy, and those of folders. All that contain a path hold for it. */
  readonly policies: readonly PlacedPolicy<SpecPolicy>[];
  /** The UTC day of the judgement. */
  readonly today: string;
  readonly paths: readonly string[];
  readonly specs: readonly SpecRecord[];
  /** Ids of further specs, which cover none of the paths. */
  readonly otherIds?: readonly string[];
  /** Globs of the files that decide what the guard does: covered only by a glob that matches nothing else. */
  readonly ownFiles?: readonly string[];
}

/** A controlled path that nothing lets through. */
export interface Uncovered {
  readonly finding: Finding;
  /** Problems of the specs that cover the path, or that could not be read where none does. */
  readonly causes: readonly Finding[];
}

const unreadableShownMax = 3;

/** Finds the controlled paths that no spec lets through. The order of policies, paths and specs does not matter. */
export function judgeCoverage(given: CoverageEvidence): Uncovered[] {
  const evidence = {
    ...given,
    policies: sortBy(given.policies, ({ folder }) => folder),
    specs: sortBy(given.specs, ({ path }) => path),
  };
  const zones = zonesOf(evidence.policies);
  const judged = specsByZones(evidence);
  const covers = compileCovering(evidence.ownFiles ?? []);
  return evidence.paths.flatMap((path) => {
    const around = zones.filter((zone) => zone.holds(path));
    const entries = around.flatMap((zone) => zone.entries).filter((entry) => entry.isControlled(path));
    return entries.flatMap((entry) => refusePath(path, entry.specs, judged(around), covers) ?? []);
  });
}

type Covering = (spec: JudgedSpec, path: string) => boolean;

/** Says whether a spec covers a path. One of the guard's own files is covered by a glob for such files alone. */
function compileCovering(ownFiles: readonly string[]): Covering {
  const isOwn = compileFoldedGlobs(ownFiles);
  const folded = ownFiles.map(foldPath);
  const isForOwn = (glob: string) => folded.some((own) => isGlobInside(foldPath(glob), own));
  return (spec, path) =>
    spec.covers(path) && (!isOwn(path) || spec.globs.some((glob) => compileGlobs([glob])(path) && isForOwn(glob)));
}

/** What is said of the same evidence is said in the same words. */
function sortBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...items].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/** True for a path that some policy controls, in any spelling that a file system could take for it. */
export function compileControl(policies: readonly PlacedPolicy<SpecPolicy>[]): PathTest {
  const zones = zonesOf(policies);
  return (path) =>
    zones.some((zone) => zone.holds(path) && zone.entries.some(({ isControlled }) => isControlled(path)));
}

/** A glob of a policy as one over the repository's paths. */
export function placeGlob(folder: string, glob: string): string {
  return folder === "" ? glob : `${escapeGlob(folder)}/${glob}`;
}

interface Zone {
  readonly folder: string;
  readonly limits: SpecLimits;
  readonly holds: PathTest;
  readonly entries: readonly { readonly isControlled: PathTest; readonly specs: ControlledPaths["specs"] }[];
}

function zonesOf(policies: readonly PlacedPolicy<SpecPolicy>[]): Zone[] {
  return policies.map(({ folder, policy }) => ({
    folder,
    limits: policy,
    holds: folder === "" ? () => true : compileFoldedGlobs([placeGlob(folder, "**")]),
    entries: policy.controlled.map(({ paths, specs }) => ({
      isControlled: compileFoldedGlobs(paths.map((glob) => placeGlob(folder, glob))),
      specs,
    })),
  }));
}

/** The specs as judged under the limits of some zones together; each combination is judged once. */
function specsByZones({ specs, today, otherIds = [] }: CoverageEvidence): (zones: readonly Zone[]) => JudgedSpec[] {
  const ids = specs.flatMap((spec) => (spec.readable ? [spec.front_matter.id] : []));
  const repeated = repeatedIds([...ids, ...otherIds]);
  const known = new Map<string, JudgedSpec[]>();
  return (zones) => {
    const key = JSON.stringify(zones.map(({ folder }) => folder));
    const [first, ...rest] = zones.map(({ limits }) => limits);
    if (first === undefined) return [];
    const found =
      known.get(key) ?? specs.map((spec) => judgeSpec(spec, rest.reduce(meetSpecLimits, first), today, repeated));
    known.set(key, found);
    return found;
  };
}

function refusePath(
  path: string,
  allowed: ControlledPaths["specs"],
  specs: readonly JudgedSpec[],
  covers: Covering,
): Uncovered | null {
  const named = specs.filter((spec) => !Array.isArray(allowed) || allowed.includes(spec.name));
  const covering = named.filter((spec) => covers(spec, path));
  if (covering.some((spec) => spec.problems.length === 0)) return null;
  const suspects = covering.length > 0 ? covering : specs.filter(isUnreadable).slice(0, unreadableShownMax);
  const causes = suspects.flatMap((spec) => spec.problems);
  const none = named.some((spec) => spec.covers(path))
    ? `it is one of the guard's own files, so none does but by a glob for them alone, such as ${path}`
    : "none does";
  const why = [...(covering.length > 0 ? [] : [none]), ...causes.map(({ message }) => message)].join("; ");
  const wanted = Array.isArray(allowed) ? `one of the specs ${allowed.join(", ")}` : "a spec";
  const message = `${path} is controlled and needs ${wanted} that covers it: ${why}`;
  return { finding: { rule: "spec/uncovered", path, message }, causes };
}

function isUnreadable(spec: JudgedSpec): boolean {
  return spec.problems.some((problem) => problem.rule === "spec/unreadable");
}
