import type { GuardEvidence, MirrorRecord, SpecHeader, WaiverRecord } from "../../gates/guard/guard-evidence.ts";
import { judgeSpec } from "../../gates/judge-spec.ts";
import { compileControl } from "../../gates/spec-coverage.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import type { EarlierSpec, PlacedPolicy, ReadableSpec, SpecRecord } from "../../gates/spec-record.ts";
import { messageOf, OrchestratorError } from "../../schema/errors.ts";
import { decodeText } from "../decode-text.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import type { TreeSide } from "../git-objects.ts";
import { parseSpecFile } from "../spec-file.ts";
import { readChecklists, readTaskFiles } from "./check-evidence.ts";
import { readGuardPolicies } from "./guard-policies.ts";
import type { GuardRange } from "./guard-range.ts";
import type { GuardView } from "./guard-view.ts";
import { findIdlePolicies } from "./idle-policies.ts";
import { readRegistry } from "./registry-file.ts";
import { authorOfEdits, findSpecAuthor } from "./spec-author.ts";
import { readSpecChains } from "./spec-chains.ts";
import { compileReach, type PlainHeader, readPlainHeader } from "./spec-header.ts";
import { parseWaiver } from "./waiver-file.ts";

/** What is read of the repository once it is known what differs. */
export interface ReadGuard {
  readonly evidence: GuardEvidence;
  /** The root policy, or null where the change brings the first one. */
  readonly policy: SpecPolicy | null;
  readonly counts: { readonly changed: number; readonly controlled: number; readonly specs: number };
}

/** What the reading needs to know of what was asked. */
export interface ReadRequest {
  /** The policy's path in the repository. */
  readonly policyFile: string;
  /** The UTC day of the judgement. */
  readonly today: string;
}

/** Reads policies, specs and whatever the policy names. Throws rather than leave something out. */
export async function readGuardEvidence(request: ReadRequest, range: GuardRange, view: GuardView): Promise<ReadGuard> {
  const policies = await readGuardPolicies(view, request.policyFile);
  const root = policies.holding.find(({ folder }) => folder === "")?.policy ?? null;
  if (root === null && policies.brought.length === 0)
    throw new OrchestratorError(
      "config_invalid",
      `the base commit ${range.base.slice(0, 12)} has no ${request.policyFile}, so nothing says what is controlled; run: spec-guard init, and land that first`,
    );
  const holding = root === null ? [] : policies.holding;
  const changes = relevantChanges(view, holding);
  const isControlled = compileControl(holding);
  const controlled = changes.filter(({ path }) => isControlled(path));
  const specs = await readSpecs(
    range,
    view,
    holding,
    controlled.map(({ path }) => path),
    request.today,
  );
  const state =
    root === null ? noState : await readState({ ...request, range, view, policy: root, headers: specs.headers });
  const read = new Set(specs.records.map(({ path }) => path));
  return {
    policy: root,
    counts: { changed: view.changes.size, controlled: controlled.length, specs: specs.headers.length },
    evidence: {
      today: request.today,
      policies: holding,
      ownFiles: policies.ownFiles,
      changes,
      links: linksOf(view),
      hidden: view.hidden,
      specs: specs.records,
      otherSpecs: specs.headers.filter(({ path }) => !read.has(path)),
      newPolicies: policies.brought,
      brokenPolicies: policies.broken,
      idlePolicies: findIdlePolicies(view.head, policies.atHead, specs.headers),
      ...state,
    },
  };
}

function linksOf({ head }: GuardView): GuardEvidence["links"] {
  const links: { path: string; mode: string }[] = [];
  for (const [path, { mode }] of head) if (mode === "120000" || mode === "160000") links.push({ path, mode });
  return links;
}

/** A waiver that is deleted loosens nothing, so its deletion needs no spec. */
function relevantChanges(view: GuardView, policies: readonly PlacedPolicy<SpecPolicy>[]) {
  const folders = policies.flatMap(({ policy }) => policy.waivers ?? []);
  const isDeletedWaiver = (path: string, mode: string | null) =>
    mode === null && folders.some((folder) => path.startsWith(`${folder}/`));
  return [...view.changes]
    .filter(([path, mode]) => !isDeletedWaiver(path, mode))
    .map(([path, mode]) => ({ path, mode }));
}

