import { dirname } from "node:path/posix";
import type { IngestedText } from "../../orchestrator/schema/pattern-ingest.ts";
import type { PackageFacts, PatternLibrary } from "../../orchestrator/schema/pattern-port.ts";
import type { PatternUse } from "../../orchestrator/schema/pattern-use.ts";

/** Applied in turn until none changes anything more, as folders are. */
const roundsMax = 5;

/** What is left of a run's change when what known patterns did is taken off. */
export interface UnknownRest {
  readonly changed: readonly IngestedText[];
  /** By id: how many files the patterns explain as a whole. */
  readonly explained: ReadonlyMap<string, number>;
}

/**
 * Takes off what the patterns that a run used did: a file that they lead to as it is now is explained, one that they lead a part of the way
 * begins there. A pattern that is not known, or is known in another version, explains nothing.
 */
export function restOf(
  library: PatternLibrary,
  used: readonly PatternUse[],
  changed: readonly IngestedText[],
  packages: ReadonlyMap<string, string>,
): UnknownRest {
  const known = used.filter((use) => isThatVersion(library, use)).map(({ id }) => id);
  const explained = new Map<string, number>();
  const rest: IngestedText[] = [];
  for (const text of changed) {
    const { path, before, after } = text;
    if (before === null || after === null) {
      rest.push(text);
      continue;
    }
    const facts = factsOf(path, packages);
    const { text: reached, by } = applyKnown(library, known, path, before, facts);
    if (reached === after) for (const id of by) explained.set(id, (explained.get(id) ?? 0) + 1);
    // Where a pattern would still act on the result, the run did not let it: then its edits are not part of the change.
    else
      rest.push(
        by.every((id) => library.check(id, path, after, facts).length === 0) ? { ...text, before: reached } : text,
      );
  }
  return { changed: rest, explained };
}

function isThatVersion(library: PatternLibrary, { id, version, sha256 }: PatternUse): boolean {
  if (!library.has(id)) return false;
  const now = library.identify(id);
  return now.version === version && now.sha256 === sha256;
}

interface Reached {
  readonly text: string;
  readonly by: readonly string[];
}

function applyKnown(
  library: PatternLibrary,
  known: readonly string[],
  path: string,
  text: string,
  facts: PackageFacts,
): Reached {
  const by = new Set<string>();
  let reached = text;
  for (let round = 0; round < roundsMax; round += 1) {
    const before = reached;
    for (const id of known) {
      const result = library.transform(id, path, reached, facts);
      if (result.status !== "changed") continue;
      reached = result.after;
      by.add(id);
    }
    if (reached === before) break;
  }
  return { text: reached, by: [...by] };
}

/** The nearest package.json at or above a file's folder. */
function factsOf(path: string, packages: ReadonlyMap<string, string>): PackageFacts {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const text = packages.get(folder === "." ? "package.json" : `${folder}/package.json`);
    if (text !== undefined) return { packageJson: parsed(text) };
    if (folder === ".") return { packageJson: null };
  }
}

function parsed(text: string): PackageFacts["packageJson"] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
