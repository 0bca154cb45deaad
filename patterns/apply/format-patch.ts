import { formatPatch, type StructuredPatch, structuredPatch } from "diff";

/** Changed lines from which a file is shown as replaced: looking for the shortest diff takes the square of them. */
const editLengthMax = 4_000;

/** A text before and after. */
export interface FileDiff {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A unified diff of the files, which `git apply` turns into exactly the texts after, whatever their line ends and last lines are. */
export function patchOf(files: readonly FileDiff[]): string {
  return files.map((file) => formatPatch({ ...comparisonOf(file), isGit: true })).join("");
}

function comparisonOf({ path, before, after }: FileDiff): StructuredPatch {
  const names = [`a/${path}`, `b/${path}`] as const;
  const options = { context: 3, maxEditLength: editLengthMax };
  return structuredPatch(...names, before, after, undefined, undefined, options) ?? wholeFile(names, before, after);
}

function wholeFile(
  [oldFileName, newFileName]: readonly [string, string],
  before: string,
  after: string,
): StructuredPatch {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const lines = [...marked("-", old), ...marked("+", fresh)];
  const hunk = { oldStart: 1, oldLines: old.length, newStart: 1, newLines: fresh.length, lines };
  return { oldFileName, newFileName, oldHeader: undefined, newHeader: undefined, hunks: [hunk] };
}

/** With their ends; only the last may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    line.endsWith("\n") ? [mark + line.slice(0, -1)] : [mark + line, "\\ No newline at end of file"],
  );
}
