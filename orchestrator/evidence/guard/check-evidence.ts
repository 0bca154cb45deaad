import { posix } from "node:path";
import type { ChecklistRecord, EvidenceState } from "../../gates/guard/guard-evidence.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import type { Git } from "../../io/git.ts";
import type { GitObjectReader } from "../../io/git-object-reader.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { readBlobs, readTree } from "../git-objects.ts";
import type { ChecklistItem } from "./checklist.ts";
import { type CommitJudge, compileCommitJudge } from "./commit-judge.ts";
import type { GuardView } from "./guard-view.ts";
import { type FoundManifest, readManifests } from "./read-manifests.ts";
import { compileTaskTest, readTaskFile, type TaskFile } from "./task-files.ts";

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
  const manifests = await readManifests(view, policy, [...new Set(linked)]);
  const made = [...manifests.values()].flatMap(({ manifest }) => manifest ?? []);
  const judgeCommits = await compileCommitJudge(request.git, request.head, made);
  const wasOpen = await openAtLimit(request);
  const otherOf = compileNamesakes(tasks);
  return tasks.flatMap((task) =>
    task.items.map(({ line, text, checked, link }) => {
      const target = targetOf(task.path, { link });
      const found = target === null ? undefined : manifests.get(target);
      const evidence = checked
        ? judge(task, { pinned: link?.sha256 ?? null, found, other: otherOf(task) }, judgeCommits)
        : { state: "none" as const };
      return { path: task.path, line, text, checked, evidence, stale: !checked && wasOpen(task, text) };
    }),
  );
}

function targetOf(path: string, { link }: Pick<ChecklistItem, "link">): string | null {
  if (link === null) return null;
  return posix.normalize(posix.join(posix.dirname(path), link.target));
}

/** Finds another file that says it is of the same task, and has other items: a run cannot be of both. A copy has the same items. */
function compileNamesakes(tasks: readonly TaskFile[]): (task: TaskFile) => string | null {
  const byId = new Map<string | null, TaskFile[]>();
  for (const task of tasks) byId.set(task.id, [...(byId.get(task.id) ?? []), task]);
  return ({ id, items }) => {
    const own = JSON.stringify(items);
    const others = id === null ? [] : (byId.get(id) ?? []).filter((each) => JSON.stringify(each.items) !== own);
    return others[0]?.path ?? null;
  };
}

/** What the link of an item leads to, and another file of the same task id. */
interface LinkedEvidence {
  readonly pinned: string | null;
  readonly found: FoundManifest | undefined;
  readonly other: string | null;
}

function judge(task: TaskFile, { pinned, found, other }: LinkedEvidence, judgeCommits: CommitJudge): EvidenceState {
  if (found === undefined) return { state: "none" };
  const { path, manifest, problem } = found;
  if (manifest === null) return { state: "broken", reason: problem };
  if (pinned === null) return { state: "broken", reason: `the link to ${path} does not pin its sha256` };
  if (pinned !== found.sha256)
    return { state: "broken", reason: `${path} is not what the link pins: its sha256 is ${found.sha256}` };
  if (task.id === null) return { state: "unfit", reason: `${task.path} has no task id in its front matter` };
  if (other !== null)
    return { state: "unfit", reason: `${task.path} and ${other} both have the task id ${task.id}; give each its own` };
  if (manifest.task_id !== task.id)
    return { state: "unfit", reason: `${path} is of the task ${manifest.task_id}, not of ${task.id}` };
  if (path !== posix.join(posix.dirname(path), `${manifest.run_id}.json`))
    return { state: "unfit", reason: `${path} is of the run ${manifest.run_id}, and is not named after it` };
  if (found.contradiction !== null) return { state: "unfit", reason: found.contradiction };
  return judgeCommits(manifest);
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
