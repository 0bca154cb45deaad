import type { Git } from "../../io/git.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { TreeSide } from "../git-objects.ts";

const filesMax = 50_000;
const rawDiff = ["--stdin", "-r", "-z", "-m", "--raw", "--no-renames", "--no-abbrev", "--no-commit-id"];

/** A file that was there once. */
export interface GoneFile extends TreeSide {
  readonly path: string;
}

/** A file or folder by its path, or files by a glob, in the repository. */
export interface Place {
  readonly kind: "literal" | "glob";
  readonly path: string;
}

/**
 * What the history of a commit ever had at some places and took away or wrote anew, side branches included. Throws `git_failed`, and
 * `repository_unusable` for more files than are looked at.
 */
export async function listGoneFiles(git: Git, commit: string, places: readonly Place[]): Promise<GoneFile[]> {
  const named = places.map(({ kind, path }) => `:(top,${kind})${path}`);
  const commits = await git.text(["rev-list", "--full-history", "--stdin"], {
    stdin: `${[commit, "--", ...named].join("\n")}\n`,
  });
  const diff = ["diff-tree", ...rawDiff, "--diff-filter=MDT", "--", ...named];
  const { stdout } = await git.run(diff, { stdin: `${commits}\n` });
  const files = readBefore(stdout.toString("utf8").split("\0"));
  if (files.length <= filesMax) return files;
  throw new OrchestratorError(
    "repository_unusable",
    `the history of ${places.map(({ path }) => path).join(", ")} has more than ${filesMax} versions; land the specs of this change first, in a change of their own`,
  );
}

/** The sides before each change, one of each content at each path. */
function readBefore(tokens: readonly string[]): GoneFile[] {
  const files = new Map<string, GoneFile>();
  for (const [index, token] of tokens.entries()) {
    const [, mode, object] = /^:(100\d{3}) \d{6} ([0-9a-f]+) /.exec(token) ?? [];
    const path = tokens[index + 1] ?? "";
    if (mode !== undefined && object !== undefined) files.set(`${object} ${path}`, { path, mode, object });
  }
  return [...files.values()];
}
