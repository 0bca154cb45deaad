import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type Disk, systemDisk, writeWhole } from "./disk.ts";
import { diskFault } from "./files.ts";

/**
 * Appends one line to a file that many processes append to (mode 0600, made if need be), by one write. After a line that a full disk
 * cut short, the new one begins on a line of its own. Throws `disk_failed`.
 */
export function appendLine(path: string, line: string, disk: Disk = systemDisk): void {
  try {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const fd = openSync(path, flags, 0o600);
    try {
      writeWhole(fd, Buffer.from(`${endsWithLine(fd) ? "" : "\n"}${line}\n`), disk);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw diskFault("append to", path, error);
  }
}

function endsWithLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
