import { createHash } from "node:crypto";
import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, listDirectory } from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { mapBounded } from "../../orchestrator/io/map-bounded.ts";
import { readSmallFile } from "../../orchestrator/io/small-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { FolderSnapshot } from "../scorer.ts";

const entriesMax = 200_000;
const fileBytesMax = 268_435_456;
const atOnce = 16;

/** Every file and link below a folder, in the order of their paths, which have `/`. Throws `disk_failed`, also for too much to hash. */
export async function snapshotFolder(root: string): Promise<FolderSnapshot> {
  const paths: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await listDirectory(join(root, folder))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      (entry.isDirectory() ? folders : paths).push(path);
    }
    if (paths.length + folders.length > entriesMax)
      throw new OrchestratorError("disk_failed", `${root} has more than ${entriesMax} entries; evaluate a smaller one`);
  }
  paths.sort();
  const entries = await mapBounded(paths, atOnce, async (path) => [path, await describe(join(root, path))] as const);
  return new Map(entries);
}

async function describe(path: string): Promise<string> {
  const status = await lstat(path).catch((error: unknown) => {
    throw diskFault("look at", path, error);
  });
  if (status.isSymbolicLink()) return `link ${await readlink(path)}`;
  // A pipe or a device would never end.
  if (!status.isFile()) return "special";
  const bytes = await readSmallFile(path, fileBytesMax);
  return `${(status.mode & 0o111) === 0 ? "file" : "program"} ${sha256(bytes ?? "")}`;
}

/** One hash of all of it. */
export function hashSnapshot(snapshot: FolderSnapshot): string {
  const hash = createHash("sha256");
  for (const [path, what] of snapshot) hash.update(`${path}\0${what}\0`);
  return hash.digest("hex");
}

/** The paths that differ, in order. Records and installed packages at the root are none of the solver's work. */
export function changedBetween(before: FolderSnapshot, after: FolderSnapshot): readonly string[] {
  const differing = [...before.keys(), ...after.keys()].filter((path) => before.get(path) !== after.get(path));
  return [...new Set(differing)].filter((path) => !/^(?:\.git|\.runs|\.patterns|node_modules)\//.test(path)).sort();
}
