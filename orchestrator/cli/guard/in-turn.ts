import { resolve } from "node:path";
import { withFolderLock } from "../../io/folder-lock.ts";
import { createGit } from "../../io/git.ts";

/** Reads and writes specs, tasks and registry of a repository while no other command does. Throws `git_failed` and `disk_failed`. */
export async function inTurn<Result>(root: string, action: () => Promise<Result>): Promise<Result> {
  const lock = await createGit(root, ["safe.directory=*"]).text(["rev-parse", "--git-path", "spec-guard-lock"]);
  return withFolderLock(resolve(root, lock), action);
}
