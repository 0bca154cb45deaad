import { join } from "node:path";
import { type Disk, systemDisk } from "../../orchestrator/io/disk.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { UndoReport } from "../../orchestrator/schema/pattern-workbench.ts";
import { unfinishedChange } from "./apply-change.ts";
import { dropBytes, type Journal, journalsFolder, listJournals, markJournal, removeJournal } from "./change-journal.ts";
import { currentHash, putBack } from "./replace-files.ts";

/** A change that a process left half done, and the files that were put back. */
export interface RecoveredChange {
  readonly id: string;
  readonly restored: readonly string[];
}

/**
 * Puts back what processes that died left half done, the latest first. The caller holds the root's lock, so every open journal is theirs.
 * Throws `change_unfinished` where files were edited since, `journal_damaged` and `disk_failed`.
 */
export async function recoverChanges(root: string, disk: Disk = systemDisk): Promise<readonly RecoveredChange[]> {
  const recovered: RecoveredChange[] = [];
  const open = (await listJournals(root)).filter(({ record }) => record.state === "open").reverse();
  for (const journal of open) {
    const { conflicts, restored } = await putBack(root, journal, "refuse", disk);
    if (conflicts.length > 0) throw unfinishedChange(journal, conflicts);
    await removeJournal(journal);
    recovered.push({ id: journal.record.id, restored });
  }
  return recovered;
}

/** The ids of changes that were cut off and not put back yet. Throws `journal_damaged` and `disk_failed`. */
export async function unfinishedChanges(root: string): Promise<readonly string[]> {
  return (await listJournals(root)).filter(({ record }) => record.state === "open").map(({ record }) => record.id);
}

/** Finds a journal by its id, the beginning of one, `latest` or the path of its folder. Throws `journal_not_found`. */
export async function findJournal(root: string, named: string): Promise<Journal> {
  const journals = await listJournals(root);
  const applied = journals.filter(({ record }) => record.state === "applied");
  const found =
    named === "latest"
      ? applied.slice(-1)
      : journals.filter(({ folder, record }) => record.id.startsWith(named) || folder === join(named));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = applied.map(({ record }) => record.id).join(", ") || "none";
  const problem =
    found.length > 1
      ? `${found.length} journals begin with ${named}`
      : `there is no journal ${named} in ${journalsFolder(root)}`;
  throw new OrchestratorError("journal_not_found", `${problem}; those that can be undone: ${known}`);
}

/**
 * Puts every file of an applied change back, or none where one was changed since. The caller holds the root's lock. Throws `disk_failed`;
 * what is cut off there, the next verb completes.
 */
export async function undoChange(root: string, journal: Journal, disk: Disk = systemDisk): Promise<UndoReport> {
  const report = { root, journal: journal.record.id, restored: [], conflicts: [] };
  if (journal.record.state === "undone") return { ...report, outcome: "already_undone" };
  const conflicts = journal.record.files.filter(({ path, after_sha256 }) => currentHash(root, path) !== after_sha256);
  if (conflicts.length > 0) return { ...report, outcome: "refused", conflicts: conflicts.map(({ path }) => path) };
  const open = await markJournal(journal, "open", disk);
  const { restored, conflicts: changed } = await putBack(root, open, "refuse", disk);
  if (changed.length > 0) throw unfinishedChange(open, changed);
  await dropBytes(await markJournal(open, "undone", disk));
  return { ...report, outcome: "undone", restored };
}
