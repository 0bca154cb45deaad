import { parsePatch } from "diff";
import { patchOf } from "../../patterns/apply/format-patch.ts";
import { type Scorer, verdict } from "../scorer.ts";

/** The change adds and takes away every line that the target's `diff_contains` names, in whichever file. */
export const diffContains: Scorer = {
  id: "diff-contains",
  version: "1",
  kind: "verdict",
  score: async ({ sample, changedPaths, before, after }) => {
    const wanted = sample.target.diff_contains;
    if (wanted === undefined) return null;
    const lines = new Set<string>();
    for (const path of changedPaths) {
      const file = { path, before: (await before(path)) ?? "", after: (await after(path)) ?? "" };
      const hunks = parsePatch(patchOf([file])).flatMap((patch) => patch.hunks);
      for (const line of hunks.flatMap((hunk) => hunk.lines)) lines.add(trim(line));
    }
    const missing = wanted.find((line) => !lines.has(trim(line)));
    return verdict(missing === undefined, missing === undefined ? "every line is in the diff" : `no line ${missing}`);
  },
};

function trim(line: string): string {
  return `${line.slice(0, 1)}${line.slice(1).trim()}`;
}
