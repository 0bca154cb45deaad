import { basename, dirname, join } from "node:path";
import { type Disk, systemDisk } from "../../orchestrator/io/disk.ts";
import {
  createFile,
  ensureDirectory,
  exists,
  listDirectory,
  readFileIfThere,
  removeTree,
  writeFileAtomic,
} from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { createPlainFile, readPlainFile } from "../../orchestrator/io/plain-file.ts";
import { syncFolder } from "../../orchestrator/io/small-file.ts";
import { messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { PatternJournal } from "../../orchestrator/schema/pattern-journal.ts";

const recordBytesMax = 536_870_912;
const beforeBytesMax = 2_147_483_647;
/** Changes that can still be undone; older ones go when a new one is made. */
const journalsMax = 20;
const recordName = "journal.json";
const bytesName = "before.bin";

/** A journal in its folder. */
export interface Journal {
  readonly folder: string;
  readonly record: PatternJournal;
}

/** The folder of a root that holds its journals, and the lock of who changes it. */
export function journalsFolder(root: string): string {
  return join(root, ".patterns", "journals");
}

/** Makes the folder of the journals, which git leaves alone. Throws `disk_failed`, and `path_refused` where a link stands in its place. */
export async function ensureJournals(root: string): Promise<string> {
  const folder = journalsFolder(root);
  await ensureDirectory(folder);
  for (const place of [dirname(folder), folder]) await refuseLink(place);
  await createFile(join(dirname(folder), ".gitignore"), "*\n", { mode: 0o644 });
  return folder;
}

async function refuseLink(place: string): Promise<void> {
  const entry = (await listDirectory(dirname(place))).find(({ name }) => name === basename(place));
  if (entry?.isDirectory()) return;
  throw new OrchestratorError("path_refused", `${place} is no folder, so no journal can be kept there; move it away`);
}

/** Writes the record of a change that is about to be made, with the bytes that it will replace, and syncs both. Throws `disk_failed`. */
export async function openJournal(
  root: string,
  record: PatternJournal,
  before: readonly Uint8Array[],
  disk: Disk = systemDisk,
): Promise<Journal> {
  const journals = journalsFolder(root);
  const folder = join(journals, record.id);
  try {
    await ensureDirectory(folder);
    await createPlainFile(join(folder, bytesName), { bytes: Buffer.concat(before), mode: 0o600 }, disk);
    await writeRecord(folder, record, disk);
    for (const place of [journals, dirname(journals), root]) await syncFolder(place, disk);
    return { folder, record };
  } catch (error) {
    // Nothing was changed yet, so there is nothing to put back.
    await removeTree(folder).catch(() => {});
    throw error;
  }
}

/** The journal in another state, synced. Throws `disk_failed`. */
export async function markJournal(
  { folder, record }: Journal,
  state: PatternJournal["state"],
  disk: Disk = systemDisk,
): Promise<Journal> {
  const marked = { folder, record: { ...record, state } };
  await writeRecord(folder, marked.record, disk);
  return marked;
}

function writeRecord(folder: string, record: PatternJournal, disk: Disk): Promise<void> {
  return writeFileAtomic(join(folder, recordName), `${JSON.stringify(record)}\n`, { durable: true, disk });
}

/** Removes a journal; its record goes first, so that what is left of it stands for nothing. Throws `disk_failed`. */
export async function removeJournal({ folder }: Journal): Promise<void> {
  await removeTree(join(folder, recordName));
  await removeTree(folder);
}

/** Removes the bytes of a journal that is done with. Throws `disk_failed`. */
export async function dropBytes({ folder }: Journal): Promise<void> {
  await removeTree(join(folder, bytesName));
}

/**
 * The journals of a root, oldest first. What a process left that died before its record was whole is none. Throws `journal_damaged` for a
 * record that cannot be read.
 */
export async function listJournals(root: string): Promise<readonly Journal[]> {
  const journals: Journal[] = [];
  for (const entry of await listDirectory(journalsFolder(root))) {
    if (!entry.isDirectory()) continue;
    const journal = await readJournal(join(journalsFolder(root), entry.name));
    if (journal !== null) journals.push(journal);
  }
  return journals;
}

/** The journal in a folder, or null where there is none. Throws `journal_damaged`. */
export async function readJournal(folder: string): Promise<Journal | null> {
  const bytes = await readFileIfThere(join(folder, recordName), recordBytesMax);
  if (bytes === null) return null;
  try {
    const record = PatternJournal.parse(JSON.parse(bytes.toString("utf8")));
    if (record.id !== basename(folder)) throw new Error(`it is the record of ${record.id}`);
    return { folder, record };
  } catch (error) {
    throw damaged(folder, `its record cannot be read: ${messageOf(error)}`, error);
  }
}

/** The bytes before the change, of each file in the order of the record. Throws `journal_damaged` where one is not what the record says. */
export function readBefore({ folder, record }: Journal): readonly Buffer[] {
  const file = readPlainFile(join(folder, bytesName), beforeBytesMax);
  if (typeof file === "string") throw damaged(folder, `its ${bytesName} is ${file}`);
  let at = 0;
  return record.files.map(({ path, before_bytes: length, before_sha256: hash }) => {
    const bytes = file.bytes.subarray(at, at + length);
    at += length;
    if (sha256(bytes) !== hash) throw damaged(folder, `it does not hold the bytes of ${path}`);
    return bytes;
  });
}

/** Removes the oldest journals that nothing depends on, and what dead processes left of theirs. The caller holds the lock. Throws `disk_failed`. */
export async function pruneJournals(root: string): Promise<void> {
  const journals = await listJournals(root);
  const known = new Set(journals.map(({ folder }) => folder));
  for (const entry of await listDirectory(journalsFolder(root))) {
    const folder = join(journalsFolder(root), entry.name);
    if (entry.isDirectory() && !known.has(folder) && !(await exists(join(folder, "kept")))) await removeTree(folder);
  }
  const done = journals.filter(({ record }) => record.state !== "open");
  for (const journal of done.slice(0, Math.max(0, done.length - journalsMax))) await removeJournal(journal);
}

function damaged(folder: string, why: string, cause?: unknown): OrchestratorError {
  return new OrchestratorError(
    "journal_damaged",
    `the journal ${folder} is damaged: ${why}; look at what it names, put that right by hand, then remove the folder`,
    { cause },
  );
}
