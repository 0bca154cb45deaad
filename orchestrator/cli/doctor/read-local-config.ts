import { join } from "node:path";
import { configFileName, parseConfigFile } from "../../evidence/config-at-commit.ts";
import { readFileIfThere } from "../../io/files.ts";
import type { ConfigFile } from "../../schema/config.ts";

const configBytesMax = 1_048_576;

/** The configuration as it lies in the working copy; the defaults where there is none. Throws `config_invalid` and `disk_failed`. */
export async function readLocalConfig(root: string): Promise<ConfigFile & { readonly isThere: boolean }> {
  const bytes = await readFileIfThere(join(root, configFileName), configBytesMax);
  return { ...parseConfigFile(bytes?.toString("utf8") ?? "version: 1\n"), isThere: bytes !== null };
}
