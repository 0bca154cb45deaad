import { fileURLToPath } from "node:url";
import { exists } from "../../orchestrator/io/files.ts";

/** Where a build puts the module that threads run: beside this one, or beside the bundled program and its chunks. */
const places = ["./worker.js", "../pattern-worker.mjs", "./pattern-worker.mjs"] as const;

/** The module that threads run, or null where this was not built. */
export async function findWorkerModule(): Promise<URL | null> {
  for (const place of places) {
    const url = new URL(place, import.meta.url);
    if (await exists(fileURLToPath(url))) return url;
  }
  return null;
}
