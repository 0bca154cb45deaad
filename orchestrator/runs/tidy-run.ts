import { join } from "node:path";
import { exists, readFileIfThere, removeTree } from "../io/files.ts";
import type { Actor } from "../schema/primitives.ts";
import type { SetAside } from "../schema/run-event.ts";
import type { RunKey, RunStore } from "../schema/run-store.ts";
import { foldManifest, manifestText } from "./manifest-fold.ts";
import { runDirectory } from "./run-directory.ts";
import { manifestBytesMax, readSoundLog } from "./sound-log.ts";

/**
 * Does for a finished run what its runner died before: writes the manifest and the metrics, lets go of the lease, removes `folders`, and sets
 * aside what a runner wrote that had lost its lease. Needs no model. Resolves with what was set aside, or with null where nothing was left to do.
 * Throws `run_held` where somebody still does that, `run_damaged`, `disk_failed`.
 */
export async function tidyRun(
  runs: Pick<RunStore, "acquire" | "heartbeat">,
  { runsRoot, key, folders, actor }: { runsRoot: string; key: RunKey; folders: readonly string[]; actor: Actor },
): Promise<readonly SetAside[] | null> {
  const { liveness } = await runs.heartbeat(key);
  const isTidy = liveness === "none" && (await isRecordWhole(key, runDirectory(runsRoot, key)));
  if (isTidy && !(await areThere(folders))) return null;
  const lease = await runs.acquire(key, "end what its runner died before", actor);
  try {
    await lease.writeManifest();
    for (const folder of folders) await removeTree(folder);
  } finally {
    await lease.release();
  }
  return lease.events.findLast((event) => event.event === "lease_acquired")?.payload.set_aside ?? [];
}

async function areThere(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) if (await exists(folder)) return true;
  return false;
}

/** True where nothing lies behind the log's end, and the manifest is what the log says. */
async function isRecordWhole(key: RunKey, directory: string): Promise<boolean> {
  const { log, events } = await readSoundLog(key, directory);
  if (log.tails.length > 0 || log.fenced.length > 0) return false;
  const bytes = await readFileIfThere(join(directory, "manifest.json"), manifestBytesMax);
  return bytes?.equals(Buffer.from(manifestText(foldManifest(events)))) ?? false;
}
