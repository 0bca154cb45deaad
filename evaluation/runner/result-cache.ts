import { join } from "node:path";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../../orchestrator/io/files.ts";
import { SampleResult } from "../schema/evaluation-log.ts";

const resultBytesMax = 16_777_216;

/** Results by the hash of all that they depend on. What cannot be read as a result is as if it were not there. */
export interface ResultCache {
  find(key: string): Promise<SampleResult | null>;
  /** Throws `disk_failed`. */
  keep(result: SampleResult): Promise<void>;
}

/** Keeps each result as a file in a folder. */
export function createResultCache(folder: string): ResultCache {
  return {
    find: async (key) => {
      const bytes = await readFileIfThere(join(folder, `${key}.json`), resultBytesMax).catch(() => null);
      if (bytes === null) return null;
      const parsed = SampleResult.safeParse(parseJson(bytes.toString("utf8")));
      return parsed.success && parsed.data.key === key ? parsed.data : null;
    },
    keep: async (result) => {
      await ensureDirectory(folder);
      await writeFileAtomic(join(folder, `${result.key}.json`), `${JSON.stringify(result)}\n`);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
