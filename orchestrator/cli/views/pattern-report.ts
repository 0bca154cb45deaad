import type { ApplyReport, SkippedFile } from "../../schema/pattern-workbench.ts";
import { indentText } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { countOf, formatCount, formatDuration } from "../text/quantities.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";

const namedMax = 20;

/** What `patterns apply` did, for a person: what changed, what was left out and why, and how to undo it. */
export function patternReportText(report: ApplyReport, paint: Paint, width: number): string {
  const { changed, skipped, conflicts, kept, recovered, check } = report;
  const lines = [
    ...recovered.map((id) => `an earlier change was cut off and has been put back (${id})`),
    `${paint.bold(verdictOf(report))}${changed.length === 0 ? "" : `: ${countOf(editsIn(report), "edit")} in ${countOf(changed.length, "file")}`}`,
    ...named(changed.map(({ path, edits }) => `${safeLine(path)} ${paint.dim(`(${formatCount(edits.length)})`)}`)),
    ...(conflicts.length === 0 ? [] : ["changed while the patterns were at work:", ...named(conflicts.map(safeLine))]),
    ...(check === null ? [] : [safeLine(check.detail)]),
    ...(check === null || check.passed ? [] : [indentText(safeBlock(check.output), 2, width)]),
    ...kept.map((path) => `kept what the check had written: ${safeLine(path)}`),
    ...skippedLines(skipped, paint),
    paint.dim(paceOf(report)),
    ...(report.journal === null ? [] : [`undo it with: patterns undo ${report.journal}`]),
  ];
  return lines.join("\n");
}

function verdictOf({ outcome }: ApplyReport): string {
  if (outcome === "previewed") return "dry run, nothing was written";
  if (outcome === "unchanged") return "nothing to change";
  if (outcome === "refused") return "refused, nothing was changed";
  return outcome === "rolled_back" ? "the check failed, every file is as before" : "applied";
}

function editsIn({ changed }: ApplyReport): number {
  return changed.reduce((sum, { edits }) => sum + edits.length, 0);
}

function named(lines: readonly string[]): readonly string[] {
  const shown = lines.slice(0, namedMax).map((line) => `  ${line}`);
  return lines.length > namedMax
    ? [...shown, `  and ${formatCount(lines.length - namedMax)} more; --format json names all`]
    : shown;
}

function skippedLines(skipped: readonly SkippedFile[], paint: Paint): readonly string[] {
  if (skipped.length === 0) return [];
  const lines = skipped.map(({ path, reason }) => `${safeLine(path)} ${paint.dim(safeLine(reason))}`);
  return [`left alone: ${formatCount(skipped.length)}`, ...named(lines)];
}

function paceOf({ files, candidates, seconds, files_per_second: pace, workers }: ApplyReport): string {
  const threads = workers === 0 ? "" : `, ${countOf(workers, "more thread")}`;
  return `${countOf(files, "file")} read, ${formatCount(candidates)} parsed, in ${formatDuration(seconds)} (${formatCount(pace)} files per second${threads})`;
}

/** A unified diff in the colours of a terminal, which it cannot command. */
export function patchText(patch: string, paint: Paint): string {
  const colour = (line: string) => {
    if (line.startsWith("diff ") || line.startsWith("--- ") || line.startsWith("+++ ")) return paint.bold(line);
    if (line.startsWith("@@")) return paint.dim(line);
    return line.startsWith("+") ? paint.green(line) : line.startsWith("-") ? paint.red(line) : line;
  };
  return patch
    .split("\n")
    .map((line) => colour(safeBlock(line)))
    .join("\n");
}
