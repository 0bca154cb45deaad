import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { compileGlobs } from "../gates/glob.ts";
import { exists, hasCode } from "../io/files.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { pathRefused, resolveInside } from "./resolve-inside.ts";

/** The largest file that is read or edited. */
export const fileBytesMax = 16_777_216;

/** A file as it lies on the disk. */
export interface FoundFile {
  readonly bytes: Buffer;
  readonly mode: number;
}

/** Reads a regular file inside `root`. Throws `path_refused`, also for more than 16 MiB. */
export async function readInside(root: string, path: string): Promise<FoundFile> {
  return readResolved(await resolveInside(root, path, "read"), path);
}

/** Reads a file whose place was resolved; a link that was put there since is not followed. */
export async function readResolved(place: string, path: string, bytesMax = fileBytesMax): Promise<FoundFile> {
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw hasCode(error, "ENOENT")
        ? pathRefused(path, "does not exist", error)
        : pathRefused(path, `cannot be opened: ${messageOf(error)}`, error);
    },
  );
  try {
    const status = await file.stat();
    if (!status.isFile()) throw pathRefused(path, "is no regular file");
    if (status.size > bytesMax)
      throw pathRefused(path, `has ${status.size} bytes, more than the ${bytesMax} that are read`);
    return { bytes: await file.readFile(), mode: status.mode & 0o777 };
  } finally {
    await file.close();
  }
}

/** True for bytes that are no text: a NUL in the first 8000, as git decides it. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 8000).includes(0);
}

/** Which files to name. */
export interface ListRequest {
  /** `*` matches names that begin with a dot as well. Default: every file. */
  readonly glob?: string;
  /** At most 100,000; default 1000. */
  readonly limit?: number;
}

/** Paths that a glob matches, in the order given. Throws `document_invalid` for a glob that cannot be read. */
function filterPaths(paths: readonly string[], glob: string | undefined): string[] {
  if (glob === undefined) return [...paths];
  return paths.filter(compileGlobs([glob.replace(/^\.\//, "")]));
}

/** The files of a workspace that a glob matches, those that were deleted left out. */
export async function listInside(
  root: string,
  paths: readonly string[],
  request: ListRequest,
): Promise<{ paths: string[]; truncated: boolean }> {
  const limit = boundedLimit(request.limit, 1000, 100_000);
  const found: string[] = [];
  for (const path of filterPaths(paths, request.glob)) {
    if (found.length > limit) break;
    if (await exists(`${root}/${path}`)) found.push(path);
  }
  return { paths: found.slice(0, limit), truncated: found.length > limit };
}

function boundedLimit(limit: number | undefined, usual: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(limit ?? usual)));
}

/** What to look for: lines that hold `text`. */
export interface SearchRequest {
  readonly text: string;
  readonly glob?: string;
  /** Lines to answer, at most 1000; default 200. */
  readonly limit?: number;
}

/** Lines that were found, each cut at 300 characters. */
export interface SearchResult {
  readonly matches: readonly { readonly path: string; readonly line: number; readonly text: string }[];
  /** True where there are more matches, or more text than is searched. */
  readonly truncated: boolean;
  /** Files left out: binary, larger than 1 MiB, or a link. */
  readonly skipped: number;
}

const searchFileBytesMax = 1_048_576;
const filesAtOnce = 16;
const searchLengthMax = 134_217_728;

/** Searches text files line by line, at most 128 MiB of them. Throws `usage` for an empty text. */
export async function searchInside(
  root: string,
  paths: readonly string[],
  request: SearchRequest,
): Promise<SearchResult> {
  const limit = boundedLimit(request.limit, 200, 1000);
  if (request.text === "") throw new OrchestratorError("usage", "the text to search for is empty");
  const wanted = filterPaths(paths, request.glob);
  const matches: Line[] = [];
  let [length, skipped, start] = [0, 0, 0];
  for (; start < wanted.length && matches.length <= limit && length < searchLengthMax; start += filesAtOnce) {
    const group = wanted.slice(start, start + filesAtOnce);
    const texts = await Promise.all(group.map((path) => readForSearch(root, path)));
    const lines = texts.flatMap((text, index) => linesOf(group[index] ?? "", text));
    for (const line of lines) if (line.text.includes(request.text)) matches.push(line);
    skipped += texts.filter((text) => text === null).length;
    length += texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  }
  const truncated = matches.length > limit || start < wanted.length;
  return { matches: matches.slice(0, limit).map(cutLine), truncated, skipped };
}

function linesOf(path: string, text: string | null): Line[] {
  return text === null ? [] : text.split("\n").map((line, index) => ({ path, line: index + 1, text: line }));
}

interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

function cutLine(match: Line): Line {
  return { ...match, text: match.text.replace(/\r$/, "").slice(0, 300) };
}

async function readForSearch(root: string, path: string): Promise<string | null> {
  try {
    const { bytes } = await readResolved(await resolveInside(root, path, "write"), path, searchFileBytesMax);
    return isBinary(bytes) ? null : bytes.toString("utf8");
  } catch (error) {
    if (error instanceof OrchestratorError && error.code === "path_refused") return null;
    throw error;
  }
}
