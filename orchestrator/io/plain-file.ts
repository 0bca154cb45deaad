import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Disk, systemDisk, writeWhole } from "./disk.ts";
import { diskFault, hasCode } from "./files.ts";

/** Whose a file is. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** A regular file as it stood when it was read. */
export interface PlainFile {
  readonly bytes: Buffer;
  /** The permission bits. */
  readonly mode: number;
  readonly owner: FileOwner;
  /** How many names it has. */
  readonly links: number;
}

/**
 * Reads a regular file at once, without following a link in its last name. In words why it cannot be read: it is gone, a link, no file,
 * too large, closed to this user. For a program that has nothing else to do meanwhile.
 */
export function readPlainFile(path: string, bytesMax: number): PlainFile | string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const { mode, uid, gid, nlink, size } = fstatSync(fd);
      if ((mode & constants.S_IFMT) !== constants.S_IFREG) return "not a regular file";
      if (size > bytesMax) return `too large: ${size} bytes, more than ${bytesMax}`;
      const bytes = Buffer.allocUnsafe(size);
      const read = readSync(fd, bytes, 0, size, 0);
      return { bytes: bytes.subarray(0, read), mode: mode & 0o7777, owner: { uid, gid }, links: nlink };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return "not there any more";
    if (hasCode(error, "ELOOP", "EMLINK")) return "a symbolic link";
    if (hasCode(error, "EACCES", "EPERM")) return "may not be read";
    if (hasCode(error, "ENXIO", "ENODEV")) return "not a regular file";
    throw diskFault("read", path, error);
  }
}

/** What a new file gets; without an owner, this user's. */
export interface NewFile {
  readonly bytes: Uint8Array;
  /** The permission bits. */
  readonly mode: number;
  readonly owner?: FileOwner;
}

/** Writes a file where nothing is yet, and syncs it. Throws `disk_failed`, also where it may not be given to its owner. */
export async function createPlainFile(path: string, file: NewFile, disk: Disk = systemDisk): Promise<void> {
  try {
    const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeWhole(fd, file.bytes, disk);
      giveTo(fd, file.owner);
      fchmodSync(fd, file.mode);
      await disk.sync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw diskFault("write", path, error);
  }
}

function giveTo(fd: number, owner: FileOwner | undefined): void {
  const made = fstatSync(fd);
  if (owner !== undefined && (made.uid !== owner.uid || made.gid !== owner.gid)) fchownSync(fd, owner.uid, owner.gid);
}

/** True where no name on the way from a real folder to a file below it is a link. */
export function isInPlace(root: string, path: string): boolean {
  try {
    return realpathSync(dirname(join(root, path))) === dirname(join(root, path));
  } catch {
    return false;
  }
}

/** The path of a folder without links in it, or null where there is no folder. */
export function realFolder(path: string): string | null {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? real : null;
  } catch {
    return null;
  }
}
