import type { Clock } from "../../orchestrator/io/clock.ts";
import type { Disk } from "../../orchestrator/io/disk.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { newId } from "../../orchestrator/io/ids.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PatternJournal } from "../../orchestrator/schema/pattern-journal.ts";
import type { ApplyRequest, CheckResult } from "../../orchestrator/schema/pattern-workbench.ts";
import { type Journal, markJournal, openJournal, pruneJournals, readJournal, removeJournal } from "./change-journal.ts";
import { currentHash, putBack, swapFiles } from "./replace-files.ts";
import type { PlannedFile } from "./scan-folder.ts";

/** A change of files that were read before. */
export interface Change extends Pick<ApplyRequest, "check" | "signal" | "onProgress"> {
  readonly root: string;
  readonly patterns: PatternJournal["patterns"];
  readonly planned: readonly PlannedFile[];
  readonly clock: Clock;
  readonly disk?: Disk | undefined;
}

/** What became of a change. */
export type ChangeOutcome =
  | { readonly outcome: "applied"; readonly journal: string; readonly check: CheckResult | null }
  | { readonly outcome: "refused"; readonly conflicts: readonly string[] }
  | { readonly outcome: "rolled_back"; readonly check: CheckResult; readonly kept: readonly string[] };

/**
 * Makes a change whole or not at all. The caller holds the root's lock. Throws `disk_failed` and `aborted` with every file as it was;
 * where even that failed, the message says how they stand, and `recoverChanges` mends it later.
 */
export async function applyChange(change: Change): Promise<ChangeOutcome> {
  const { root, planned, disk } = change;
  const conflicts = conflictsOf(root, planned);
  if (conflicts.length > 0) return { outcome: "refused", conflicts };
  await pruneJournals(root);
  const journal = await openJournal(
    root,
    recordOf(change),
    planned.map(({ bytes }) => bytes),
    disk,
  );
  let replaced = 0;
  const swap = { root, id: journal.record.id, files: planned.map(replacementOf), disk, signal: change.signal };
  const onProgress = (done: number) => {
    replaced = done;
    change.onProgress?.({ phase: "writing", done, total: planned.length });
  };
  try {
    if ((await swapFiles({ ...swap, onProgress })) !== null) {
      return { outcome: "refused", conflicts: await retreat(change, journal, replaced) };
    }
    const check = await runCheck(change);
    if (check !== null && !check.passed)
      return { outcome: "rolled_back", check, kept: await rollBack(change, journal) };
    await markJournal(journal, "applied", disk);
    return { outcome: "applied", journal: journal.record.id, check };
  } catch (fault) {
    await retreatFrom(fault, change, journal, replaced);
    throw fault;
  }
}

/** The files that do not hold what they held when they were read. */
function conflictsOf(root: string, planned: readonly PlannedFile[]): readonly string[] {
  return planned.filter(({ path, beforeSha256 }) => currentHash(root, path) !== beforeSha256).map(({ path }) => path);
}

function recordOf({ patterns, planned, clock }: Change): PatternJournal {
  const files = planned.map((file) => ({
    path: file.path,
    before_sha256: file.beforeSha256,
    after_sha256: sha256(file.after),
    before_bytes: file.bytes.length,
    mode: file.mode,
    owner: file.owner,
  }));
  return {
    version: 1,
    id: newId(clock),
    created_at: clock.now().toISOString(),
    state: "open",
    patterns: [...patterns],
    files,
  };
}

function replacementOf(file: PlannedFile, index: number) {
  const { path, mode, owner, beforeSha256, after } = file;
  return { index, path, mode, owner, bytes: Buffer.from(after), expectedSha256: beforeSha256 };
}

async function runCheck({ check, root, signal, onProgress, planned }: Change): Promise<CheckResult | null> {
  if (check === undefined) return null;
  onProgress?.({ phase: "checking", done: planned.length, total: planned.length });
  const result = await check(root, signal);
  if (signal?.aborted) throw new OrchestratorError("aborted", "the check was stopped, and the files are put back");
  return result;
}

/** Puts back what was replaced, and lets the journal go. Files that others changed before we reached them stay as they are: their paths. */
async function retreat({ root, disk }: Change, journal: Journal, replaced: number): Promise<readonly string[]> {
  // A record that says "applied" already, though its sync failed, must not outlive what it says.
  if ((await stateOnDisk(journal)) !== "open") await markJournal(journal, "open", disk);
  const { conflicts } = await putBack(root, journal, "leave", disk);
  const ours = new Set(journal.record.files.slice(0, replaced).map(({ path }) => path));
  const spoiled = conflicts.filter((path) => ours.has(path));
  if (spoiled.length > 0) throw unfinishedChange(journal, spoiled);
  await removeJournal(journal);
  return conflicts;
}

async function stateOnDisk({ folder }: Journal): Promise<PatternJournal["state"] | null> {
  return (await readJournal(folder))?.record.state ?? null;
}

/** The same after a fault. Where that fails as well, the fault says how the files stand, and what puts them back. */
async function retreatFrom(fault: unknown, change: Change, journal: Journal, replaced: number): Promise<void> {
  if (isOrchestratorError(fault, "change_unfinished")) return;
  try {
    await retreat(change, journal, replaced);
  } catch (second) {
    const code = isOrchestratorError(fault) ? fault.code : "disk_failed";
    const isApplied = (await stateOnDisk(journal)) === "applied";
    const standing = isApplied
      ? `every file is changed; patterns undo ${journal.record.id} puts them back`
      : `the files could not be put back (${messageOf(second)}): the next patterns apply or undo in ${change.root} does it`;
    throw new OrchestratorError(code, `${messageOf(fault)}; ${standing}`, { cause: fault });
  }
}

/** After a failed check every file is as before; what the check made of a file itself is kept aside. */
async function rollBack({ root, disk }: Change, journal: Journal): Promise<readonly string[]> {
  const { conflicts, kept } = await putBack(root, journal, "keep", disk);
  if (conflicts.length > 0) throw unfinishedChange(journal, conflicts);
  if (kept.length === 0) await removeJournal(journal);
  else await markJournal(journal, "undone", disk);
  return kept;
}

/** A `change_unfinished` that names the files and the journal. */
export function unfinishedChange({ folder }: Journal, paths: readonly string[]): OrchestratorError {
  const named = paths.slice(0, 10).join(", ");
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : "";
  return new OrchestratorError(
    "change_unfinished",
    `a change was cut off in the middle, and these files have been edited since: ${named}${more}; nothing was put back. Give each its content ` +
      `from before or after the change, or finish by hand and remove ${folder}`,
  );
}
