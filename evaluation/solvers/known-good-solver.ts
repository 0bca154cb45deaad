import { join } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { removeTree, writeFileAtomic } from "../../orchestrator/io/files.ts";
import { createFileInside } from "../../orchestrator/io/new-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { RepositoryPath } from "../../orchestrator/schema/primitives.ts";
import { readTextInside } from "../runner/place-fixture.ts";
import type { Solver } from "../solver.ts";

/** Makes the change that the target of the sample names: its patch, or its files. What it does not pass, no solver can. */
export const knownGoodSolver: Solver = {
  id: "known-good",
  fingerprint: 1,
  isDeterministic: true,
  solve: async ({ sample: { id, target }, root }) => {
    if (target.files === undefined && target.patch === undefined)
      return { note: `${id} names no known-good change, so nothing was done` };
    for (const [path, text] of Object.entries(target.files ?? {})) await replaceText(root, path, text);
    if (target.files === undefined && target.patch !== undefined) await applyUnifiedDiff(root, target.patch);
    return { note: "the known-good change was made" };
  },
};

/** Applies a unified diff to the files below a folder, without guessing. Throws `edit_refused` where it does not fit, and `path_refused`. */
export async function applyUnifiedDiff(root: string, patch: string): Promise<void> {
  for (const file of parsePatch(patch)) {
    const [from, to] = [pathIn(file.oldFileName), pathIn(file.newFileName)];
    const before = from === null ? "" : await readTextInside(root, from);
    const after = before === null ? false : applyPatch(before, file, { fuzzFactor: 0 });
    if (after === false)
      throw new OrchestratorError("edit_refused", `the patch does not fit ${from ?? to}; mend the patch of the sample`);
    if (from !== null && from !== to) await replaceText(root, from, null);
    if (to !== null) await replaceText(root, to, after);
  }
}

/** The path below the root that a header names; null for /dev/null. Throws `path_refused`. */
function pathIn(name: string | undefined): string | null {
  if (name === undefined || name === "/dev/null") return null;
  const path = RepositoryPath.safeParse(name.replace(/^[ab]\//, ""));
  if (path.success) return path.data;
  throw new OrchestratorError("path_refused", `the patch names ${name}, which is no path of the repository`);
}

/** Gives a file below a folder a text, or none. */
export async function replaceText(root: string, path: string, text: string | null): Promise<void> {
  if (text !== null && (await readTextInside(root, path)) !== null)
    return writeFileAtomic(join(root, path), text, { mode: 0o644 });
  if (text === null) await removeTree(join(root, path));
  else await createFileInside(root, path, text);
}
