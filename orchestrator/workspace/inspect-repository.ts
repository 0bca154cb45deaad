import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { createGit, type Git } from "../io/git.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import type { RepositoryState } from "../schema/run-event.ts";
import { filtersOff } from "./filters-off.ts";

const oldestGit = [2, 30] as const;

/**
 * The state of the repository that holds `directory`, with the base commit that `baseRef` names (default: HEAD). Nothing is
 * written. Throws `repository_unusable` or `base_not_found`, saying what to do.
 */
export async function inspectRepository(directory: string, baseRef?: string): Promise<RepositoryState> {
  const root = await findRepositoryRoot(directory);
  const git = createGit(root);
  const baseCommit = await resolveBase(git, baseRef);
  const [tree, branch, uncommitted] = await Promise.all([
    git.text(["rev-parse", "--verify", `${baseCommit}^{tree}`]),
    currentBranch(git),
    hasUncommittedChanges(git),
    refuseSubmodules(git, baseCommit),
  ]);
  return { root, base_commit: baseCommit, base_tree: tree, branch, uncommitted_changes: uncommitted };
}

/** The top folder of the repository that holds `directory`; it may have no commit yet. Throws `repository_unusable`. */
export async function findRepositoryRoot(directory: string): Promise<string> {
  const git = createGit(await folderOf(directory));
  await assertGitVersion(git);
  return findTopLevel(git);
}

/** What is wrong with this git, in one sentence, or null. `answer` is what `git version` printed. */
export function gitVersionProblem(answer: string): string | null {
  const version = /(\d+)\.(\d+)/.exec(answer);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  const isOld = major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1]);
  if (version !== null && !isOld) return null;
  return `git ${oldestGit.join(".")} or newer is needed, and this one says "${answer.slice(0, 80)}"; install a newer git`;
}

async function folderOf(directory: string): Promise<string> {
  const path = resolve(directory);
  const status = await stat(path).catch(() => null);
  if (status?.isDirectory()) return path;
  throw unusable(path, status === null ? "does not exist" : "is not a folder", "name the folder of a git repository");
}

async function assertGitVersion(git: Git): Promise<void> {
  const answer = await git.text(["version"]).catch((error: unknown) => {
    throw unusable(git.directory, "cannot be read: git cannot be started", "install git and put it on the PATH", error);
  });
  const problem = gitVersionProblem(answer);
  if (problem !== null) throw new OrchestratorError("repository_unusable", problem);
}

async function findTopLevel(git: Git): Promise<string> {
  const { code, stdout } = await git.run(["rev-parse", "--show-toplevel"], { okCodes: [0, 128] });
  if (code === 0) return stdout.toString("utf8").replace(/\n$/, "");
  return explainNoTopLevel(git);
}

async function explainNoTopLevel(git: Git): Promise<never> {
  const answer = await git
    .text(["rev-parse", "--is-bare-repository", "--is-inside-work-tree"])
    .catch((error: unknown) => {
      throw explainUnreadable(git.directory, error);
    });
  const [bare, inside] = answer.split("\n");
  if (bare === "true")
    throw unusable(git.directory, "is a bare repository", "name a clone of it that has a working copy");
  if (inside !== "true")
    throw unusable(git.directory, "is inside a .git folder", "name the folder with the working copy");
  throw unusable(git.directory, "has no top folder that git can name", "run git rev-parse --show-toplevel there");
}

function explainUnreadable(directory: string, error: unknown): OrchestratorError {
  const said = messageOf(error);
  if (/dubious ownership|unsafe repository/.test(said)) {
    const remedy = "run as its owner, or give the folder to the user who runs this (chown -R)";
    return unusable(directory, "belongs to another user, and git refuses to work in it", remedy, error);
  }
  if (/not a git repository/i.test(said)) {
    const remedy = 'name a git repository, or make one: git init && git add -A && git commit -m "first"';
    return unusable(directory, "is not in a git repository", remedy, error);
  }
  return unusable(directory, `cannot be read by git (${said})`, "mend the repository", error);
}

async function resolveBase(git: Git, baseRef: string | undefined): Promise<string> {
  const commit = await findCommit(git, baseRef ?? "HEAD");
  if (commit !== null) return commit;
  if (baseRef === undefined) throw unusable(git.directory, "has no commit yet", "commit something, then run again");
  throw new OrchestratorError(
    "base_not_found",
    `there is no commit ${JSON.stringify(baseRef)} in ${git.directory}; name a branch, a tag or a commit that 'git log' knows ` +
      "(in a shallow clone, fetch it first)",
  );
}

async function findCommit(git: Git, ref: string): Promise<string | null> {
  if (ref === "" || ref.startsWith("-") || /\p{Cc}/u.test(ref)) return null;
  const { code, stdout } = await git.run(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], {
    okCodes: [0, 1, 128],
  });
  return code === 0 ? stdout.toString("utf8").trim() : null;
}

async function refuseSubmodules(git: Git, commit: string): Promise<void> {
  const { stdout } = await git.run(["-c", "protocol.allow=never", "ls-tree", "-r", "-z", "--full-tree", commit]);
  const links = stdout
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry.startsWith("160000 "))
    .map((entry) => entry.slice(entry.indexOf("\t") + 1));
  if (links.length === 0) return;
  const names = links.slice(0, 5).join(", ") + (links.length > 5 ? `, and ${links.length - 5} more` : "");
  const remedy = "run on the submodule's own repository, or from a base commit without submodules";
  throw unusable(git.directory, `has submodules (${names}), which are not supported`, remedy);
}

async function currentBranch(git: Git): Promise<string | null> {
  const { stdout } = await git.run(["symbolic-ref", "--quiet", "HEAD"], { okCodes: [0, 1] });
  const name = stdout.toString("utf8").trim();
  return name === "" ? null : name.replace(/^refs\/heads\//, "");
}

/**
 * No lock is taken and no index written (`GIT_OPTIONAL_LOCKS=0`), no filter program of the repository's config is run, and
 * nothing is fetched, should the clone be a partial one.
 */
async function hasUncommittedChanges(git: Git): Promise<boolean> {
  const quiet = ["-c", "protocol.allow=never", ...(await filtersOff(git))];
  const status = ["status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules=all", "--no-renames"];
  return (await git.run([...quiet, ...status])).stdout.length > 0;
}

function unusable(directory: string, what: string, remedy: string, cause?: unknown): OrchestratorError {
  const message = `${directory} ${what}; ${remedy}`;
  return isOrchestratorError(cause, "aborted")
    ? cause
    : new OrchestratorError("repository_unusable", message, { cause });
}
