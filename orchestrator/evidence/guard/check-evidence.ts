import { posix } from "node:path";
import { z } from "zod";
import type { ChecklistRecord, EvidenceState } from "../../gates/guard/guard-evidence.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import type { Git } from "../../io/git.ts";
import type { GitObjectReader } from "../../io/git-object-reader.ts";
import { sha256 } from "../../io/hash.ts";
import { messageOf } from "../../schema/errors.ts";
import { GitHash, Slug } from "../../schema/primitives.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { readBlobs, readTree } from "../git-objects.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { ChecklistItem } from "./checklist.ts";
import type { GuardView } from "./guard-view.ts";
import { compileTaskTest, readTaskFile, type TaskFile } from "./task-files.ts";

/** What a checklist asks of a run's manifest. It may say more. */
const EvidenceManifest = z.looseObject({
  schema_version: z.literal(1),
  run_id: z.string().min(1),
  task_id: Slug,
  status: z.string(),
  commit: GitHash.nullable(),
  change: z.looseObject({ tree: GitHash }).nullable(),
});
type EvidenceManifest = z.infer<typeof EvidenceManifest>;

/** What is asked for the checklists. */
export interface ChecklistRequest {
  readonly git: Git;
  readonly reader: GitObjectReader;
  readonly view: GuardView;
  readonly policy: SpecPolicy;
  readonly head: string;
  readonly today: string;
  readonly tasks: readonly TaskFile[];
}

/** Judges the evidence of every checked item, and the age of every open one. Throws `git_failed`. */
export async function readChecklists(request: ChecklistRequest): Promise<ChecklistRecord[]> {
  const { view, tasks, policy } = request;
  const linked = tasks.flatMap(({ path, items }) => items.flatMap((item) => targetOf(path, item) ?? []));
  const contents = await view.read([...new Set(linked)].map((path) => view.head.get(path)));
  const manifests = new Map([...new Set(linked)].map((path) => [path, readManifest(path, view, contents, policy)]));
  const commits = await inspectCommits(request.git, request.head, manifests.values());
  const wasOpen = await openAtLimit(request);
  return tasks.flatMap((task) =>
    task.items.map(({ line, text, checked, link }) => {
      const target = targetOf(task.path, { link });
      const found = target === null ? undefined : manifests.get(target);
      const evidence = checked ? judge(task, link?.sha256 ?? null, found, commits) : { state: "none" as const };
      return { path: task.path, line, text, checked, evidence, stale: !checked && wasOpen(task, text) };
    }),
  );
}

interface FoundManifest {
  readonly path: string;
  readonly sha256: string | null;
  readonly manifest: EvidenceManifest | null;
  readonly problem: string | null;
}

function targetOf(path: string, { link }: Pick<ChecklistItem, "link">): string | null {
  if (link === null) return null;
  return posix.normalize(posix.join(posix.dirname(path), link.target));
}

function readManifest(
  path: string,
  view: GuardView,
  contents: ReadonlyMap<string, Buffer | null>,
  { checklists }: SpecPolicy,
): FoundManifest {
  const side = view.head.get(path);
  const broken = (problem: string): FoundManifest => ({ path, sha256: null, manifest: null, problem });
  if (!path.startsWith(`${checklists.evidence}/`)) return broken(`${path} is not in ${checklists.evidence}`);
  if (side === undefined) return broken(`${path} does not exist`);
  const bytes = side.mode.startsWith("100") ? (contents.get(side.object) ?? null) : null;
  if (bytes === null) return broken(`${path} is no file of at most ${documentBytesMax} bytes`);
  const pinned = sha256(bytes);
  try {
    const parsed = EvidenceManifest.safeParse(parseStrictJson(bytes.toString("utf8")));
    if (parsed.success) return { path, sha256: pinned, manifest: parsed.data, problem: null };
    const [issue] = parsed.error.issues;
    return broken(`${path} is no manifest of a run: ${issue?.path.join(".")}: ${issue?.message}`);
  } catch (error) {
    return broken(`${path} is no JSON: ${messageOf(error)}`);
  }
}

