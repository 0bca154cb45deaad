import { compileFoldedGlobs, compileGlobs, literalPathOf } from "../../gates/glob.ts";
import type { GuardEvidence, SpecHeader } from "../../gates/guard/guard-evidence.ts";
import { placeGlob } from "../../gates/spec-coverage.ts";
import { defaultSpecPolicy, type SpecPolicy } from "../../gates/spec-policy.ts";

/** A policy as the head has it. */
export interface HeadPolicy {
  /** Of its file. */
  readonly path: string;
  readonly folder: string;
  readonly policy: SpecPolicy;
}

type IdlePolicy = GuardEvidence["idlePolicies"][number];

/**
 * What the head's policies name that is not there. A glob of a folder's bare name, or with `**` beside other characters, is
 * a mistake; anything else may be meant for what is to come.
 */
export function findIdlePolicies(
  paths: ReadonlyMap<string, unknown>,
  policies: readonly HeadPolicy[],
  specs: readonly SpecHeader[],
): IdlePolicy[] {
  const ids = new Set(specs.flatMap(({ id }) => id ?? []));
  return policies.flatMap((placed) => [
    ...namedGlobs(placed.policy).flatMap((named) => idleGlob(placed, named, paths)),
    ...filesForFolders(placed, paths),
    ...unknownSpecs(placed, ids),
    ...(placed.folder === "" ? emptyRoot(placed, policies, paths) : []),
  ]);
}

/** A glob of a policy, and what the policy does with what it matches. */
interface NamedGlob {
  readonly glob: string;
  readonly verb: string;
  /** True where nobody wrote it, so that it may well match nothing. */
  readonly isDefault?: boolean;
}

function namedGlobs({ controlled, own_files, checklists }: SpecPolicy): NamedGlob[] {
  const usual = defaultSpecPolicy().checklists.files;
  return [
    ...controlled.flatMap((entry) => entry.paths.map((glob) => ({ glob, verb: "controls" }))),
    ...own_files.map((glob) => ({ glob, verb: "has among its own files" })),
    ...checklists.files.map((glob) => ({
      glob,
      verb: "looks for checklists in",
      isDefault: usual.includes(glob),
    })),
  ];
}

/** A file in the place of a folder: nothing is ever found below it. */
function filesForFolders({ path, folder, policy }: HeadPolicy, paths: ReadonlyMap<string, unknown>): IdlePolicy[] {
  const named = { specs: policy.specs, waivers: policy.waivers, "checklists.evidence": policy.checklists.evidence };
  return Object.entries(named).flatMap(([field, value]) => {
    if (value === undefined || !paths.has(folder === "" ? value : `${folder}/${value}`)) return [];
    return [{ path, message: `${path} names ${value} as ${field}, which is a file and no folder`, isMistake: true }];
  });
}

function idleGlob(
  { path, folder }: HeadPolicy,
  { glob, verb, isDefault = false }: NamedGlob,
  paths: ReadonlyMap<string, unknown>,
): IdlePolicy[] {
  if (glob.split("/").some((segment) => segment !== "**" && segment.includes("**"))) {
    const message = `${path} ${verb} ${glob}, where the stars stand for one name and no folder below it; write ** between slashes`;
    return [{ path, message, isMistake: true }];
  }
  const placed = placeGlob(folder, glob);
  if (some(paths, compileGlobs([placed])) || some(paths, compileFoldedGlobs([placed]))) return [];
  const literal = literalPathOf(placed);
  const isFolder = literal !== null && some(paths, (file) => file.startsWith(`${literal}/`));
  if (isDefault && !isFolder) return [];
  const message = isFolder
    ? `${path} ${verb} ${glob}, which is a folder and no file: nothing in it is meant; write ${glob}/**`
    : `${path} ${verb} ${glob}, which matches nothing here`;
  return [{ path, message, isMistake: isFolder }];
}

function unknownSpecs({ path, policy }: HeadPolicy, ids: ReadonlySet<string>): IdlePolicy[] {
  const named = policy.controlled.flatMap(({ specs }) => (Array.isArray(specs) ? specs : []));
  return [...new Set(named)]
    .filter((id) => !ids.has(id))
    .map((id) => ({ path, message: `${path} names the spec ${id}, and no spec has that id`, isMistake: false }));
}

function emptyRoot(
  { path, policy }: HeadPolicy,
  policies: readonly HeadPolicy[],
  paths: ReadonlyMap<string, unknown>,
): IdlePolicy[] {
  const isIdle = policies.every((each) => each.policy.controlled.length === 0);
  if (isIdle) return [{ path, message: `${path} controls nothing but the guard's own files`, isMistake: false }];
  if (some(paths, (file) => file.startsWith(`${policy.specs}/`) && file.endsWith(".md"))) return [];
  const message = `there is no spec in ${policy.specs}, so nothing can change what ${path} controls`;
  return [{ path, message, isMistake: false }];
}

function some(paths: ReadonlyMap<string, unknown>, test: (path: string) => boolean): boolean {
  for (const path of paths.keys()) if (test(path)) return true;
  return false;
}
