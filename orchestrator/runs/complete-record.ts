import { join } from "node:path";
import { z } from "zod";
import { readFileIfThere } from "../io/files.ts";
import type { Actor } from "../schema/primitives.ts";
import type { RunKey, RunStore } from "../schema/run-store.ts";
import { runDirectory } from "./run-directory.ts";
import { manifestBytesMax } from "./sound-log.ts";

const Ending = z.object({ finished_at: z.string() });

/**
 * Writes the manifest and the metrics of a finished run whose runner died between its last event and them. Resolves with false where nothing was
 * missing. Throws `run_held` where somebody still does that, `run_damaged`, `disk_failed`.
 */
export async function completeRecord(
  runs: Pick<RunStore, "acquire">,
  runsRoot: string,
  key: RunKey,
  actor: Actor,
): Promise<boolean> {
  if (await isManifestFinal(runDirectory(runsRoot, key))) return false;
  const lease = await runs.acquire(key, "write what its runner died before", actor);
  try {
    await lease.writeManifest();
  } finally {
    await lease.release();
  }
  return true;
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
