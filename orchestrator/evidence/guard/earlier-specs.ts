import { type SpecPolicy, specSubject } from "../../gates/spec-policy.ts";
import type { EarlierSpec, PlacedPolicy, ReadableSpec, SpecRecord } from "../../gates/spec-record.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { splitFrontMatter } from "../../io/documents/front-matter.ts";
import type { TreeSide } from "../git-objects.ts";
import { parseSpecFile } from "../spec-file.ts";
import { type GoneFile, listGoneFiles, type Place } from "./gone-files.ts";
import { parseSpecPolicy, policyFolder, specPolicyFileName } from "./guard-policies.ts";
import type { GuardRange } from "./guard-range.ts";
import type { GuardView } from "./guard-view.ts";
import { bytesOf, type Contents, compileFolders, type PlacedSpec, specFolders } from "./placed-spec.ts";

/** How a file is named where nobody is told of it. */
const source = { file: "", code: "document_invalid" } as const;

/** What is known of the specs that the change brings or touches. */
export interface EarlierRequest {
  readonly range: Pick<GuardRange, "git" | "base">;
  readonly view: Pick<GuardView, "base" | "paths" | "changes" | "read">;
  readonly policies: readonly PlacedPolicy<SpecPolicy>[];
  /** Of the root, in the repository. */
  readonly policyFile: string;
  readonly places: ReadonlyMap<string, PlacedSpec>;
  readonly contents: Contents;
  /** True for a spec that would let something through. */
  readonly speaks: (spec: ReadableSpec) => boolean;
}

/**
 * Gives the specs that the change brings or touches what said the same before it: what the base has, and, for those that would let
 * something through, whatever its history had and lost. Throws `git_failed` and `repository_unusable`.
 */
export async function withEarlier(request: EarlierRequest, records: readonly SpecRecord[]): Promise<SpecRecord[]> {
  const { view, places } = request;
  const isTouched = ({ path }: SpecRecord) => view.changes.has(path) && places.get(path)?.isOfBase === false;
  const touched = records.flatMap((record) => (record.readable && isTouched(record) ? [record] : []));
  if (touched.length === 0) return [...records];
  const standing = await withStanding(request, touched);
  const found = new Map(standing.map((spec) => [spec.path, spec]));
  for (const spec of await withGone(request, standing.filter(request.speaks))) found.set(spec.path, spec);
  return records.map((record) => found.get(record.path) ?? record);
}

async function withStanding(request: EarlierRequest, specs: readonly ReadableSpec[]): Promise<ReadableSpec[]> {
  const { view, policies, contents } = request;
  const folderOf = compileFolders(policies);
  const paths = [...new Set(view.paths())].filter((path) => folderOf(path) !== null);
  const sides = paths.flatMap((path): PlacedSide[] => {
    const side = view.base(path);
    return side === undefined ? [] : [{ ...side, folder: folderOf(path) ?? "" }];
  });
  const unread = sides.filter(({ object }) => !contents.has(object));
  const known = new Map([...contents, ...(await view.read(unread))]);
  const earlierOf = compileEarlier(sides, known);
  return specs.map((spec) => ({ ...spec, earlier: earlierOf(spec, ownBytes(request, spec, known)) }));
}

async function withGone(request: EarlierRequest, specs: readonly ReadableSpec[]): Promise<ReadableSpec[]> {
  if (specs.length === 0) return [];
  const { range, view, contents } = request;
  const sides = await listGoneFiles(range.git, range.base, await everyFolder(request));
  const known = new Map([...contents, ...(await view.read(sides))]);
  const earlierOf = compileEarlier(sides, known);
  return specs.map((spec) => {
    const gone = earlierOf(spec, ownBytes(request, spec, known)).map((each) => ({ ...each, is_gone: true }));
    return { ...spec, earlier: [...(spec.earlier ?? []), ...gone] };
  });
}

/** The folders in which the policies look for specs, and those in which a policy once did: all, where one of those cannot be read. */
async function everyFolder({ range, view, policies, policyFile }: EarlierRequest): Promise<readonly Place[]> {
  const former = await listGoneFiles(range.git, range.base, [
    { kind: "literal", path: policyFile },
    { kind: "glob", path: `**/${specPolicyFileName}` },
  ]);
  const contents = await view.read(former);
  const once = former.map((file) => formerPolicy(file, policyFile, bytesOf(file, contents)));
  const known = once.filter((policy) => policy !== null);
  if (known.length < once.length) return [{ kind: "glob", path: "**/*.md" }];
  const folders = [...specFolders(policies), ...specFolders(known)].map(({ specs }) => specs);
  return [...new Set(folders)].map((path) => ({ kind: "literal", path }));
}

/** Null for what cannot be read as a policy now: a version of the guard that could may have looked anywhere. */
function formerPolicy({ path }: GoneFile, policyFile: string, bytes: Buffer | null): PlacedPolicy<SpecPolicy> | null {
  try {
    const folder = policyFolder(path, policyFile);
    return bytes === null ? null : { folder, policy: parseSpecPolicy(decodeText(bytes, source), path, folder) };
  } catch {
    return null;
  }
}

function ownBytes({ places }: EarlierRequest, { path }: ReadableSpec, known: Contents): Buffer | null {
  return known.get(places.get(path)?.side.object ?? "") ?? null;
}

/** A file, and the folder for which a spec there speaks; absent for the whole repository, and where nobody asks. */
interface PlacedSide extends TreeSide {
  readonly folder?: string;
}

/** Finds the specs among some files that say what a spec says. Only those with the same body are parsed. */
function compileEarlier(
  sides: readonly PlacedSide[],
  contents: Contents,
): (spec: ReadableSpec, bytes: Buffer | null) => EarlierSpec[] {
  const byBody = new Map<string, Map<string, EarlierSide>>();
  for (const { folder = "", ...side } of sides) {
    const bytes = bytesOf(side, contents);
    const body = bytes === null ? null : bodyOf(bytes);
    if (bytes === null || body === null) continue;
    const same = byBody.get(body) ?? new Map<string, EarlierSide>();
    byBody.set(body, same.set(`${side.object} ${folder}`, { bytes, folder }));
  }
  return ({ path, spec_sha256 }, own) => {
    const body = own === null ? null : bodyOf(own);
    const same = body === null ? [] : [...(byBody.get(body)?.values() ?? [])];
    return same.flatMap(({ bytes, folder }) => {
      const spec = parseEarlier(path, bytes);
      if (spec?.spec_sha256 !== spec_sha256) return [];
      return [folder === "" ? spec : { ...spec, folder }];
    });
  };
}

interface EarlierSide {
  readonly bytes: Buffer;
  readonly folder: string;
}

/** Null for what cannot be read as a spec. */
function parseEarlier(path: string, bytes: Buffer): EarlierSpec | null {
  try {
    return parseSpecFile(decodeText(bytes, source), path);
  } catch {
    return null;
  }
}

/** The body of a spec as an approval pins it; null for what is no spec. */
function bodyOf(bytes: Buffer): string | null {
  try {
    const { body } = splitFrontMatter(decodeText(bytes, source), source);
    return specSubject({ body, covers: [], risk: "low" }).body;
  } catch {
    return null;
  }
}
