import { join } from "node:path";

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
