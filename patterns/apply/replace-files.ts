import { basename, dirname, join } from "node:path";
import { type Disk, systemDisk } from "../../orchestrator/io/disk.ts";
import { diskFault, ensureDirectory, removeTree } from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import {
  createPlainFile,
  isInPlace,
  type NewFile,
  type PlainFile,
  readPlainFile,
} from "../../orchestrator/io/plain-file.ts";
import { syncFolder } from "../../orchestrator/io/small-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { JournalFile } from "../../orchestrator/schema/pattern-journal.ts";
import { type Journal, readBefore } from "./change-journal.ts";

const fileBytesMax = 268_435_456;
/** Files whose bytes may be on their way to the disk at once. */
const syncsAtOnce = 16;

/** A file that is to hold other bytes. */
export interface Replacement extends NewFile {
  /** Its place in the journal, which names its temporary file. */
  readonly index: number;
  readonly path: string;
  /** Of what it must hold until then; null where it must not be there. */
  readonly expectedSha256: string | null;
}

/** Where files are replaced, and how. */
export interface Swap {
  readonly root: string;
  readonly id: string;
  readonly files: readonly Replacement[];
  readonly disk?: Disk | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Writes and syncs all new files beside the old ones, then puts one after the other in its place. Stops at the first file that does not
 * hold what was expected, and gives its path; null where all were replaced. Throws `disk_failed` and `aborted`. In both cases some may
 * be replaced, and temporary files be left: `putBack` mends that.
 */
export async function swapFiles({
  root,
  id,
  files,
  disk = systemDisk,
  signal,
  onProgress,
}: Swap): Promise<string | null> {
  const outside = files.find(({ path }) => !isInPlace(root, path));
  if (outside !== undefined) return outside.path;
  for (let at = 0; at < files.length; at += syncsAtOnce) {
    if (signal?.aborted) throw new OrchestratorError("aborted", "no file was replaced");
    await Promise.all(
      files.slice(at, at + syncsAtOnce).map((file) => createPlainFile(temporaryOf(root, id, file), file, disk)),
    );
  }
  for (const [done, file] of files.entries()) {
    if (signal?.aborted) throw new OrchestratorError("aborted", "the files are put back");
    if (currentHash(root, file.path) !== file.expectedSha256) return file.path;
    rename(temporaryOf(root, id, file), join(root, file.path), disk);
    onProgress?.(done + 1);
  }
  for (const folder of new Set(files.map(({ path }) => dirname(join(root, path))))) await syncFolder(folder, disk);
  return null;
}

function rename(from: string, to: string, disk: Disk): void {
  try {
    disk.rename(from, to);
  } catch (error) {
    throw diskFault("replace", to, error);
  }
}

function temporaryOf(root: string, id: string, { path, index }: Pick<Replacement, "path" | "index">): string {
  return join(root, dirname(path), `.${id}.${index}.tmp`);
}

/** The sha256 of what a path holds now; null for nothing, a link, or what cannot be read, also where a link stands on the way to it. */
export function currentHash(root: string, path: string): string | null {
  const file = readNow(root, path);
  return file === null ? null : sha256(file.bytes);
}

function readNow(root: string, path: string): PlainFile | null {
  if (!isInPlace(root, path)) return null;
  const file = readPlainFile(join(root, path), fileBytesMax);
  return typeof file === "string" ? null : file;
}

/**
 * What happens where files hold neither what the change began with nor what it made: nothing is put back at all, or only the others are,
 * or all are, after a copy was kept.
 */
export type OthersPolicy = "refuse" | "leave" | "keep";

/** What was put back. */
export interface PutBack {
  readonly restored: readonly string[];
  /** With `refuse` and `leave`: the files that hold something else. */
  readonly conflicts: readonly string[];
  /** With `keep`: copies of what stood in their place. */
  readonly kept: readonly string[];
}

/**
 * Gives every file of a journal the bytes from before the change, and removes what the change left beside them. Safe to repeat. Throws
 * `disk_failed`, and `journal_damaged` before anything is touched.
 */
export async function putBack(
  root: string,
  journal: Journal,
  others: OthersPolicy,
  disk: Disk = systemDisk,
): Promise<PutBack> {
  const before = readBefore(journal);
  const states = journal.record.files.map((file, index) =>
    stateOf(root, file, index, before[index] ?? Buffer.alloc(0)),
  );
  await removeTemporaries(root, journal);
  const foreign = states.filter(({ kind }) => kind === "other");
  if (others === "refuse" && foreign.length > 0) {
    return { restored: [], conflicts: foreign.map(({ file }) => file.path), kept: [] };
  }
  const due = states.filter(({ kind }) => kind === "after" || (kind === "other" && others === "keep"));
  const kept = others === "keep" ? await keepAside(journal, foreign, disk) : [];
  for (const { file } of due) await ensureDirectory(dirname(join(root, file.path)));
  const files = due.map(replacementOf);
  const changed = await swapFiles({ root, id: journal.record.id, files, disk });
  if (changed !== null) return { restored: [], conflicts: [changed], kept };
  const conflicts = others === "keep" ? [] : foreign.map(({ file }) => file.path);
  return { restored: due.map(({ file }) => file.path), conflicts, kept };
}

async function removeTemporaries(root: string, { record }: Journal): Promise<void> {
  for (const [index, { path }] of record.files.entries()) {
    if (isInPlace(root, path)) await removeTree(temporaryOf(root, record.id, { path, index }));
  }
}

interface FileState {
  readonly file: JournalFile;
  readonly index: number;
  readonly before: Uint8Array;
  readonly kind: "before" | "after" | "other";
  readonly now: PlainFile | null;
}

function stateOf(root: string, file: JournalFile, index: number, before: Uint8Array): FileState {
  const now = readNow(root, file.path);
  const hash = now === null ? null : sha256(now.bytes);
  const kind = hash === file.before_sha256 ? "before" : hash === file.after_sha256 ? "after" : "other";
  return { file, index, before, kind, now };
}

/** With the mode and owner that the file has now, since those were not changed by us. */
function replacementOf({ file, index, before, now }: FileState): Replacement {
  return {
    index,
    path: file.path,
    bytes: before,
    expectedSha256: now === null ? null : sha256(now.bytes),
    mode: now?.mode ?? file.mode,
    owner: now?.owner ?? file.owner,
  };
}

async function keepAside({ folder }: Journal, states: readonly FileState[], disk: Disk): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const { file, index, now } of states) {
    if (now === null) continue;
    await ensureDirectory(join(folder, "kept"));
    const place = join(folder, "kept", `${index}-${basename(file.path)}`);
    await removeTree(place);
    await createPlainFile(place, { bytes: now.bytes, mode: 0o600 }, disk);
    kept.push(place);
  }
  return kept;
}
