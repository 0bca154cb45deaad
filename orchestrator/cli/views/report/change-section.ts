import type { RunManifest } from "../../../schema/run-manifest.ts";
import { type Field, layFields, layTable } from "../../text/layout.ts";
import type { Paint } from "../../text/paint.ts";
import { formatCount, shortHash } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";
import { changeText, commitText } from "../run-facts.ts";
import { moreLine } from "./more-line.ts";

const pathsMax = 200;

const changeLetters = { added: "A", modified: "M", deleted: "D", type_changed: "T" } as const;

/** The changed files with their lines, and the hashes of the whole. */
export function changeSection(manifest: RunManifest, paint: Paint, width: number): string {
  const { change, review_summary } = manifest;
  const summary = `  ${changeText(manifest)}`;
  if (change === null || change.paths.length === 0) return summary;
  const rows = change.paths
    .slice(0, pathsMax)
    .map(({ kind, path, insertions, deletions }) => [
      changeLetters[kind],
      insertions === null ? "binary" : paint.green(`+${formatCount(insertions)}`),
      deletions === null ? "" : paint.red(`−${formatCount(deletions)}`),
      safeLine(path),
    ]);
  const facts: Field[] = [
    ["tree", shortHash(change.tree)],
    ["patch", `sha256 ${shortHash(change.patch_sha256)}`],
    ["commit", commitText(manifest)],
    ["review", review_summary === null ? "" : safeLine(review_summary)],
  ];
  return [
    summary,
    layTable(rows, 2),
    ...moreLine(change.paths.length - rows.length, "file", 2),
    layFields(facts, 2, width),
  ].join("\n");
}
