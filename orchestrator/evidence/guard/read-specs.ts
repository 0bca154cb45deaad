import type { SpecHeader } from "../../gates/guard/guard-evidence.ts";
import { judgeSpec } from "../../gates/judge-spec.ts";
import { defaultSpecPolicy, type SpecPolicy } from "../../gates/spec-policy.ts";
import type { PlacedPolicy, ReadableSpec, SpecAuthor, SpecRecord } from "../../gates/spec-record.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { messageOf, OrchestratorError } from "../../schema/errors.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import type { TreeSide } from "../git-objects.ts";
import { parseSpecFile } from "../spec-file.ts";
import { withEarlier } from "./earlier-specs.ts";
import type { GuardRange } from "./guard-range.ts";
import type { GuardView } from "./guard-view.ts";
import { bytesOf, type Contents, compileFolders, type PlacedSpec } from "./placed-spec.ts";
import { authorsOfChain, createAuthorSearch, findSpecAuthors } from "./spec-author.ts";
import { readSpecChains } from "./spec-chains.ts";
import { compileReach, type PlainHeader, readPlainHeader } from "./spec-header.ts";

/** What is asked of every spec, and its title, which the registry repeats. */
export type TitledHeader = SpecHeader & { readonly title: string | null };

/** What was found of the specs. */
export interface FoundSpecs {
  /** Specs that may cover one of the paths, or that were named. */
  readonly records: readonly SpecRecord[];
  /** All of them. */
  readonly headers: readonly TitledHeader[];
}

/** Which specs are looked for, and where. */
export interface SpecsRequest {
  readonly range: Pick<GuardRange, "git" | "reader" | "base" | "head">;
  readonly view: Pick<GuardView, "head" | "base" | "paths" | "changes" | "movedOn" | "uncommitted" | "read">;
  readonly policies: readonly PlacedPolicy<SpecPolicy>[];
  /** The path of the root's policy. */
  readonly policyFile: string;
  /** Paths that need a spec. */
  readonly controlled: readonly string[];
  /** Paths of specs that are read wherever they lie. */
  readonly linked?: readonly string[];
  /** The UTC day of the judgement. */
  readonly today: string;
  /** Who would commit what is not committed. */
  readonly persons: () => Promise<readonly SpecAuthor[]>;
}

/** Reads all specs shallowly, and those whole that may cover one of the paths. Throws `git_failed` and `disk_failed`. */
export async function readSpecs(request: SpecsRequest): Promise<FoundSpecs> {
  const { view, controlled, linked = [] } = request;
  const places = placeSpecs(request);
  const contents = await view.read([...places.values()].map(({ side }) => side));
  const reaches = compileReach(controlled);
  const headers: TitledHeader[] = [];
  const records: SpecRecord[] = [];
  for (const [path, place] of places) {
    const bytes = bytesOf(place.side, contents);
    const plain = bytes === null || linked.includes(path) ? null : readPlainHeader(bytes);
    if (plain !== null && !plain.covers.some(reaches)) headers.push(headerOf(path, plain));
    else {
      const record = readRecord(path, place, bytes);
      records.push(record);
      headers.push(headerOfRecord(record));
    }
  }
  const earlier = await withEarlier({ ...request, places, contents, speaks: compileSpeaking(request) }, records);
  return { headers, records: await withAuthors(request, earlier, places, contents) };
}

const specsMax = 20_000;

