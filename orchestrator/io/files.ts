import { randomBytes } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { type Disk, systemDisk, writeWhole } from "./disk.ts";
import { removeDeep } from "./remove-deep.ts";

/** Bytes that are written before others may go on. */
const chunkBytes = 4_194_304;

/** How a file is written. */
export interface WriteOptions {
  /** Default 0600, since anything may turn out to hold what a team keeps to itself. */
  readonly mode?: number;
  /** True: the file survives a power cut when the call resolves. Default false: it survives a killed process. */
  readonly durable?: boolean;
  readonly disk?: Disk;
}

/** Replaces a file in one step: readers see the old content or the new one, never a part. Throws `disk_failed`. */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeNewFile(temporary, data, options);
    (options.disk ?? systemDisk).rename(temporary, path);
    if (options.durable) await syncDirectory(dirname(path), options.disk ?? systemDisk);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw diskFault("write", path, error);
  }
}

/** Writes a file where nothing is yet. Resolves with false where something is, and leaves that as it is. Throws `disk_failed`. */
export async function createFile(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<boolean> {
  try {
    await writeNewFile(path, data, options);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw diskFault("write", path, error);
  }
}

async function writeNewFile(path: string, data: string | Uint8Array, options: WriteOptions): Promise<void> {
  const { mode = 0o600, disk = systemDisk } = options;
  const file = await open(path, "wx", mode);
  try {
    await writeChunks(file, typeof data === "string" ? Buffer.from(data) : data, disk);
    await chmod(path, mode);
    if (options.durable) await disk.sync(file.fd);
  } finally {
    await file.close();
  }
}

async function writeChunks(file: FileHandle, bytes: Uint8Array, disk: Disk): Promise<void> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    if (at > 0) await pause();
    writeWhole(file.fd, bytes.subarray(at, at + chunkBytes), disk);
  }
}

/** Makes the names in a folder durable. A file system that cannot do it for folders is left alone. */
async function syncDirectory(path: string, disk: Disk): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await disk.sync(folder.fd, "all");
  } catch (error) {
    if (!hasCode(error, "EINVAL", "EPERM", "EISDIR")) throw error;
  } finally {
    await folder.close();
  }
}

/** Makes a folder and those above it, mode 0700. Throws `disk_failed`. */
export async function ensureDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch(async (error: unknown) => {
    throw diskFault("make", path, await reasonOf(error));
  });
}

/** On a read-only disk Node says of a recursive call that the folder does not exist; a plain one gives the reason. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!hasCode(error, "ENOENT") || !(error instanceof Error) || !("path" in error)) return error;
  return mkdir(String(error.path), { mode: 0o700 }).then(
    () => error,
    (plain: unknown) => plain,
  );
}

/** The bytes of a regular file, or null where nothing is there. Throws `disk_failed`, also for what is larger than `bytesMax` or no file. */
export async function readFileIfThere(path: string, bytesMax: number): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new Error("not a regular file");
      if (status.size > bytesMax) throw new Error(`${status.size} bytes, more than the ${bytesMax} that are read`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw diskFault("read", path, error);
  }
}

/** The entries of a folder in the order of their names; empty where it does not exist. Throws `disk_failed`. */
export async function listDirectory(path: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw diskFault("list", path, error);
  }
}

/** True where something has this name, a dangling link as well. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** The bytes of a regular file, or null where there is none. */
export async function fileSize(path: string): Promise<number | null> {
  const found = await lstat(path).catch(() => null);
  return found?.isFile() ? found.size : null;
}

/** True for a folder, or a link to one, and where nothing is. */
export async function isFolderOrAbsent(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => hasCode(error, "ENOENT"),
  );
}

/** Removes a file or a whole folder, however deep it is and whoever may enter it; nothing there is fine. Throws `disk_failed`. */
export async function removeTree(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => {
      if (!hasCode(error, "ENAMETOOLONG", "EACCES", "EPERM")) throw error;
      return removeDeep(path);
    });
  } catch (error) {
    throw diskFault("remove", path.toString(), error);
  }
}

/**
 * Makes a folder that its owner may not list, enter or write such that it may. False where there is no need, or no folder; a link is none.
 * Throws `disk_failed`.
 */
export async function openFolder(path: string | Buffer): Promise<boolean> {
  const status = await lstat(path).catch(() => null);
  if (!status?.isDirectory() || (status.mode & 0o700) === 0o700) return false;
  await chmod(path, status.mode | 0o700).catch((error: unknown) => {
    throw diskFault("open", path.toString(), error);
  });
  return true;
}

/** Removes a folder that holds nothing; one that holds something, or is not there, is left alone. Throws `disk_failed`. */
export async function removeEmptyFolder(path: string): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT", "ENOTEMPTY", "EEXIST")) throw diskFault("remove", path, error);
  });
}

/** True for a system error with one of the codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** A `disk_failed` that names the deed and the path. */
export function diskFault(deed: string, path: string, cause: unknown): OrchestratorError {
  return new OrchestratorError("disk_failed", `cannot ${deed} ${path}: ${messageOf(cause)}`, { cause });
}
