import type { ChangedPath } from "../schema/change-set.ts";
import { OrchestratorError } from "../schema/errors.ts";

/** The part of a patch that shows one changed path, in characters from the beginning; `end` is the first one after it. */
export interface PatchSection {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

const header = "diff --git ";

/**
 * The section of each changed path, in the order of the paths, which is that of git's patch. A line of content always begins
 * with a blank or a sign, so none can pass for a header. Throws `git_failed` where paths and sections do not fit.
 */
export function sectionsOf(patch: string, paths: readonly ChangedPath[]): PatchSection[] {
  const starts = headersIn(patch);
  let next = 0;
  const sections = paths.map(({ path, kind }) => {
    const start = starts[next];
    // A changed type is shown as a deletion and a creation.
    next += kind === "type_changed" ? 2 : 1;
    return { path, start: start ?? patch.length, end: starts[next] ?? patch.length };
  });
  if (next === starts.length) return sections;
  throw new OrchestratorError("git_failed", `git showed ${starts.length} diffs for ${paths.length} changed paths`);
}

function headersIn(patch: string): number[] {
  const starts = patch.startsWith(header) ? [0] : [];
  for (let at = patch.indexOf(`\n${header}`); at !== -1; at = patch.indexOf(`\n${header}`, at + 1)) starts.push(at + 1);
  return starts;
}
