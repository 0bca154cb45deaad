import type { Git } from "../io/git.ts";
import type { RepositoryReader } from "../schema/adapter-port.ts";

const fileBytesMax = 4 * 1024 * 1024;

/** Reads files of a git tree: null for what is no regular file of at most 4 MiB. Throws `git_failed` for a tree that is not there. */
export function createTreeReader(git: Git, tree: string): Pick<RepositoryReader, "read"> {
  return {
    read: async (path) => {
      const entry = await git.text(["--literal-pathspecs", "ls-tree", "--full-tree", "-l", "-z", tree, "--", path]);
      const [, object = "", size = ""] = /^100[0-7]{3} blob ([0-9a-f]+) +([0-9]+)\t/.exec(entry) ?? [];
      if (object === "" || Number(size) > fileBytesMax) return null;
      return (await git.run(["cat-file", "blob", object])).stdout.toString("utf8");
    },
  };
}
