import { compileGlobs, literalPathOf } from "../gates/glob.ts";
import type { SpecEvidence } from "../gates/spec-gate.ts";
import { defaultSpecPolicy, type SpecPolicy } from "../gates/spec-policy.ts";
import type { PlacedPolicy, SpecRecord } from "../gates/spec-record.ts";
import type { Git } from "../io/git.ts";
import { createGitObjectReader } from "../io/git-object-reader.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { decodeText } from "./decode-text.ts";
import { documentBytesMax } from "./document-bytes-max.ts";
import { listTree, readObjects, readTree, type TreeEntry } from "./git-objects.ts";
import { parseSpecPolicy, specPolicyFileName } from "./guard/guard-policies.ts";
import { createAuthorSearch, findSpecAuthors } from "./guard/spec-author.ts";
import { parseSpecFile } from "./spec-file.ts";
import { documentProblem, readTextAtCommit } from "./text-at-commit.ts";

/** What the evidence for the spec gate is gathered from. */
export interface SpecEvidenceRequest {
  readonly git: Git;
  /** The commit whose policy holds. */
  readonly base: string;
  /** The commit or tree whose specs are looked at; default `base`. */
  readonly head?: string;
  /** The UTC day of the judgement, as `2026-11-20`. */
  readonly today: string;
  /** Paths of the specs that the task names. */
  readonly linked: readonly string[];
  /** Paths that are changed, each meant as it is spelled. */
  readonly paths: readonly string[];
  /** Globs of a plan: each stands for the files of `base` that it matches, or for the one path that it names. */
  readonly globs?: readonly string[];
  readonly signal?: AbortSignal;
}

const specsMax = 10_000;
const policiesMax = 1_000;
const pathsMax = 100_000;
const allSpecsBytesMax = 67_108_864;

/**
 * Gathers what the spec gate looks at, from git alone. No policy file is evidence too. Throws `config_invalid` for
 * a policy file that is broken, `base_not_found`, `git_failed`, and `repository_unusable` for more specs or paths
 * than are looked at.
 */
export async function collectSpecEvidence(request: SpecEvidenceRequest): Promise<SpecEvidence> {
  const { git, base, today, linked, signal } = request;
  const { policy, nested } = await readPoliciesAtCommit(git, base, signal);
  const paths = await expandPaths(request);
  const specs = await withAuthors(request, await readSpecs(request, policy), paths);
  return { policy, nested: [...nested], today, linked: [...linked], paths, specs };
}

interface CommitPolicies {
  readonly policy: SpecPolicy | null;
  readonly nested: readonly PlacedPolicy<SpecPolicy>[];
}

/** Every `spec-guard.yaml` of a commit: the root's, and those of folders. Throws `config_invalid` naming file, line and field. */
async function readPoliciesAtCommit(git: Git, commit: string, signal?: AbortSignal): Promise<CommitPolicies> {
  const root = await readPolicy(git, commit, "", signal);
  if (root === null) return { policy: null, nested: [] };
  const paths = [...(await readTree(git, commit)).keys()]
    .filter((path) => path.endsWith(`/${specPolicyFileName}`))
    .sort();
  const nested: PlacedPolicy<SpecPolicy>[] = [];
  for (const path of bounded(paths, policiesMax, "policies")) {
    const folder = path.slice(0, -specPolicyFileName.length - 1);
    const policy = await readPolicy(git, commit, folder, signal);
    if (policy !== null) nested.push({ folder, policy });
  }
  return { policy: root, nested };
}

async function readPolicy(git: Git, commit: string, folder: string, signal?: AbortSignal): Promise<SpecPolicy | null> {
  const file = folder === "" ? specPolicyFileName : `${folder}/${specPolicyFileName}`;
  const text = await readTextAtCommit(git, commit, file, { file, code: "config_invalid" }, signal);
  return text === null ? null : parseSpecPolicy(text, file, folder);
}

async function expandPaths({ git, base, paths, globs = [], signal }: SpecEvidenceRequest): Promise<string[]> {
  const named = globs.flatMap((glob) => literalPathOf(glob) ?? []);
  const files = globs.length === named.length ? [] : await listTree(git, base, [], signal);
  const matched = files.map((entry) => entry.path).filter(compileGlobs(globs));
  return bounded([...new Set([...paths, ...named, ...matched])], pathsMax, "paths");
}

async function readSpecs(
  { git, base, head, linked, signal }: SpecEvidenceRequest,
  policy: SpecPolicy | null,
): Promise<SpecRecord[]> {
  const folder = (policy ?? defaultSpecPolicy()).specs;
  const wanted = policy === null ? linked : [folder, ...linked];
  if (wanted.length === 0) return [];
  const isSpec = (path: string) => linked.includes(path) || (path.startsWith(`${folder}/`) && path.endsWith(".md"));
  const entries = (await listTree(git, head ?? base, wanted, signal)).filter((entry) => isSpec(entry.path));
  return readRecords(git, bounded(entries, specsMax, "specs"), signal);
}

/** History is read only for specs that speak for the task or for one of the paths. */
async function withAuthors(
  { git, base, head, linked }: SpecEvidenceRequest,
  specs: readonly SpecRecord[],
  paths: readonly string[],
): Promise<SpecRecord[]> {
  const reader = createGitObjectReader(git);
  const search = createAuthorSearch(git, reader);
  try {
    return await Promise.all(
      specs.map(async (spec) => {
        if (!spec.readable) return spec;
        const speaks = linked.includes(spec.path) || paths.some(compileGlobs(spec.front_matter.covers));
        if (!speaks) return spec;
        return { ...spec, authors: [...(await findSpecAuthors(search, head ?? base, spec))] };
      }),
    );
  } finally {
    reader.close();
  }
}

async function readRecords(
  git: Git,
  entries: readonly TreeEntry[],
  signal: AbortSignal | undefined,
): Promise<SpecRecord[]> {
  const objects = entries.filter((entry) => documentProblem(entry) === null).map((entry) => entry.object);
  const limits = { objectBytesMax: documentBytesMax, totalBytesMax: allSpecsBytesMax };
  const contents = await readObjects(git, objects, limits, signal);
  return entries.map((entry) => readRecord(entry, contents.get(entry.object) ?? null));
}

function readRecord(entry: TreeEntry, content: Uint8Array | null): SpecRecord {
  const { path } = entry;
  const problem = documentProblem(entry);
  if (problem !== null) return { readable: false, path, reason: problem };
  if (content === null) return { readable: false, path, reason: "the specs are too large together" };
  try {
    const text = decodeText(content, { file: path, code: "document_invalid" });
    return { readable: true, path, ...parseSpecFile(text, path) };
  } catch (error) {
    return { readable: false, path, reason: messageOf(error) };
  }
}

function bounded<Item>(items: Item[], countMax: number, name: string): Item[] {
  if (items.length <= countMax) return items;
  throw new OrchestratorError(
    "repository_unusable",
    `${items.length} ${name} are more than the ${countMax} that are looked at`,
  );
}
