import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { messageOf } from "../schema/errors.ts";
import { hasCode } from "./files.ts";

/** What stands where foreign code was to leave a file. */
export type ForeignFile =
  | { readonly kind: "absent" }
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "unusable"; readonly reason: string };

/**
 * Reads a file that foreign code was to leave below `folder`, as text. Nothing is followed: a link, a link in place of a folder on the
 * way, a pipe, what is larger than `bytesMax` and what cannot be read is `unusable`. Never rejects.
 */
export async function readForeignFile(folder: string, path: string, bytesMax: number): Promise<ForeignFile> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      if (!(await isInPlace(folder, path))) return unusable("a link stands in place of its folder");
      return await readRegular(file, bytesMax);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT")) return { kind: "absent" };
    if (hasCode(error, "ELOOP")) return unusable("it is a link");
    if (hasCode(error, "ENXIO")) return unusable("it is not a regular file");
    return unusable(messageOf(error));
  }
}

/** The folder above `folder` is our own; from there on no name may be a link. */
async function isInPlace(folder: string, path: string): Promise<boolean> {
  const real = join(await realpath(dirname(folder)), basename(folder));
  return (await realpath(dirname(path))) === join(real, relative(folder, dirname(path)));
}

/** No more than the size that was looked at is read: what left the file may still write it. */
async function readRegular(file: FileHandle, bytesMax: number): Promise<ForeignFile> {
  const status = await file.stat();
  if (!status.isFile()) return unusable("it is not a regular file");
  if (status.size > bytesMax) return unusable(`it has ${status.size} bytes, more than the ${bytesMax} that are read`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(status.size), 0, status.size, 0);
  return { kind: "read", text: buffer.toString("utf8", 0, bytesRead) };
}

function unusable(reason: string): ForeignFile {
  return { kind: "unusable", reason };
}
