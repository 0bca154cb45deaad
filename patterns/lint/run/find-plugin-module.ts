import { fileURLToPath } from "node:url";
import { exists } from "../../../orchestrator/io/files.ts";

/** Where a build puts the plugin: above this module, beside the bundled program and its chunks; and there, seen from the sources. */
const places = [
  "../index.js",
  "../eslint-plugin.mjs",
  "./eslint-plugin.mjs",
  "../../../dist/bin/eslint-plugin.mjs",
] as const;

/** The plugin as a file that a linter can load, or null where this was not built. */
export async function findPluginModule(): Promise<string | null> {
  for (const place of places) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (await exists(path)) return path;
  }
  return null;
}
