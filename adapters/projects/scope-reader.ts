import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";

/**
 * A reader of one folder of a repository: paths are relative to it. Where a `listing` of it (names, folders with a trailing `/`) is given,
 * what that does not begin is not asked for, so that an adapter that looks for files of its stack costs nothing where there are none.
 */
export function scopeReader(reader: RepositoryReader, root: string, listing?: ReadonlySet<string>): RepositoryReader {
  const isListed = (path: string) => {
    const [first = "", ...rest] = path.split("/").filter((name) => name !== "" && name !== ".");
    if (first === "" || first === "..") return first === "";
    if (listing === undefined) return true;
    return listing.has(`${first}/`) || (rest.length === 0 && listing.has(first)) || listing.has(first);
  };
  const inside = (path: string) => pathIn(root, path);
  return {
    read: async (path) => (isListed(path) ? reader.read(inside(path)) : null),
    exists: async (path) => isListed(path) && reader.exists(inside(path)),
    list: async (path) => (isListed(path) ? reader.list(inside(path)) : []),
  };
}

/** A path in the folder `root` of a repository, as a path in the repository; `.` is the folder itself. */
export function pathIn(root: string, path: string): string {
  if (root === ".") return path;
  return path === "." || path === "" ? root : `${root}/${path}`;
}

/** A path in a repository as one in its folder `root`, or null where it lies elsewhere. */
export function pathFrom(root: string, path: string): string | null {
  if (root === ".") return path;
  if (path === root) return ".";
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null;
}
