import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { exists, readFileIfThere } from "../../io/files.ts";
import { documentBytesMax } from "../document-bytes-max.ts";

/** A commit that git is about to make of a working copy. */
export interface CommitUnderWay {
  /** The commits that it merges with the head. */
  readonly merged: readonly string[];
  /** The index that it is made of, where that is not the usual one. */
  readonly indexFile: string | null;
}

/**
 * Says what commit is under way: a merge that is open, or the one of which git tells a hook by naming its index. Null where there is
 * none; an index that belongs to another repository tells of none here. Throws `disk_failed`.
 */
export async function findCommitUnderWay(
  folders: { readonly directory: string; readonly gitFolder: string },
  indexFile: string | undefined,
): Promise<CommitUnderWay | null> {
  const gitFolder = await realpath(folders.gitFolder);
  const merged = await readMergeHeads(gitFolder);
  const named = indexFile ? resolve(folders.directory, indexFile) : null;
  const real = named !== null && (await exists(named)) ? await realpath(named) : null;
  const isOurs = real !== null && !(await isForeign(real, gitFolder));
  if (merged.length === 0 && !isOurs) return null;
  return { merged, indexFile: isOurs && real !== join(gitFolder, "index") ? real : null };
}

async function readMergeHeads(gitFolder: string): Promise<string[]> {
  const bytes = await readFileIfThere(join(gitFolder, "MERGE_HEAD"), documentBytesMax);
  const lines = bytes?.toString("utf8").split("\n") ?? [];
  return lines.filter((line) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line));
}

/** True for an index that lies in the folder of another repository. */
async function isForeign(index: string, gitFolder: string): Promise<boolean> {
  const folder = dirname(index);
  return folder !== gitFolder && (await exists(join(folder, "HEAD")));
}
