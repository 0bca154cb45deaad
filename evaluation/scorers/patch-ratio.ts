import { parsePatch } from "diff";
import { patchOf } from "../../patterns/apply/format-patch.ts";
import type { Scorer, Subject } from "../scorer.ts";

/** Lines that the solver added and removed, over those of the known-good change; left out where the target names none that changes a line. */
export const patchRatio: Scorer = {
  id: "patch-ratio",
  version: "1",
  kind: "measure",
  score: async (subject) => {
    const reference = changedLines(await referencePatch(subject));
    if (reference === 0) return null;
    const { changedPaths, before, after } = subject;
    let lines = 0;
    for (const path of changedPaths) lines += linesBetween(path, await before(path), await after(path));
    return { value: lines / reference, reason: `${lines} lines, the known-good change has ${reference}` };
  },
};

async function referencePatch({ sample: { target }, before }: Subject): Promise<string> {
  const files = Object.entries(target.files ?? {});
  if (files.length === 0) return target.patch ?? "";
  const parts = await Promise.all(
    files.map(async ([path, text]) => patchOf([{ path, before: (await before(path)) ?? "", after: text ?? "" }])),
  );
  return parts.join("");
}

function linesBetween(path: string, before: string | null, after: string | null): number {
  return changedLines(patchOf([{ path, before: before ?? "", after: after ?? "" }]));
}

function changedLines(patch: string): number {
  return parsePatch(patch)
    .flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines))
    .filter((line) => line.startsWith("+") || line.startsWith("-")).length;
}
