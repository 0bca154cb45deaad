import { join } from "node:path";
import { listDirectory } from "../io/files.ts";
import { createGit, type Git } from "../io/git.ts";
import { clonesIn, isWorkFolderOf, pipelinesIn } from "./work-folders.ts";

/** As `newId` makes them: another branch under the prefix is somebody's own. */
const runId = /^\d{8}t\d{9}z-[0-9a-f]{12}$/;
const prefix = "refs/heads/orchestrator/";

/** A branch of a run that is gone. */
export interface LeftBranch {
  readonly runId: string;
  /** The full name of its ref. */
  readonly ref: string;
  readonly commit: string;
  /** Why it must stay; null where nothing is lost with it. */
  readonly stays: string | null;
}

/** What runs that are gone, or over, left outside `.runs`. */
export interface Leftovers {
  /** Folders in the cache. */
  readonly folders: readonly string[];
  readonly branches: readonly LeftBranch[];
}

/**
 * Looks for clones and pipeline folders of this repository whose run is not among `inUse`, and for branches of runs that are not among
 * `known`. A folder that does not say whose it is stays. Writes nothing. Throws `disk_failed`, `git_failed`.
 */
export async function findLeftovers(
  repository: string,
  cacheDir: string,
  runs: () => Promise<{ readonly inUse: ReadonlySet<string>; readonly known: ReadonlySet<string> }>,
): Promise<Leftovers> {
  const git = createGit(repository);
  const clones = await ownFolders(clonesIn(cacheDir), repository);
  const pipelines = await ownFolders(pipelinesIn(cacheDir), repository);
  const branches = await listBranches(git);
  // Asked last: a run has its folder before it has a clone, so one that has just begun is never taken for gone.
  const { inUse, known } = await runs();
  const folders = [...clones, ...pipelines].filter(({ runId }) => !inUse.has(runId)).map(({ folder }) => folder);
  const gone = branches.filter(({ runId }) => !known.has(runId));
  return { folders, branches: await Promise.all(gone.map((branch) => judgeBranch(git, branch))) };
}

async function ownFolders(parent: string, repository: string) {
  const found: { runId: string; folder: string }[] = [];
  for (const entry of await listDirectory(parent)) {
    const folder = join(parent, entry.name);
    if (entry.isDirectory() && (await isWorkFolderOf(folder, repository))) found.push({ runId: entry.name, folder });
  }
  return found;
}

async function listBranches(git: Git): Promise<readonly Omit<LeftBranch, "stays">[]> {
  const lines = await git.text(["for-each-ref", "--format=%(objectname) %(refname)", prefix]);
  return lines.split("\n").flatMap((line) => {
    const [commit = "", ref = ""] = line.split(" ");
    return !runId.test(ref.slice(prefix.length)) ? [] : [{ runId: ref.slice(prefix.length), ref, commit }];
  });
}

/** A branch goes only where another ref holds its commit, so that no work is lost, and nobody stands on it. */
async function judgeBranch(git: Git, branch: Omit<LeftBranch, "stays">): Promise<LeftBranch> {
  const worktrees = await git.text(["worktree", "list", "--porcelain"]);
  if (worktrees.split("\n").includes(`branch ${branch.ref}`)) return { ...branch, stays: "it is checked out" };
  const holders = await git.text(["for-each-ref", `--contains=${branch.commit}`, "--format=%(refname)"]);
  const others = holders.split("\n").filter((ref) => ref !== "" && !ref.startsWith(prefix));
  return { ...branch, stays: others.length > 0 ? null : "its commit is in no other branch or tag" };
}

/** Deletes a branch that may go, unless it moved meanwhile. Throws `git_failed`. */
export async function deleteBranch(repository: string, { ref, commit }: LeftBranch): Promise<void> {
  await createGit(repository).run(["update-ref", "-d", ref, commit]);
}
