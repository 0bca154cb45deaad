import type { Git } from "../../io/git.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { TreeSide } from "../git-objects.ts";

const filesMax = 50_000;
const rawDiff = ["--stdin", "-r", "-z", "-m", "--raw", "--no-renames", "--no-abbrev", "--no-commit-id"];

/**
 * What the history of a commit ever had in some folders and took away or wrote anew, side branches included. Throws `git_failed`, and
 * `repository_unusable` for more files than are looked at.
 */
export async function listGoneFiles(git: Git, commit: string, folders: readonly string[]): Promise<TreeSide[]> {
  const named = folders.map((folder) => `:(top,literal)${folder}`);
  const commits = await git.text(["rev-list", "--full-history", "--stdin"], {
    stdin: `${[commit, "--", ...named].join("\n")}\n`,
  });
  const diff = ["diff-tree", ...rawDiff, "--diff-filter=MDT", "--", ...named];
  const { stdout } = await git.run(diff, { stdin: `${commits}\n` });
  const sides = readBefore(stdout.toString("utf8").split("\0"));
  if (sides.size <= filesMax) return [...sides.values()];
  throw new OrchestratorError(
    "repository_unusable",
    `the history of ${folders.join(", ")} has more than ${filesMax} versions of specs; approve the specs of this change anew in a change of their own, and land that first`,
  );
}

/** The sides before each change, one of each content. */
function readBefore(tokens: readonly string[]): Map<string, TreeSide> {
  const sides = new Map<string, TreeSide>();
  for (const token of tokens) {
    const found = /^:(\d{6}) \d{6} ([0-9a-f]+) /.exec(token);
    if (found?.[1]?.startsWith("100") && found[2] !== undefined)
      sides.set(found[2], { mode: found[1], object: found[2] });
  }
  return sides;
}
