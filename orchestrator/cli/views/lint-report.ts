import type { LintFinding, LintReport, SkippedFile } from "../../schema/pattern-workbench.ts";
import type { Paint } from "../text/paint.ts";
import { countOf, formatCount, formatDuration } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";

const namedMax = 20;
const findingsMax = 1_000;

/** What `patterns lint` found, for a person: each finding in its place, what could not be read, and what was left out. */
export function lintReportText(report: LintReport, paint: Paint): string {
  const { findings, unread, skipped } = report;
  const shown = findings.slice(0, findingsMax);
  const lines = [
    ...shown.map((finding) => lineOf(finding, paint)),
    ...(findings.length > shown.length ? [moreOf(findings.length - shown.length)] : []),
    ...named("could not be read by the linter", unread, paint),
    ...named("left out", skipped, paint),
    paint.bold(verdictOf(report)),
    paint.dim(paceOf(report)),
  ];
  return lines.join("\n");
}

function lineOf({ rule, path, line, column, message }: LintFinding, paint: Paint): string {
  return `${safeLine(path)}:${line}:${column} ${safeLine(message)} ${paint.dim(`(${safeLine(rule)})`)}`;
}

function named(title: string, files: readonly SkippedFile[], paint: Paint): readonly string[] {
  if (files.length === 0) return [];
  const lines = files
    .slice(0, namedMax)
    .map(({ path, reason }) => `  ${safeLine(path)} ${paint.dim(safeLine(reason))}`);
  const more = files.length > namedMax ? [`  ${moreOf(files.length - namedMax)}`] : [];
  return [`${title}: ${formatCount(files.length)}`, ...lines, ...more];
}

function moreOf(count: number): string {
  return `and ${formatCount(count)} more; --format json names all`;
}

function verdictOf({ outcome, findings, unread }: LintReport): string {
  if (outcome === "clean") return "nothing found";
  if (outcome === "unclear") return `could not tell: ${countOf(unread.length, "file")} could not be read`;
  const files = new Set(findings.map(({ path }) => path)).size;
  return `${countOf(findings.length, "finding")} in ${countOf(files, "file")}`;
}

function paceOf({ linter, rules, files, seconds, files_per_second: pace }: LintReport): string {
  const by = `${linter.name} ${safeLine(linter.version)}`;
  return `${countOf(files, "file")} linted by ${countOf(rules.length, "rule")} with ${by}, in ${formatDuration(seconds)} (${formatCount(pace)} files per second)`;
}
