import { randomBytes } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { removeDeep } from "./remove-deep.ts";

/** How a file is written. */
export interface WriteOptions {
  /** Default 0600, since anything may turn out to hold what a team keeps to itself. */
  readonly mode?: number;
  /** True: the file survives a power cut when the call resolves. Default false: it survives a killed process. */
  readonly durable?: boolean;
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
    await rename(temporary, path);
    if (options.durable) await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw diskFault("write", path, error);
  }
}

async function writeNewFile(path: string, data: string | Uint8Array, options: WriteOptions): Promise<void> {
  const mode = options.mode ?? 0o600;
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(data);
    await chmod(path, mode);
    if (options.durable) await file.datasync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. A file system that cannot do it for folders is left alone. */
async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } catch (error) {
    if (!hasCode(error, "EINVAL", "EPERM", "EISDIR")) throw error;
  } finally {
    await folder.close();
  }
}

/** Makes a folder and those above it, mode 0700. Throws `disk_failed`. */
export async function ensureDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw diskFault("make", path, error);
  });
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

/** True for a system error with one of the codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** A `disk_failed` that names the deed and the path. */
export function diskFault(deed: string, path: string, cause: unknown): OrchestratorError {
  return new OrchestratorError("disk_failed", `cannot ${deed} ${path}: ${messageOf(cause)}`, { cause });
}
