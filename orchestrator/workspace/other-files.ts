import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { diskFault, hasCode } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { OrchestratorError } from "../schema/errors.ts";

/** Files that are looked at, at most. */
const entriesMax = 2_000_000;
const atOnce = 64;

/** What belongs into a folder. Paths are latin1 text of their bytes, since not every name on a disk is UTF-8. */
export interface Belongings {
  readonly files: ReadonlySet<string>;
  /** Folders that are left alone with all that is in them. */
  readonly leftAlone: ReadonlySet<string>;
}

/**
 * Paths below `root` that do not belong there: files, links, and whole folders of which nothing belongs. It looks at the disk, not
 * at any list of what to ignore. Throws `disk_failed` for what cannot be looked at.
 */
export async function findOthers(root: string, { files, leftAlone }: Belongings): Promise<string[]> {
  const known = foldersOf([...files, ...leftAlone]);
  const others: string[] = [];
  const folders = [""];
  let count = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesOf(root, folder)) {
      const path = below(folder, entry);
      count += 1;
      if (count > entriesMax) throw tooMany(root);
      if (!entry.isDirectory()) others.push(...(files.has(path) ? [] : [path]));
      else if (leftAlone.has(path)) continue;
      else if (known.has(path)) folders.push(path);
      else others.push(path);
    }
  }
  return others.sort();
}

/**
 * One hash over what lies at the paths and below them: names, kinds, sizes, modes and times. The time of the last change of an entry
 * (ctime) cannot be set back, so what was written meanwhile shows even where size and date are the same. Null where something lies
 * too deep for a path, or where its owner may not look.
 */
export async function hashPlaces(root: string, paths: readonly string[]): Promise<string | null> {
  return hashReached(root, paths).catch((error: unknown) => {
    if (error instanceof Error && hasCode(error.cause, "ENAMETOOLONG", "EACCES", "EPERM")) return null;
    throw error;
  });
}

async function hashReached(root: string, paths: readonly string[]): Promise<string> {
  const left = [...paths];
  const lines: string[] = [];
  while (left.length > 0) {
    const batch = left.splice(-atOnce);
    const found = await Promise.all(batch.map(async (path) => ({ path, status: await statusOf(root, path) })));
    for (const { path, status } of found) {
      lines.push(lineOf(path, status));
      if (!status?.isDirectory()) continue;
      for (const entry of await entriesOf(root, path)) left.push(below(path, entry));
    }
    if (lines.length + left.length > entriesMax) throw tooMany(root);
  }
  return sha256(lines.sort().join("\n"));
}

/** The bytes of a path below `root`. */
export function placeOf(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
}

/** A folder that tools may fill says nothing by its own times. */
function lineOf(path: string, status: BigIntStats | null): string {
  if (status === null) return `${path}\0none`;
  const { mode, size, mtimeNs, ctimeNs, ino } = status;
  return [path, mode, ...(status.isDirectory() ? [] : [size, mtimeNs, ctimeNs, ino])].join("\0");
}

async function statusOf(root: string, path: string): Promise<BigIntStats | null> {
  return lstat(placeOf(root, path), { bigint: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw diskFault("look at", `${root}/${path}`, error);
  });
}

async function entriesOf(root: string, folder: string): Promise<Dirent<Buffer>[]> {
  return readdir(placeOf(root, folder), { withFileTypes: true, encoding: "buffer" }).catch((error: unknown) => {
    throw diskFault("look into", `${root}/${folder}`, error);
  });
}

function below(folder: string, { name }: Dirent<Buffer>): string {
  const text = name.toString("latin1");
  return folder === "" ? text : `${folder}/${text}`;
}

function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      if (folders.has(path.slice(0, end))) break;
      folders.add(path.slice(0, end));
    }
  }
  return folders;
}

function tooMany(root: string): OrchestratorError {
  return new OrchestratorError("disk_failed", `${root} has more than ${entriesMax} entries; remove what is not needed`);
}