type TitledHeader = SpecHeader & { readonly title: string | null };

interface FoundSpecs {
  readonly records: readonly SpecRecord[];
  readonly headers: readonly TitledHeader[];
}

/** Reads all specs shallowly, and those whole that may cover a controlled change. */
async function readSpecs(
  range: GuardRange,
  view: GuardView,
  policies: readonly PlacedPolicy<SpecPolicy>[],
  controlled: readonly string[],
  today: string,
): Promise<FoundSpecs> {
  const sides = specSides(view, policies);
  const earlier = new Map(
    [...sides.keys()].filter((path) => view.changes.has(path)).map((path) => [path, view.fork(path)]),
  );
  const contents = await view.read([...sides.values(), ...earlier.values()]);
  const reaches = compileReach(controlled);
  const headers: TitledHeader[] = [];
  const records: SpecRecord[] = [];
  for (const [path, side] of sides) {
    const bytes = side.mode.startsWith("100") ? (contents.get(side.object) ?? null) : null;
    const plain = bytes === null ? null : readPlainHeader(bytes);
    if (plain !== null && !plain.covers.some(reaches)) {
      headers.push(headerOf(path, plain));
      continue;
    }
    const record = readRecord(path, side, bytes);
    const before = earlierSpec(path, earlier.get(path), contents);
    records.push(record.readable && before !== null ? { ...record, earlier: before } : record);
    headers.push(headerOfRecord(record));
  }
  const speaks = compileSpeaking(policies, controlled, today);
  const blobOf = (path: string) => {
    const object = sides.get(path)?.object ?? "";
    return { object, bytes: contents.get(object) ?? null };
  };
  return { headers, records: await withAuthors(range, records, speaks, blobOf) };
}

