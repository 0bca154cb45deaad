import { randomBytes } from "node:crypto";
import { chmod, lstat, readdir, rename, rm, rmdir } from "node:fs/promises";

/** Entries that are removed, at most. */
const entriesMax = 5_000_000;
const slash = Buffer.from("/");

/**
 * Removes what no path reaches: folders nested deeper than a path can be long, and folders that their owner may not enter. Each folder
 * is moved up below `path` before its content is looked at, so that every path is short. Rejects with the system's error.
 */
export async function removeDeep(path: string | Buffer): Promise<void> {
  const top = Buffer.from(path);
  if (!(await lstat(top)).isDirectory()) return rm(top);
  await chmod(top, 0o700);
  const folders: Buffer[] = [top];
  let count = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true, encoding: "buffer" })) {
      count += 1;
      if (count > entriesMax) throw new Error(`more than ${entriesMax} entries`);
      const place = Buffer.concat([folder, slash, entry.name]);
      if (entry.isDirectory()) folders.push(await moveUp(place, top));
      else await rm(place);
    }
    if (folder !== top) await rmdir(folder);
  }
  await rmdir(top);
}

/** A folder can only be moved by who may write into it. */
async function moveUp(folder: Buffer, top: Buffer): Promise<Buffer> {
  const short = Buffer.concat([top, Buffer.from(`/.${randomBytes(8).toString("hex")}`)]);
  await chmod(folder, 0o700);
  await rename(folder, short);
  return short;
}
