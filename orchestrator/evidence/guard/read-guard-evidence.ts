import type { GuardEvidence, MirrorRecord, WaiverRecord } from "../../gates/guard/guard-evidence.ts";
import { compileControl } from "../../gates/spec-coverage.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import type { PlacedPolicy } from "../../gates/spec-record.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { gitPersons } from "../../io/git-person.ts";
import { messageOf, OrchestratorError } from "../../schema/errors.ts";
import { readChecklists } from "./check-evidence.ts";
import { readGuardPolicies } from "./guard-policies.ts";
import type { GuardRange } from "./guard-range.ts";
import type { GuardView } from "./guard-view.ts";
import { findIdlePolicies } from "./idle-policies.ts";
import { readSpecs, type TitledHeader } from "./read-specs.ts";
import { readRegistry } from "./registry-file.ts";
import { readTaskFiles } from "./task-files.ts";
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
  /** Says who would commit what is not committed. */
  readonly environment: Readonly<Record<string, string | undefined>>;
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
  const { holding } = policies;
  const changes = relevantChanges(view, holding);
  const isControlled = compileControl(holding);
  const controlled = changes.filter(({ path }) => isControlled(path));
  const specs = await readSpecs({
    range,
    view,
    policies: holding,
    policyFile: request.policyFile,
    controlled: controlled.map(({ path }) => path),
    today: request.today,
    persons: () => gitPersons(range.git, request.environment),
  });
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
  const { tasks, unreadable } = await readTaskFiles(view, policy);
  const { git, reader, head } = range;
  return {
    waivers: await readWaivers(view, policy),
    registry: policy.registry === undefined ? null : await readRegistry(view, policy.registry, headers, tasks),
    checklists: [...unreadable, ...(await readChecklists({ git, reader, view, policy, head, today, tasks }))],
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
