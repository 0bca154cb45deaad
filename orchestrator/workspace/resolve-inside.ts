import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep, win32 } from "node:path";
import { hasCode } from "../io/files.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";

/** What a path is wanted for. `write` is stricter: no part of it may be a symbolic link. */
export type PathPurpose = "read" | "write";

/**
 * The absolute path of a file in `root`, with links resolved. Throws `path_refused`, saying why, for a path that leads outside
 * or into git's or the runs' own folders in any spelling, and for what is no regular file; for `read` also where there is none.
 * It holds for the moment of the call: callers open with `O_NOFOLLOW`, and no command runs in the workspace meanwhile.
 */
export async function resolveInside(root: string, path: string, purpose: PathPurpose): Promise<string> {
  const names = splitPath(path);
  const realRoot = await realpath(root);
  return purpose === "read" ? resolveForReading(realRoot, names, path) : resolveForWriting(realRoot, names, path);
}

/** Throws `path_refused` for a folder that leads out of `root`, or into git's or the runs' own folders; one that is not there passes. */
export async function refuseFolderOutside(root: string, path: string): Promise<void> {
  const names = path === "." ? [] : splitPath(path);
  const realRoot = await realpath(root);
  const real = await realpath(join(realRoot, ...names)).catch((error: unknown) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return realRoot;
    throw unreachable(path, error);
  });
  const way = relative(realRoot, real).split(sep);
  if (way[0] === ".." || way.some(isReserved))
    throw pathRefused(path, "leads outside the repository through a symbolic link");
}

/** The path without `.` and empty parts, with `/`. Throws `path_refused` for what can be told from the text alone. */
export function normalizePath(path: string): string {
  return splitPath(path).join("/");
}

/** A `path_refused` about one path. */
export function pathRefused(path: string, why: string, cause?: unknown): OrchestratorError {
  return new OrchestratorError("path_refused", `${JSON.stringify(path.slice(0, 300))} ${why}`, { cause });
}

function splitPath(path: string): string[] {
  if (path.length > 4096) throw pathRefused(path, "is longer than 4096 characters");
  if (/\p{Surrogate}|\0/u.test(path)) throw pathRefused(path, "holds a character that no file name can hold");
  if (isAbsolute(path) || win32.isAbsolute(path))
    throw pathRefused(path, "is absolute; name it relative to the repository's root");
  if (path.split(/[\\/]/).some(leadsUp))
    throw pathRefused(path, 'holds ".."; name it relative to the repository\'s root');
  const reserved = path.split(/[\\/]/).find(isReserved);
  if (reserved !== undefined)
    throw pathRefused(path, `leads into ${reserved}, which is not part of the files that can be worked on`);
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.length === 0) throw pathRefused(path, "names no file");
  return names;
}

/** As any file system would read the name: case, width, invisible characters, and what Windows leaves out at the end. */
function plainName(name: string): string {
  return name
    .normalize("NFKC")
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase();
}

function leadsUp(name: string): boolean {
  return /^\.{2,}[. ]*$/.test(plainName(name));
}

function isReserved(name: string): boolean {
  const plain =
    plainName(name)
      .split(":")[0]
      ?.replace(/[. ]{1,4096}$/, "") ?? "";
  return plain === ".git" || plain === ".runs" || /^(?:git|runs)~\d+$/.test(plain);
}

async function resolveForReading(root: string, names: readonly string[], path: string): Promise<string> {
  const real = await realpath(join(root, ...names)).catch((error: unknown) => {
    throw hasCode(error, "ENOENT", "ENOTDIR") ? pathRefused(path, "does not exist", error) : unreachable(path, error);
  });
  const way = relative(root, real);
  const realNames = way.split(sep);
  if (way === "" || isAbsolute(way) || realNames[0] === "..")
    throw pathRefused(path, "leads outside the repository through a symbolic link");
  if (realNames.some(isReserved)) throw pathRefused(path, "leads into a reserved folder through a symbolic link");
  assertFile(await lstat(real), path);
  return real;
}

async function resolveForWriting(root: string, names: readonly string[], path: string): Promise<string> {
  const target = join(root, ...names);
  for (let count = 1; count <= names.length; count += 1) {
    const status = await statusOf(join(root, ...names.slice(0, count)), path);
    if (status === null) return target;
    if (status.isSymbolicLink())
      throw pathRefused(path, `goes through the symbolic link ${names.slice(0, count).join("/")}; name its target`);
    if (count === names.length) assertFile(status, path);
    else if (!status.isDirectory())
      throw pathRefused(path, `goes through ${names.slice(0, count).join("/")}, which is no folder`);
  }
  return target;
}

async function statusOf(place: string, path: string): Promise<Stats | null> {
  return lstat(place).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw unreachable(path, error);
  });
}

function assertFile(status: Stats, path: string): void {
  if (status.isFile()) return;
  throw pathRefused(path, status.isDirectory() ? "is a folder, not a file" : "is no regular file");
}

function unreachable(path: string, error: unknown): OrchestratorError {
  return pathRefused(path, `cannot be reached: ${messageOf(error)}`, error);
}