function judge(
  task: TaskFile,
  pinned: string | null,
  found: FoundManifest | undefined,
  commits: ReadonlyMap<string, CommitFacts>,
): EvidenceState {
  if (found === undefined) return { state: "none" };
  const { path, manifest, problem } = found;
  if (manifest === null) return { state: "broken", reason: problem ?? `${path} cannot be read` };
  if (pinned === null) return { state: "broken", reason: `the link to ${path} does not pin its sha256` };
  if (pinned !== found.sha256)
    return { state: "broken", reason: `${path} is not what the link pins: its sha256 is ${found.sha256}` };
  if (task.id === null) return { state: "unfit", reason: `${task.path} has no task id in its front matter` };
  if (manifest.task_id !== task.id)
    return { state: "unfit", reason: `${path} is of the task ${manifest.task_id}, not of ${task.id}` };
  if (path !== posix.join(posix.dirname(path), `${manifest.run_id}.json`))
    return { state: "unfit", reason: `${path} is of the run ${manifest.run_id}, and is not named after it` };
  if (manifest.status !== "passed")
    return { state: "unfit", reason: `the run ${manifest.run_id} is ${manifest.status}, not passed` };
  return judgeCommit(manifest, commits);
}

function judgeCommit(
  { run_id, commit, change }: EvidenceManifest,
  commits: ReadonlyMap<string, CommitFacts>,
): EvidenceState {
  const facts = commit === null ? undefined : commits.get(commit);
  if (commit === null || change === null) return { state: "unfit", reason: `the run ${run_id} has no commit` };
  if (facts === undefined || !facts.isAncestor)
    return {
      state: "foreign",
      reason: `the commit ${commit.slice(0, 12)} of the run ${run_id} is not in this history`,
    };
  if (facts.tree !== change.tree)
    return {
      state: "foreign",
      reason: `the commit ${commit.slice(0, 12)} has another tree than the run ${run_id} says`,
    };
  return { state: "sound" };
}

interface CommitFacts {
  readonly tree: string;
  readonly isAncestor: boolean;
}

/** Tree and place of each commit that a manifest names, in a number of calls that does not depend on how many there are. */
async function inspectCommits(
  git: Git,
  head: string,
  manifests: Iterable<FoundManifest>,
): Promise<ReadonlyMap<string, CommitFacts>> {
  const named = [...new Set([...manifests].flatMap(({ manifest }) => manifest?.commit ?? []))];
  if (named.length === 0) return new Map();
  const stdin = named.map((commit) => `${commit}^{commit}\n${commit}^{tree}\n`).join("");
  const answer = await git.text(["cat-file", "--batch-check=%(objectname)"], { stdin });
  const lines = answer.split("\n");
  const there = named.flatMap((commit, index) =>
    lines[index * 2] === commit ? [{ commit, tree: lines[index * 2 + 1] ?? "" }] : [],
  );
  if (there.length === 0) return new Map();
  const list = `${there.map(({ commit }) => commit).join("\n")}\n^${head}\n`;
  const outside = new Set((await git.text(["rev-list", "--stdin"], { stdin: list })).split("\n"));
  return new Map(there.map(({ commit, tree }) => [commit, { tree, isAncestor: !outside.has(commit) }]));
}

/** Says whether an item stood open when the policy's limit began, in the same file or in one of the same task. */
async function openAtLimit({ git, reader, policy, head, today, tasks }: ChecklistRequest): Promise<OpenItemTest> {
  const limit = policy.checklists.max_open_age_days;
  if (limit === undefined || !tasks.some(({ items }) => items.some(({ checked }) => !checked))) return () => false;
  const before = new Date(Date.parse(`${today}T00:00:00Z`) - limit * 86_400_000).toISOString();
  const commit = await git.text(["rev-list", "-1", "--first-parent", `--before=${before}`, head]);
  if (commit === "") return () => false;
  const isTask = compileTaskTest(policy);
  const sides = [...(await readTree(git, commit))].filter(([path, { mode }]) => mode.startsWith("100") && isTask(path));
  const objects = sides.map(([, { object }]) => object);
  const contents = await readBlobs(reader, objects, documentBytesMax);
  const known = new Set(
    sides.flatMap(([path, side]) => {
      const task = readTaskFile(path, side, contents.get(side.object) ?? null);
      return typeof task === "string" ? [] : openKeys(task);
    }),
  );
  return (task, text) => keysOf(task, text).some((key) => known.has(key));
}

type OpenItemTest = (task: TaskFile, text: string) => boolean;

function openKeys(task: TaskFile): string[] {
  return task.items.filter(({ checked }) => !checked).flatMap(({ text }) => keysOf(task, text));
}

/** An item is the same whatever its case, its blanks, its punctuation and the place of its file. */
function keysOf({ path, id }: TaskFile, text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
  return [`path ${path}\0${plain}`, ...(id === null ? [] : [`id ${id}\0${plain}`])];
}
