import { parseSource } from "../engine/parse-source.ts";
import type { SourceFile } from "../engine/source-file.ts";
import type { SourceSet } from "./source-set.ts";

/** Parses modules of a set, each once; in words why one cannot be parsed. */
export type SourceReader = (path: string) => SourceFile | string;

/** A reader that remembers what it parsed. */
export function createReader(sources: SourceSet): SourceReader {
  const known = new Map<string, SourceFile | string>();
  return (path) => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const parsed = parseSource(path, sources.text(path));
    const outcome = parsed.ok ? parsed.source : parsed.reason;
    known.set(path, outcome);
    return outcome;
  };
}
