import { join } from "node:path";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../io/files.ts";

/** Says whose a work folder is. */
const ownerFileName = "repository";
const ownerBytesMax = 1_048_576;

/** Where the private clones of runs lie in a cache folder, each in a folder named by its run. */
export function clonesIn(cacheDir: string): string {
  return join(cacheDir, "runs");
}

/** Where pipelines keep what they need for a while, each in a folder named by its run. */
export function pipelinesIn(cacheDir: string): string {
  return join(cacheDir, "pipelines");
}

/** Every folder that a run may have outside of `.runs` while it is not over. */
export function workFolders(cacheDir: string, runId: string): readonly string[] {
  return [clonesIn(cacheDir), pipelinesIn(cacheDir)].map((parent) => join(parent, runId));
}

/** Makes a run's work folder and writes into it for which repository it is, so that `isWorkFolderOf` can tell. Throws `disk_failed`. */
export async function claimWorkFolder(folder: string, repository: string): Promise<void> {
  await ensureDirectory(folder);
  await writeFileAtomic(join(folder, ownerFileName), repository);
}

/** False also for a folder that does not say whose it is. Throws `disk_failed`. */
export async function isWorkFolderOf(folder: string, repository: string): Promise<boolean> {
  const bytes = await readFileIfThere(join(folder, ownerFileName), ownerBytesMax);
  return bytes?.toString("utf8") === repository;
}