/** Where the specs lie, and what of them a merge would have: what the base changed since, and the change did not, is the base's. */
function specSides(view: GuardView, policies: readonly PlacedPolicy<SpecPolicy>[]): Map<string, TreeSide> {
  const folders = policies.map(({ folder, policy }) => (folder === "" ? policy.specs : `${folder}/${policy.specs}`));
  const isSpec = (path: string) => path.endsWith(".md") && folders.some((folder) => path.startsWith(`${folder}/`));
  const sides = new Map<string, TreeSide>();
  for (const [path, side] of view.head) if (isSpec(path)) sides.set(path, side);
  for (const path of [...view.movedOn].filter(isSpec)) {
    const side = view.base(path);
    if (side === undefined) sides.delete(path);
    else sides.set(path, side);
  }
  return new Map([...sides].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function readRecord(path: string, side: TreeSide, bytes: Buffer | null): SpecRecord {
  if (!side.mode.startsWith("100")) return { readable: false, path, reason: "not a regular file" };
  if (bytes === null) return { readable: false, path, reason: `more than ${documentBytesMax} bytes` };
  if (/\p{Cc}/u.test(path)) return { readable: false, path, reason: "a control character in its name" };
  try {
    return {
      readable: true,
      path,
      ...parseSpecFile(decodeText(bytes, { file: path, code: "document_invalid" }), path),
    };
  } catch (error) {
    return { readable: false, path, reason: messageOf(error) };
  }
}

function earlierSpec(
  path: string,
  side: TreeSide | undefined,
  contents: ReadonlyMap<string, Buffer | null>,
): EarlierSpec | null {
  const bytes = side?.mode.startsWith("100") ? (contents.get(side.object) ?? null) : null;
  if (side === undefined || bytes === null) return null;
  const record = readRecord(path, side, bytes);
  return record.readable ? { spec_sha256: record.spec_sha256, front_matter: record.front_matter } : null;
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

/** History is read only for specs that would let something through without it; for many of them in one go. */
async function withAuthors(
  { git, reader, head }: GuardRange,
  records: readonly SpecRecord[],
  speaks: (spec: ReadableSpec) => boolean,
  blobOf: (path: string) => { readonly object: string; readonly bytes: Buffer | null },
): Promise<SpecRecord[]> {
  const speaking = new Set(records.filter((record) => record.readable && speaks(record)).map(({ path }) => path));
  const chains = speaking.size <= authorsAtOnce ? null : await readSpecChains(git, head, [...speaking]);
  const withAuthor = async (record: SpecRecord): Promise<SpecRecord> => {
    if (!record.readable || !speaking.has(record.path)) return record;
    const { object, bytes } = blobOf(record.path);
    const edits = chains?.get(record.path);
    if (edits?.[0]?.object === object)
      return { ...record, author: (await authorOfEdits(reader, { ...record, bytes }, edits)).author };
    return { ...record, author: await findSpecAuthor({ git, reader }, head, { ...record, bytes }) };
  };
  const found: SpecRecord[] = [];
  for (let start = 0; start < records.length; start += authorsAtOnce) {
    found.push(...(await Promise.all(records.slice(start, start + authorsAtOnce).map(withAuthor))));
  }
  return found;
}

/** True for a spec that lets one of the paths through, as far as the repository's own policy goes. */
function compileSpeaking(
  policies: readonly PlacedPolicy<SpecPolicy>[],
  controlled: readonly string[],
  today: string,
): (spec: ReadableSpec) => boolean {
  const root = policies.find(({ folder }) => folder === "")?.policy;
  return (spec) => {
    if (root === undefined) return false;
    const { covers, problems } = judgeSpec(spec, root, today, new Set());
    return problems.length === 0 && controlled.some(covers);
  };
}

type State = Pick<GuardEvidence, "waivers" | "registry" | "checklists" | "mirrors">;

const noState: State = { waivers: [], registry: null, checklists: [], mirrors: [] };

interface StateRequest {
  readonly range: GuardRange;
  readonly view: GuardView;
  readonly policy: SpecPolicy;
  readonly today: string;
  readonly headers: readonly TitledHeader[];
}

async function readState({ range, view, policy, today, headers }: StateRequest): Promise<State> {
  const tasks = await readTaskFiles(view, policy);
  const { git, reader, head } = range;
  return {
    waivers: await readWaivers(view, policy),
    registry: policy.registry === undefined ? null : await readRegistry(view, policy.registry, headers, tasks),
    checklists: await readChecklists({ git, reader, view, policy, head, today, tasks }),
    mirrors: policy.mirrors.map((mirror) => compareMirror(view, mirror)),
  };
}

async function readWaivers(view: GuardView, { waivers: folder }: SpecPolicy): Promise<WaiverRecord[]> {
  if (folder === undefined) return [];
  const paths = [...view.head.keys()].filter(
    (path) => path.startsWith(`${folder}/`) && !/(?:^|\/)(?:README\.md|\.gitkeep)$/.test(path),
  );
  const contents = await view.read(paths.map((path) => view.head.get(path)));
  return paths.map((path): WaiverRecord => {
    const side = view.head.get(path);
    const bytes = side?.mode.startsWith("100") ? (contents.get(side.object) ?? null) : null;
    if (side === undefined || bytes === null) return { readable: false, path, reason: "not a regular small file" };
    try {
      const waiver = parseWaiver(decodeText(bytes, { file: path, code: "document_invalid" }), path);
      return { ...waiver, in_base: view.base(path)?.object === side.object };
    } catch (error) {
      return { readable: false, path, reason: messageOf(error) };
    }
  });
}

function compareMirror(view: GuardView, { source, copy }: { source: string; copy: string }): MirrorRecord {
  const [left, right] = [view.head.get(source), view.head.get(copy)];
  const missing = left === undefined ? source : right === undefined ? copy : null;
  if (missing !== null)
    return { source, copy, problem: `${missing} does not exist, and ${copy} must mirror ${source}` };
  const same = left?.object === right?.object && left?.mode.startsWith("100") && right?.mode.startsWith("100");
  return { source, copy, problem: same ? null : `${copy} differs from ${source}, which it mirrors` };
}
