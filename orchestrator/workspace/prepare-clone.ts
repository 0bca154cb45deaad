import { copyFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ensureDirectory, readFileIfThere, removeTree, writeFileAtomic } from "../io/files.ts";
import { createGit } from "../io/git.ts";
import { canonicalJson } from "../io/hash.ts";
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
  /** What a sandbox should show, read-only, so that git answers the code under test: `.git`, the view and the borrowed objects. */
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
  /** Where the repository borrows objects itself. */
  readonly alternates: readonly string[];
  readonly objectFormat: "sha1" | "sha256";
  readonly shallow: string | null;
}

type ClonePlan = GitDirectoryPlan & CloneSource;

const alternatesMax = 20;

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
  await refuseOverlap(repository.root, await realPlaceOf(directory));
  await ensureDirectory(directory);
  const place = await realpath(directory);
  const source = await readSource(repository.root);
  const plan = planClone(repository, runId, place, source);
  const rules = await readIgnoreRules(createGit(repository.root), repository.base_tree).catch((error: unknown) => {
    throw cannotCheckOut(repository, error);
  });
  const settings = new Map([...gitSettings(plan), [ignoreFileName, rules]]);
  const marker = canonicalJson({ version: 1, branch: plan.branch, base_commit: plan.commit, ...source });
  const isComplete = (await readFileIfThere(join(place, "clone.json"), 16_777_216))?.toString("utf8") === marker;
  if (!isComplete) await removeClone(place);
  await ensureDirectory(plan.workTree);
  await removeTree(emptyFolderOf(place));
  await ensureDirectory(emptyFolderOf(place));
  await writeGitDirectory(plan, settings);
  if (!isComplete) await fillClone(plan, settings, repository, place);
  await writeFileAtomic(join(place, "clone.json"), marker);
  return describe(repository, runId, plan, settings);
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
    shown: [join(plan.workTree, ".git"), viewOf(dirname(plan.workTree)), plan.objectsDirectory, ...plan.alternates],
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

/** Where a folder is, or would be if it were made: the links in the part of the way that exists are followed. */
async function realPlaceOf(folder: string): Promise<string> {
  const above = dirname(folder);
  const real = await realpath(folder).catch(() => null);
  if (real !== null || above === folder) return real ?? folder;
  return join(await realPlaceOf(above), basename(folder));
}

async function refuseOverlap(repositoryRoot: string, directory: string): Promise<void> {
  const root = await realpath(repositoryRoot);
  if (!contains(root, directory) && !contains(directory, root)) return;
  throw new OrchestratorError(
    "usage",
    `the clone of ${root} cannot lie in ${directory}: one is inside the other; name a cache folder outside the repository`,
  );
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== "..");
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
  const objectsDirectory = await realpath(resolve(root, objects));
  return {
    objectsDirectory,
    alternates: await findAlternates(objectsDirectory),
    objectFormat: format === "sha256" ? "sha256" : "sha1",
    shallow: shallow?.toString("utf8") ?? null,
  };
}

/** Folders from which a folder of objects borrows, and those from which they do. Git itself goes five deep. */
async function findAlternates(objectsDirectory: string): Promise<string[]> {
  const found = new Set([objectsDirectory]);
  for (const folder of found) {
    if (found.size > alternatesMax) break;
    const text = (await readFileIfThere(join(folder, "info", "alternates"), 1_048_576))?.toString("utf8") ?? "";
    for (const line of text.split("\n").filter((each) => each !== "" && !/^[#"]/.test(each))) {
      const real = await realpath(resolve(folder, line)).catch(() => null);
      if (real !== null) found.add(real);
    }
  }
  return [...found].slice(1, alternatesMax + 1);
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
  for (const name of ["clone.json", "dependencies.json", "dependencies-new", "tool-folders", "view", "tree", "git"])
    await removeTree(join(directory, name));
}

async function fillClone(
  plan: GitDirectoryPlan,
  settings: GitSettings,
  repository: RepositoryState,
  directory: string,
): Promise<void> {
  const git = createPrivateGit(plan.gitDirectory, plan.workTree, settings);
  await git.run(["read-tree", "--reset", "-u", repository.base_tree]).catch((error: unknown) => {
    throw cannotCheckOut(repository, error);
  });
  const view = { ...plan, gitDirectory: viewOf(directory) };
  await writeGitDirectory(view, gitSettings(view));
  await copyFile(join(plan.gitDirectory, "index"), join(view.gitDirectory, "index"));
  await writeFileAtomic(join(plan.workTree, ".git"), gitFileOf(directory), { mode: 0o644 });
}

function cannotCheckOut({ root, base_commit }: RepositoryState, cause: unknown): OrchestratorError {
  const remedy =
    "if it is a partial clone, fetch the missing objects (git fetch --refetch --no-filter), otherwise see what 'git fsck' says";
  const message = `${root} cannot be checked out at ${base_commit}: ${messageOf(cause)}; ${remedy}`;
  return new OrchestratorError("repository_unusable", message, { cause });
}
