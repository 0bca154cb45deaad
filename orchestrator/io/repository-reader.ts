import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import type { RepositoryReader } from "../schema/adapter-port.ts";
import { diskFault, hasCode, listDirectory } from "./files.ts";

const fileBytesMax = 4 * 1024 * 1024;

/**
 * Reads a repository from a folder. What lies outside of `root`, also by way of a symbolic link, is not there. Throws
 * `disk_failed` for what is there but cannot be read.
 */
export function createDirectoryReader(root: string): RepositoryReader {
  let top: string | null = null;
  const locate = async (path: string) => {
    top ??= await realPathOf(root, ".", root);
    return top === null ? null : locateIn(root, top, path);
  };
  return {
    read: async (path) => {
      const inside = await locate(path);
      return inside === null ? null : readText(inside);
    },
    exists: async (path) => (await locate(path)) !== null,
    list: async (path) => {
      const inside = await locate(path);
      const entries = inside === null ? [] : await listDirectory(inside);
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    },
  };
}

/** The real path of something in the folder, or null. */
async function locateIn(root: string, top: string, path: string): Promise<string | null> {
  if (isAbsolute(path) || path.includes("\0")) return null;
  const found = await realPathOf(root, path, join(top, path));
  if (found === null) return null;
  const inside = relative(top, found);
  return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : found;
}

async function realPathOf(root: string, path: string, full: string): Promise<string | null> {
  try {
    return await realpath(full);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG")) return null;
    throw diskFault("look up", join(root, path), error);
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const status = await file.stat();
      if (!status.isFile() || status.size > fileBytesMax) return null;
      return (await file.readFile()).toString("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO")) return null;
    throw diskFault("read", path, error);
  }
}
