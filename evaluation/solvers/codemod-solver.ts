import { join } from "node:path";
import { writeFileAtomic } from "../../orchestrator/io/files.ts";
import type { PatternLibrary } from "../../orchestrator/schema/pattern-port.ts";
import { createPackageReader } from "../../patterns/apply/package-facts.ts";
import { createPatternLibrary } from "../../patterns/pattern-library.ts";
import { snapshotFolder } from "../runner/folder-snapshot.ts";
import { readTextInside } from "../runner/place-fixture.ts";
import type { Solver } from "../solver.ts";

/** Applies the pattern that the sample names to every file, as `patterns apply` does. A sample without a pattern stays as it is. */
export function createCodemodSolver(library: PatternLibrary = createPatternLibrary()): Solver {
  return {
    id: "codemod",
    fingerprint: library.list().map(({ id }) => ({ ...library.identify(id) })),
    isDeterministic: true,
    solve: async ({ sample: { id, pattern }, root }) => {
      if (pattern === undefined) return { note: `${id} names no pattern, so nothing was done` };
      return { note: await applyPattern(library, pattern, root) };
    },
  };
}

async function applyPattern(library: PatternLibrary, pattern: string, root: string): Promise<string> {
  const factsOf = createPackageReader(root);
  const notes: string[] = [];
  for (const path of (await snapshotFolder(root)).keys()) {
    const text = await readTextInside(root, path);
    if (text === null || !library.isCandidate(pattern, path, text)) continue;
    const result = library.transform(pattern, path, text, factsOf(path));
    if (result.status === "changed") await writeFileAtomic(join(root, path), result.after, { mode: 0o644 });
    if (result.status !== "unchanged")
      notes.push(result.status === "changed" ? `${path}: changed` : `${path}: ${result.reason}`);
  }
  return notes.length === 0 ? "no file is for the pattern" : notes.join("\n");
}
