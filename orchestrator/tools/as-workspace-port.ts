import type { Workspace as WorkspacePort } from "../schema/workspace-port.ts";
import type { Workspace } from "../workspace/create-workspace.ts";
import { isBinary, readInside } from "../workspace/read-files.ts";
import { pathRefused } from "../workspace/resolve-inside.ts";

/** The small part of a workspace that agents' tools and the manager need, in the shape of the port. */
export function asWorkspacePort(workspace: Workspace): WorkspacePort {
  const { files } = workspace;
  return {
    root: workspace.root,
    files: asFilesPort(workspace.root, files),
    snapshot: () => workspace.snapshot(),
    restore: (tree) => workspace.restore(tree),
    change: () => workspace.changeSet(),
    log: async (limit) =>
      (await workspace.log(limit))
        .map(({ commit, date, subject }) => `${commit.slice(0, 12)} ${date} ${subject}`)
        .join("\n"),
    commit: (tree, message, timestamp) => workspace.commit({ tree, message, timestamp }),
    bundle: () => workspace.bundle(),
  };
}

/** Files in the shape of the port. */
export function asFilesPort(root: string, files: Workspace["files"]): WorkspacePort["files"] {
  return {
    list: async (glob, limit) => {
      const { paths, truncated } = await files.list({ ...(glob === null ? {} : { glob }), limit });
      return { paths, more: truncated };
    },
    read: (path) => readWhole(root, path),
    search: async (text, glob, limit) => {
      const { matches } = await files.search({ text, ...(glob === null ? {} : { glob }), limit });
      return matches.map(({ path, line, text: found }) => `${path}:${line}:${found}`);
    },
    write: async (path, content) => {
      await files.write(path, content);
    },
    edit: async (path, before, after) => {
      await files.editExact(path, before, after);
    },
    applyDiff: async (diff) => (await files.applyUnifiedDiff(diff)).map(({ path }) => path),
    remove: async (path) => {
      await files.remove(path);
    },
  };
}

/** The exact text with its byte order mark. What would not come back byte for byte is refused, since an edit would spoil it. */
async function readWhole(root: string, path: string): Promise<string> {
  const { bytes } = await readInside(root, path);
  if (isBinary(bytes)) throw pathRefused(path, "is binary");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw pathRefused(path, "is not UTF-8", error);
  }
}
