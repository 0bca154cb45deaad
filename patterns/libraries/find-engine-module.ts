import { fileURLToPath } from "node:url";
import { exists } from "../../orchestrator/io/files.ts";

/** Where a build puts the public entry of the patterns, seen from this module, from the bundled program and from its chunks. */
const places = ["../index.js", "../patterns/index.js", "../../patterns/index.js"] as const;

/** The module that `codex-orchestrator/patterns` means, or null where this was not built. */
export async function findEngineModule(): Promise<URL | null> {
  for (const place of places) {
    const url = new URL(place, import.meta.url);
    if (await exists(fileURLToPath(url))) return url;
  }
  return null;
}
