import { lstat } from "node:fs/promises";
import type { Git } from "../io/git.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { type ChangeRange, type ChangeWithPatch, readChangeSet } from "./change-set.ts";
import { createPrivateGit, runnerIdentity } from "./git-directory.ts";
import { createInOrder } from "./in-order.ts";
import { isIgnoredByBase } from "./is-ignored-by-base.ts";
import type { PrivateClone } from "./prepare-clone.ts";
import {
  hashOthers,
  listFiles,
  putBackSnapshot,
  restoreSnapshot,
  type TrackedTree,
  trackedTree,
  writeSnapshot,
} from "./tree-snapshot.ts";
import { createWorkspaceFiles, type WorkspaceFiles } from "./workspace-files.ts";

/** What a commit of a run says. */
export interface CommitRequest {
  /** The tree that the gates judged. */
  readonly tree: string;
  readonly message: string;
  /** ISO 8601; recorded to the second. */
  readonly timestamp: string;
  /** Default: the runner itself. */
  readonly author?: { readonly name: string; readonly email: string };
}

/** One commit, newest first. */
export interface LogEntry {
  readonly commit: string;
  readonly author: string;
  readonly date: string;
  readonly subject: string;
}

/** The files of a run, under git. Calls are done one after the other, in the order they were made. */
export interface Workspace {
  readonly root: string;
  readonly branch: string;
  readonly baseCommit: string;
  readonly baseTree: string;
  readonly files: WorkspaceFiles;
  /** The git tree of all files but those that the base commit ignores, dependencies and `.runs`. */
  snapshot(): Promise<string>;
  /** Makes the files exactly those of a tree; all else is removed but for dependencies. */
  restore(tree: string): Promise<void>;
  /** Undoes what changed since a tree; keeps what is ignored, such as what a build made. */
  putBack(tree: string): Promise<void>;
  /** A hash of what lies beside a tree and its dependencies; null where no path reaches all of it. */
  hashOthers(tree: string): Promise<string | null>;
  /** What changed between the base commit and a tree (default: a new snapshot). */
  changeSet(tree?: string): Promise<ChangeWithPatch>;
  /** The run's branch, newest commit first, at most `limit` of them. */
  log(limit: number): Promise<LogEntry[]>;
  /** One commit on the base, and the branch at it. The same request gives the same commit, so repeating it changes nothing. */
  commit(request: CommitRequest): Promise<string>;
  /** A git bundle with the run's commit, to be fetched into a repository that has the base commit. */
  bundle(): Promise<Uint8Array>;
}

/**
 * The workspace of a private clone. `dependencyFolders` (relative) are no part of the change and cannot be edited; those of them
 * that the runner itself `provided` are left alone by a restore, and any other is removed.
 */
export function createWorkspace(
  clone: PrivateClone,
  dependencyFolders: readonly string[] = [],
  provided: readonly string[] = dependencyFolders,
): Workspace {
  const inOrder = createInOrder();
  const git = createPrivateGit(clone.gitDirectory, clone.root, clone.settings);
  const tree = trackedTree(clone, git, dependencyFolders, provided);
  const snapshot = async () => {
    await assertFolder(clone.root);
    return writeSnapshot(tree);
  };
  const range = async (hash?: string): Promise<ChangeRange> => ({
    baseCommit: clone.baseCommit,
    headCommit: await headOf(git, clone),
    tree: hash ?? (await snapshot()),
  });
  return {
    root: clone.root,
    branch: clone.branch,
    baseCommit: clone.baseCommit,
    baseTree: clone.baseTree,
    files: createWorkspaceFiles({
      root: clone.root,
      dependencyFolders,
      ...partsOf(clone, tree),
      inOrder,
    }),
    snapshot: () => inOrder(snapshot),
    restore: (hash) => inOrder(() => assertFolder(clone.root).then(() => restoreSnapshot(tree, hash))),
    putBack: (hash) => inOrder(() => assertFolder(clone.root).then(() => putBackSnapshot(tree, hash))),
    hashOthers: (hash) => inOrder(() => hashOthers(tree, hash)),
    changeSet: (hash) => inOrder(async () => readChangeSet(git, await range(hash))),
    log: (limit) => inOrder(() => readLog(git, clone.branch, limit)),
    commit: (request) => inOrder(() => commitTree(git, clone, request)),
    bundle: () => inOrder(() => bundleBranch(git, clone)),
  };
}

/** What is listed is known to be a part, so that git is not asked for each of many files. */
function partsOf(clone: PrivateClone, tree: TrackedTree) {
  const listed = new Set<string>();
  return {
    listPaths: async () => {
      const paths = await listFiles(tree);
      for (const path of paths) listed.add(path);
      return paths;
    },
    isIgnored: async (path: string) => !listed.has(path) && isIgnoredByBase(clone, path),
  };
}

async function assertFolder(root: string): Promise<void> {
  const status = await lstat(root).catch(() => null);
  if (status?.isDirectory()) return;
  throw new OrchestratorError(
    "git_failed",
    `${root} is gone or no folder any more: a command of the run, or somebody at this machine, removed it; resume the run, which puts its files back`,
  );
}

async function headOf(git: Git, clone: PrivateClone): Promise<string | null> {
  const head = await git.text(["rev-parse", "--verify", `refs/heads/${clone.branch}`]);
  return head === clone.baseCommit ? null : head;
}

async function readLog(git: Git, branch: string, limit: number): Promise<LogEntry[]> {
  const format = "--format=%H%n%an%n%aI%n%s";
  const text = await git.text([
    "log",
    "-z",
    format,
    `--max-count=${Math.max(0, Math.floor(limit))}`,
    `refs/heads/${branch}`,
    "--",
  ]);
  return text
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [commit = "", author = "", date = "", subject = ""] = entry.split("\n");
      return { commit, author, date, subject };
    });
}

async function commitTree(git: Git, clone: PrivateClone, request: CommitRequest): Promise<string> {
  const stdin = commitMessage(request.message, clone.runId);
  const env = identityEnvironment(request.author ?? runnerIdentity, request.timestamp);
  const commit = await git.text(["commit-tree", request.tree, "-p", clone.baseCommit], { stdin, env });
  await git.run(["update-ref", "-m", "commit of the run", `refs/heads/${clone.branch}`, commit]);
  return commit;
}

/** The trailer by which a run's commit is known again. */
export function runTrailer(runId: string): string {
  return `Orchestrator-Run: ${runId}`;
}

function commitMessage(message: string, runId: string): string {
  const text = message.replaceAll("\0", "").trim();
  return `${text === "" ? "Change without a message" : text}\n\n${runTrailer(runId)}\n`;
}

/** The variables by which git takes an author, the runner as committer, and one date for both. */
export function identityEnvironment(
  author: { name: string; email: string },
  timestamp: string,
): Record<string, string> {
  const date = `${Math.floor(Date.parse(timestamp) / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: runnerIdentity.name,
    GIT_COMMITTER_EMAIL: runnerIdentity.email,
    GIT_COMMITTER_DATE: date,
  };
}

async function bundleBranch(git: Git, clone: PrivateClone): Promise<Uint8Array> {
  if ((await headOf(git, clone)) === null) {
    throw new OrchestratorError(
      "git_failed",
      `${clone.branch} has no commit of the run yet, so there is nothing to bundle; commit first`,
    );
  }
  const range = [`refs/heads/${clone.branch}`, `^${clone.baseCommit}`];
  return (await git.run(["-c", "pack.threads=1", "bundle", "create", "-", ...range])).stdout;
}
