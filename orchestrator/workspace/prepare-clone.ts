import { lstat, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ensureDirectory, openFolder, readFileIfThere, removeTree, writeFileAtomic } from "../io/files.ts";
import { createGit, type Git } from "../io/git.ts";
import { hashJson } from "../io/hash.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { Slug } from "../schema/primitives.ts";
import type { RepositoryState } from "../schema/run-event.ts";
import {
  createPrivateGit,
  type GitDirectoryPlan,
  type GitSettings,
  gitSettings,
  writeGitDirectory,
} from "./git-directory.ts";
import { readIgnoreRules } from "./ignore-rules.ts";
import { refuseOverlap } from "./refuse-overlap.ts";

/** A run's own clone. Code under test sees `root` alone. */
export interface PrivateClone {
  readonly runId: string;
  readonly directory: string;
  /** The folder with the files. */
  readonly root: string;
  /** Outside of `root`, so that nothing that runs there decides what git does. */
  readonly gitDirectory: string;
  readonly branch: string;
  readonly baseCommit: string;
  readonly baseTree: string;
  readonly settings: GitSettings;
  /** What a sandbox should show, read-only, so that git answers the code under test: `.git` and the view. */
  readonly shown: readonly string[];
  /** What the file `.git` in `root` says: where the view is. */
  readonly gitFile: string;
  /** A folder with nothing in it, for questions to git that are about names alone. */
  readonly emptyFolder: string;
  /** The ignore rules of the base commit, in a form for `git ls-files --exclude-from`. */
  readonly ignoreFile: string;
}

/** What to clone, for which run, and where. */
export interface CloneRequest {
  readonly repository: RepositoryState;
  readonly runId: string;
  /** A folder outside the repository that is this run's alone. */
  readonly directory: string;
}

interface CloneSource {
  readonly objectsDirectory: string;
  readonly objectFormat: "sha1" | "sha256";
  readonly shallow: string | null;
}

type ClonePlan = GitDirectoryPlan & CloneSource;

const ignoreFileName = "base-ignore";

/** The branch that a run's commit goes to. */
export function branchOf(runId: string): string {
  return `orchestrator/${runId}`;
}

/**
 * A private clone at the base commit, on the run's branch: objects are borrowed from the repository, everything else is its own.
 * A clone that is complete is kept with its files and its settings are written anew; a half-made one is made again.
 *
 * `root/.git` points at a second git folder, a view for the code under test: it can ask git there what it likes, and whatever
 * it plants there is never read by us.
 */
export async function prepareClone({ repository, runId, directory }: CloneRequest): Promise<PrivateClone> {
  assertRunId(runId);
  await refuseOverlap(repository.root, directory);
  await ensureDirectory(directory);
  const place = await realpath(directory);
  const source = await readSource(repository.root);
  const plan = planClone(repository, runId, place, source);
  const rules = await readIgnoreRules(createGit(repository.root), repository.base_tree).catch((error: unknown) => {
    throw cannotCheckOut(repository, error);
  });
  const { files, borrowed } = gitSettings(plan);
  const settings = { files: new Map([...files, [ignoreFileName, rules]]), borrowed };
  const marker = hashJson({ version: 3, branch: plan.branch, base_commit: plan.commit, ...source });
  const isComplete = (await readFileIfThere(join(place, "clone.json"), 16_777_216))?.toString("utf8") === marker;
  if (!isComplete) await removeClone(place);
  await ensureOwnFolder(plan.workTree);
  await removeTree(emptyFolderOf(place));
  await ensureDirectory(emptyFolderOf(place));
  await writeGitDirectory(plan, settings);
  if (!isComplete) await fillClone(plan, settings, repository);
  await ensureView(plan, settings, place);
  await writeFileAtomic(join(place, "clone.json"), marker);
  return describe(repository, runId, plan, settings);
}

/** A command of the run may have put a link, or anything else, in place of the folder, or closed it. */
async function ensureOwnFolder(path: string): Promise<void> {
  const status = await lstat(path).catch(() => null);
  if (status !== null && !status.isDirectory()) await removeTree(path);
  await ensureDirectory(path);
  await openFolder(path);
}

