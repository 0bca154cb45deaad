import { createHash, randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Disk, systemDisk, writeWhole } from "./disk.ts";
import { diskFault } from "./files.ts";

/**
 * Writes chunks into a new file of `folder` (mode 0600) that is named by their sha256, and gives that. The name is there only when all of
 * it was written; it is durable after a `syncFile`. Throws `disk_failed`, and what the chunks throw.
 */
export async function writeHashed(
  folder: string,
  chunks: AsyncIterable<Uint8Array>,
  disk: Disk = systemDisk,
): Promise<string> {
  const temporary = join(folder, `.${randomBytes(6).toString("hex")}.tmp`);
  const hash = createHash("sha256");
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        writeWhole(file.fd, chunk, disk);
      }
    } finally {
      await file.close();
    }
    const name = hash.digest("hex");
    disk.rename(temporary, join(folder, name));
    return name;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw diskFault("write", temporary, error);
  }
}
