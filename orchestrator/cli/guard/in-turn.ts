import { resolve } from "node:path";
import { withFolderLock } from "../../io/folder-lock.ts";
import { createGit } from "../../io/git.ts";

/**
 * Reads and writes specs, tasks and registry of a repository while no other command does. Throws `git_failed`, `disk_failed`, and
 * `aborted` where a signal came before the turn did.
 */
export async function inTurn<Result>(
  root: string,
  action: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const limits = signal === undefined ? {} : { signal };
  const git = createGit(root, ["safe.directory=*"], limits);
  const lock = await git.text(["rev-parse", "--git-path", "spec-guard-lock"]);
  return withFolderLock(resolve(root, lock), action, signal);
}