/** Where the specs lie, and what of them a merge would have: what the base changed since, and the change did not, is the base's. */
function placeSpecs({ view, policies, linked = [] }: SpecsRequest): ReadonlyMap<string, PlacedSpec> {
  const folderOf = compileFolders(policies);
  const places = new Map<string, PlacedSpec>();
  const place = (path: string, side: TreeSide | undefined, isOfBase: boolean) => {
    const folder = folderOf(path) ?? (linked.includes(path) ? "" : null);
    if (folder === null) return;
    if (side === undefined) places.delete(path);
    else places.set(path, { side, folder, isOfBase });
  };
  for (const [path, side] of view.head) place(path, side, false);
  for (const path of view.movedOn) place(path, view.base(path), true);
  if (places.size > specsMax)
    throw new OrchestratorError(
      "repository_unusable",
      `${places.size} specs are more than the ${specsMax} that are looked at; take those that are done out of the folder`,
    );
  return new Map([...places].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function readRecord(path: string, { side, folder }: PlacedSpec, bytes: Buffer | null): SpecRecord {
  if (!side.mode.startsWith("100")) return { readable: false, path, reason: "not a regular file" };
  if (bytes === null) return { readable: false, path, reason: `more than ${documentBytesMax} bytes` };
  if (/\p{Cc}/u.test(path)) return { readable: false, path, reason: "a control character in its name" };
  try {
    const spec = parseSpecFile(decodeText(bytes, { file: path, code: "document_invalid" }), path);
    return { readable: true, path, ...spec, ...(folder === "" ? {} : { folder }) };
  } catch (error) {
    return { readable: false, path, reason: messageOf(error) };
  }
}

function headerOf(path: string, { fields }: PlainHeader): TitledHeader {
  const field = (name: string) => fields.get(name) ?? null;
  return {
    path,
    id: field("id"),
    title: field("title"),
    status: field("status"),
    last_review: field("last_review"),
    relates_to: field("relates_to"),
  };
}

function headerOfRecord(record: SpecRecord): TitledHeader {
  const { path } = record;
  if (!record.readable) return { path, id: null, title: null, status: null, last_review: null, relates_to: null };
  const { id, title, status, last_review, relates_to } = record.front_matter;
  return { path, id, title, status, last_review, relates_to };
}

const authorsAtOnce = 4;

/**
 * History is read only for specs that would let something through without it; for many of them in one go. It is that of the
 * commit which the spec comes from.
 */
async function withAuthors(
  request: SpecsRequest,
  records: readonly SpecRecord[],
  places: ReadonlyMap<string, PlacedSpec>,
  contents: Contents,
): Promise<SpecRecord[]> {
  const { git, reader, base, head } = request.range;
  const speaks = compileSpeaking(request);
  const speaking = new Set(records.filter((record) => record.readable && speaks(record)).map(({ path }) => path));
  const ofHead = [...speaking].filter((path) => places.get(path)?.isOfBase === false);
  const chains = ofHead.length <= authorsAtOnce ? null : await readSpecChains(git, head, ofHead);
  const search = createAuthorSearch(git, reader);
  const withAuthor = async (record: SpecRecord): Promise<SpecRecord> => {
    const place = places.get(record.path);
    if (!record.readable || place === undefined || !speaking.has(record.path)) return record;
    const standing = { ...record, bytes: bytesOf(place.side, contents) };
    const edits = place.isOfBase ? undefined : chains?.get(record.path);
    const authors =
      edits?.[0]?.object === place.side.object
        ? await authorsOfChain(search, standing, edits)
        : await findSpecAuthors(search, place.isOfBase ? base : head, standing);
    const isUnknown = authors.length === 0 && request.view.uncommitted.has(record.path);
    return { ...record, authors: [...(isUnknown ? await request.persons() : authors)] };
  };
  const found: SpecRecord[] = [];
  for (let start = 0; start < records.length; start += authorsAtOnce) {
    found.push(...(await Promise.all(records.slice(start, start + authorsAtOnce).map(withAuthor))));
  }
  return found;
}

/** True for a spec that was named, or that lets one of the paths through as far as one of the policies goes. */
function compileSpeaking({ policies, controlled, linked = [], today }: SpecsRequest): (spec: ReadableSpec) => boolean {
  const limits = policies.length === 0 ? [defaultSpecPolicy()] : policies.map(({ policy }) => policy);
  return (spec) =>
    linked.includes(spec.path) ||
    limits.some((policy) => {
      const { covers, problems } = judgeSpec(spec, policy, today, new Set());
      return problems.length === 0 && controlled.some(covers);
    });
}
