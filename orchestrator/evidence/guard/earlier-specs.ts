import { type SpecPolicy, specSubject } from "../../gates/spec-policy.ts";
import type { EarlierSpec, PlacedPolicy, ReadableSpec, SpecRecord } from "../../gates/spec-record.ts";
import { decodeText } from "../decode-text.ts";
import { splitFrontMatter } from "../front-matter.ts";
import type { TreeSide } from "../git-objects.ts";
import { parseSpecFile } from "../spec-file.ts";
import { listGoneFiles } from "./gone-specs.ts";
import type { GuardRange } from "./guard-range.ts";
import type { GuardView } from "./guard-view.ts";
import { bytesOf, type Contents, compileFolders, type PlacedSpec, specFolders } from "./placed-spec.ts";

/** What is known of the specs that the change brings or touches. */
export interface EarlierRequest {
  readonly range: Pick<GuardRange, "git" | "base">;
  readonly view: Pick<GuardView, "base" | "fork" | "paths" | "changes" | "read">;
  readonly policies: readonly PlacedPolicy<SpecPolicy>[];
  readonly places: ReadonlyMap<string, PlacedSpec>;
  readonly contents: Contents;
  /** True for a spec that would let something through. */
  readonly speaks: (spec: ReadableSpec) => boolean;
}

/**
 * Gives the specs that the change brings or touches what said the same before it: at the base, else where the change parted from
 * it, else, for those that would let something through, whatever the base's history once had. Throws `git_failed` and
 * `repository_unusable`.
 */
export async function withEarlier(request: EarlierRequest, records: readonly SpecRecord[]): Promise<SpecRecord[]> {
  const { view, places } = request;
  const isTouched = ({ path }: SpecRecord) => view.changes.has(path) && places.get(path)?.isOfBase === false;
  const touched = records.flatMap((record) => (record.readable && isTouched(record) ? [record] : []));
  if (touched.length === 0) return [...records];
  const standing = await withStanding(request, touched);
  const isNew = (spec: ReadableSpec) => spec.earlier?.length === 0 && request.speaks(spec);
  const found = new Map(standing.map((spec) => [spec.path, spec]));
  for (const spec of await withGone(request, standing.filter(isNew))) found.set(spec.path, spec);
  return records.map((record) => found.get(record.path) ?? record);
}

async function withStanding(request: EarlierRequest, specs: readonly ReadableSpec[]): Promise<ReadableSpec[]> {
  const { view, policies, contents } = request;
  const folderOf = compileFolders(policies);
  const paths = [...new Set(view.paths())].filter((path) => folderOf(path) !== null);
  const sides = [view.base, view.fork].map((sideOf) => paths.flatMap((path) => sideOf(path) ?? []));
  const unread = sides.flat().filter(({ object }) => !contents.has(object));
  const known = new Map([...contents, ...(await view.read(unread))]);
  const find = sides.map((each) => compileEarlier(each, known));
  return specs.map((spec) => {
    const bytes = ownBytes(request, spec, known);
    const found = find.map((earlierOf) => earlierOf(spec, bytes)).find((earlier) => earlier.length > 0);
    return { ...spec, earlier: found ?? [] };
  });
}

async function withGone(request: EarlierRequest, specs: readonly ReadableSpec[]): Promise<ReadableSpec[]> {
  if (specs.length === 0) return [];
  const { range, view, policies, contents } = request;
  const folders = specFolders(policies).map((place) => place.specs);
  const sides = await listGoneFiles(range.git, range.base, folders);
  const known = new Map([...contents, ...(await view.read(sides))]);
  const earlierOf = compileEarlier(sides, known);
  return specs.map((spec) => {
    const earlier = earlierOf(spec, ownBytes(request, spec, known));
    return { ...spec, earlier: earlier.map((each) => ({ ...each, is_gone: true })) };
  });
}

function ownBytes({ places }: EarlierRequest, { path }: ReadableSpec, known: Contents): Buffer | null {
  return known.get(places.get(path)?.side.object ?? "") ?? null;
}

/** Finds the specs among some files that say what a spec says. Only those with the same body are parsed. */
function compileEarlier(
  sides: readonly TreeSide[],
  contents: Contents,
): (spec: ReadableSpec, bytes: Buffer | null) => EarlierSpec[] {
  const byBody = new Map<string | null, Set<Buffer>>();
  for (const side of sides) {
    const bytes = bytesOf(side, contents);
    const body = bytes === null ? null : bodyOf(bytes);
    if (bytes !== null && body !== null) byBody.set(body, (byBody.get(body) ?? new Set()).add(bytes));
  }
  return ({ path, spec_sha256 }, bytes) =>
    [...(byBody.get(bytes === null ? null : bodyOf(bytes)) ?? [])].flatMap((each) => {
      const spec = parseEarlier(path, each);
      return spec?.spec_sha256 === spec_sha256 ? [spec] : [];
    });
}

/** Null for what cannot be read as a spec. */
function parseEarlier(path: string, bytes: Buffer): EarlierSpec | null {
  try {
    return parseSpecFile(decodeText(bytes, { file: path, code: "document_invalid" }), path);
  } catch {
    return null;
  }
}

/** The body of a spec as an approval pins it; null for what is no spec. */
function bodyOf(bytes: Buffer): string | null {
  try {
    const { body } = splitFrontMatter(bytes.toString("utf8"), { file: "", code: "document_invalid" });
    return specSubject({ body, covers: [], risk: "low" }).body;
  } catch {
    return null;
  }
}
