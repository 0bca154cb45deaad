import { join } from "node:path";
import { z } from "zod";
import { exists, readFileIfThere, removeTree } from "../io/files.ts";
import type { Actor } from "../schema/primitives.ts";
import type { RunKey, RunStore } from "../schema/run-store.ts";
import { runDirectory } from "./run-directory.ts";
import { manifestBytesMax } from "./sound-log.ts";

const Ending = z.object({ finished_at: z.string() });

/**
 * Does for a finished run what its runner died before: writes the manifest and the metrics, lets go of the lease, removes `folders`.
 * Needs no model. Resolves with false where nothing was left to do. Throws `run_held` where somebody still does that, `run_damaged`, `disk_failed`.
 */
export async function tidyRun(
  runs: Pick<RunStore, "acquire" | "heartbeat">,
  { runsRoot, key, folders, actor }: { runsRoot: string; key: RunKey; folders: readonly string[]; actor: Actor },
): Promise<boolean> {
  const { liveness } = await runs.heartbeat(key);
  const isTidy = liveness === "none" && (await isManifestFinal(runDirectory(runsRoot, key)));
  if (isTidy && !(await areThere(folders))) return false;
  const lease = await runs.acquire(key, "end what its runner died before", actor);
  try {
    await lease.writeManifest();
    for (const folder of folders) await removeTree(folder);
  } finally {
    await lease.release();
  }
  return true;
}

async function areThere(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) if (await exists(folder)) return true;
  return false;
}

async function isManifestFinal(directory: string): Promise<boolean> {
  const bytes = await readFileIfThere(join(directory, "manifest.json"), manifestBytesMax);
  if (bytes === null) return false;
  try {
    return Ending.safeParse(JSON.parse(bytes.toString("utf8"))).success;
  } catch {
    return false;
  }
}
