import { createPrivateGit } from "./git-directory.ts";
import type { PrivateClone } from "./prepare-clone.ts";

/**
 * True for a path that the rules of the base commit name and no snapshot tracks. Git is asked in an empty folder, so that no rule
 * of the files as they are now counts.
 */
export async function isIgnoredByBase(clone: PrivateClone, path: string): Promise<boolean> {
  const git = createPrivateGit(clone.gitDirectory, clone.emptyFolder, clone.settings);
  const ask = ["-c", `core.excludesFile=${clone.ignoreFile}`, "check-ignore", "--quiet", "-z", "--stdin"];
  return (await git.run(ask, { stdin: `${path}\0`, okCodes: [0, 1] })).code === 0;
}
