import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { compileGlobs } from "../gates/glob.ts";
import { exists, hasCode } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { createBoundedMatch, parsePattern } from "./bounded-match.ts";
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

/** Which lines of a file to read. */
export interface ReadRequest {
  /** 1-based; default 1. */
  readonly offset?: number;
  /** Lines, at most 2000, which is the default. */
  readonly limit?: number;
  /** Puts the line's number and a tab before each line. */
  readonly numbered?: boolean;
}

/** Lines of a file. Bytes that are not UTF-8 show as U+FFFD. */
export interface ReadText {
  readonly path: string;
  readonly text: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly totalLines: number;
  /** True where lines are left, or one was cut at 2000 characters. */
  readonly truncated: boolean;
  readonly sha256: string;
}

const linesMax = 2000;
const lineLengthMax = 2000;
const textLengthMax = 262_144;

/** Lines of a text file inside `root`. Throws `path_refused`, also for a binary file. */
export async function readText(root: string, path: string, request: ReadRequest = {}): Promise<ReadText> {
  const { bytes } = await readInside(root, path);
  if (isBinary(bytes)) throw pathRefused(path, `is binary (${bytes.length} bytes), and only text is read`);
  const lines = bytes.toString("utf8").split("\n");
  const totalLines = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const first = Math.max(1, Math.floor(request.offset ?? 1));
  const count = Math.max(1, Math.min(linesMax, Math.floor(request.limit ?? linesMax)));
  const shown: string[] = [];
  let length = 0;
  let isCut = false;
  for (let line = first; line <= totalLines && shown.length < count && length < textLengthMax; line += 1) {
    const whole = lines[line - 1] ?? "";
    isCut ||= whole.length > lineLengthMax;
    const text = whole.slice(0, lineLengthMax);
    length += text.length + 1;
    shown.push(request.numbered ? `${line}\t${text}` : text);
  }
  const lastLine = first + shown.length - 1;
  const text = shown.map((line) => `${line}\n`).join("");
  return {
    path,
    text,
    firstLine: first,
    lastLine,
    totalLines,
    truncated: isCut || lastLine < totalLines,
    sha256: sha256(bytes),
  };
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

/** What to look for: lines that hold `text`, or lines that match `regex` as JavaScript reads it. */
export type SearchRequest = ({ readonly text: string } | { readonly regex: string }) & {
  readonly ignoreCase?: boolean;
  readonly glob?: string;
  /** Lines to answer, at most 1000; default 200. */
  readonly limit?: number;
};

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

/**
 * Searches text files line by line. A pattern that backtracks without end is refused (`usage`) after a second; the search
 * reads at most 128 MiB.
 */
export async function searchInside(
  root: string,
  paths: readonly string[],
  request: SearchRequest,
): Promise<SearchResult> {
  const limit = boundedLimit(request.limit, 200, 1000);
  const findIn = lineFinder(request);
  const wanted = filterPaths(paths, request.glob);
  const matches: Line[] = [];
  let [length, skipped, start] = [0, 0, 0];
  for (; start < wanted.length && matches.length <= limit && length < searchLengthMax; start += filesAtOnce) {
    const group = wanted.slice(start, start + filesAtOnce);
    const texts = await Promise.all(group.map((path) => readForSearch(root, path)));
    for (const match of findIn(texts.flatMap((text, index) => linesOf(group[index] ?? "", text)))) matches.push(match);
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

function lineFinder(request: SearchRequest): (lines: readonly Line[]) => Line[] {
  if ("text" in request) {
    if (request.text === "") throw new OrchestratorError("usage", "the text to search for is empty");
    const fold = (text: string) => (request.ignoreCase ? text.toLowerCase() : text);
    const wanted = fold(request.text);
    return (lines) => lines.filter(({ text }) => fold(text).includes(wanted));
  }
  const match = createBoundedMatch(parsePattern(request.regex, request.ignoreCase ? "i" : ""));
  return (lines) => match(lines.map(({ text }) => text)).flatMap((index) => lines[index] ?? []);
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