function describe(repository: RepositoryState, runId: string, plan: ClonePlan, settings: GitSettings): PrivateClone {
  return {
    runId,
    directory: dirname(plan.workTree),
    root: plan.workTree,
    gitDirectory: plan.gitDirectory,
    branch: plan.branch,
    baseCommit: repository.base_commit,
    baseTree: repository.base_tree,
    settings,
    shown: [join(plan.workTree, ".git"), viewOf(dirname(plan.workTree))],
    gitFile: gitFileOf(dirname(plan.workTree)),
    emptyFolder: emptyFolderOf(dirname(plan.workTree)),
    ignoreFile: join(plan.gitDirectory, ignoreFileName),
  };
}

function assertRunId(runId: string): void {
  if (Slug.safeParse(runId).success && !/\.\.|\.lock$|\.$/.test(runId)) return;
  throw new OrchestratorError(
    "usage",
    `${JSON.stringify(runId)} cannot be a run id: it must be a safe name for a folder and a branch`,
  );
}

async function readSource(root: string): Promise<CloneSource> {
  const answer = await createGit(root).text([
    "rev-parse",
    "--show-object-format",
    "--git-path",
    "shallow",
    "--git-path",
    "objects",
  ]);
  const [format, shallowFile = "", objects = ""] = answer.split("\n");
  const shallow = await readFileIfThere(resolve(root, shallowFile), 16_777_216);
  return {
    objectsDirectory: await realpath(resolve(root, objects)),
    objectFormat: format === "sha256" ? "sha256" : "sha1",
    shallow: shallow?.toString("utf8") ?? null,
  };
}

function planClone(repository: RepositoryState, runId: string, directory: string, source: CloneSource): ClonePlan {
  return {
    gitDirectory: join(directory, "git"),
    workTree: join(directory, "tree"),
    branch: branchOf(runId),
    commit: repository.base_commit,
    ...source,
  };
}

function viewOf(directory: string): string {
  return join(directory, "view");
}

function emptyFolderOf(directory: string): string {
  return join(directory, "empty");
}

function gitFileOf(directory: string): string {
  return `gitdir: ${viewOf(directory)}\n`;
}

async function removeClone(directory: string): Promise<void> {
  for (const name of [
    "clone.json",
    "view.json",
    "dependencies.json",
    "dependencies-new",
    "tool-folders",
    "projects",
    "view",
    "tree",
    "git",
  ])
    await removeTree(join(directory, name));
}

async function fillClone(plan: ClonePlan, settings: GitSettings, repository: RepositoryState): Promise<void> {
  const git = createPrivateGit(plan.gitDirectory, plan.workTree, settings);
  await git.run(["read-tree", "--reset", "-u", repository.base_tree]).catch((error: unknown) => {
    throw cannotCheckOut(repository, error);
  });
}

/** The git folder for the code under test, with the base commit's objects alone, and the file that leads there. */
async function ensureView(plan: ClonePlan, settings: GitSettings, directory: string): Promise<void> {
  const markerFile = join(directory, "view.json");
  const marker = hashJson({ version: 2, commit: plan.commit });
  const gitFile = join(plan.workTree, ".git");
  if ((await readFileIfThere(markerFile, 65_536))?.toString("utf8") === marker) return;
  const view = { ...plan, gitDirectory: viewOf(directory), shallow: `${plan.commit}\n` };
  await removeTree(markerFile);
  await removeTree(view.gitDirectory);
  await writeGitDirectory(view, gitSettings(view));
  const git = createPrivateGit(plan.gitDirectory, plan.workTree, settings);
  await copyObjects(git, plan.commit, join(view.gitDirectory, "objects/pack/pack"));
  await git.run(["read-tree", plan.commit], { env: { GIT_INDEX_FILE: join(view.gitDirectory, "index") } });
  await removeTree(gitFile);
  await writeFileAtomic(gitFile, gitFileOf(directory), { mode: 0o644 });
  await writeFileAtomic(markerFile, marker);
}

/** One commit with its files, as a pack: what a clone of depth 1 has. */
async function copyObjects(git: Git, commit: string, pack: string): Promise<void> {
  const { stdout } = await git.run(["rev-list", "--objects", "--max-count=1", commit]);
  await git.run(["-c", "pack.threads=1", "pack-objects", "--quiet", "--window=0", pack], { stdin: stdout });
}

function cannotCheckOut({ root, base_commit }: RepositoryState, cause: unknown): OrchestratorError {
  const remedy =
    "if it is a partial clone, fetch the missing objects (git fetch --refetch --no-filter), otherwise see what 'git fsck' says";
  const message = `${root} cannot be checked out at ${base_commit}: ${messageOf(cause)}; ${remedy}`;
  return new OrchestratorError("repository_unusable", message, { cause });
}
