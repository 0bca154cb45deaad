import { closeSync, constants, fstatSync, open, readSync } from "node:fs";
import { diskFault, hasCode } from "./files.ts";

/**
 * As `readFileIfThere`, in a quarter of the time: for the many small files of a list. Only the look-up, which is what a cold disk
 * makes one wait for, is done aside.
 */
export async function readSmallFile(path: string, bytesMax: number): Promise<Buffer | null> {
  try {
    const fd = await openForReading(path);
    try {
      const status = fstatSync(fd);
      if (!status.isFile()) throw new Error("not a regular file");
      if (status.size > bytesMax) throw new Error(`${status.size} bytes, more than the ${bytesMax} that are read`);
      const bytes = Buffer.allocUnsafe(status.size);
      return bytes.subarray(0, readSync(fd, bytes, 0, status.size, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw diskFault("read", path, error);
  }
}

function openForReading(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, constants.O_RDONLY | constants.O_NONBLOCK, (error, fd) => (error ? reject(error) : resolve(fd)));
  });
}
