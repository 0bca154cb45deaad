import type { GuardFinding, WaivedFinding } from "../../gates/guard/guard-report.ts";
import { findGuardRule } from "../../gates/guard/guard-rules.ts";
import { indentText } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { countOf } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { countsOf, type GuardResult } from "./guard-result.ts";

/** The result for a person. */
export function resultText(result: GuardResult, paint: Paint, width: number): string {
  const { findings, waived } = result.report;
  const ids = [...new Set(findings.filter(({ severity }) => severity === "error").map(({ id }) => id))];
  const mends = ids.map((id) => indentText(`${id}  ${findGuardRule(id)?.mend ?? ""}`, 2, width));
  return [
    headline(result, paint),
    ...findings.map((finding) => findingText(finding, paint, width)),
    ...waived.map((finding) => waivedText(finding, paint, width)),
    ...(mends.length === 0 ? [] : ["", paint.bold("What to do"), ...mends]),
    ...(result.dryRun ? [`dry run: without --dry-run the exit code would be ${result.verdictCode}`] : []),
  ].join("\n");
}

function headline(result: GuardResult, paint: Paint): string {
  const { errors, warnings, waived } = countsOf(result.report);
  const verdict =
    result.report.decision === "pass" ? paint.green("✓ clean") : paint.red(`✗ ${countOf(errors, "error")}`);
  const more = [
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
    `${countOf(result.counts.changed, "changed path")}, ${result.counts.controlled} controlled`,
    `${result.base.slice(0, 12)}..${result.worktree ? "working copy" : result.head.slice(0, 12)}`,
    `judged on ${result.today}${result.nowGiven ? " (given by --now)" : ""}`,
  ];
  return `${verdict}  ${more.join(" · ")}`;
}

function findingText({ id, severity, path, line, message }: GuardFinding, paint: Paint, width: number): string {
  const mark = severity === "error" ? paint.red("error") : paint.yellow("warning");
  const place = path === undefined ? "" : `  ${safeLine(path)}${line === undefined ? "" : `:${line}`}`;
  return `${mark} ${id}${place}\n${indentText(safeLine(message), 6, width)}`;
}

function waivedText({ waiver, id, path, message }: WaivedFinding, paint: Paint, width: number): string {
  const head = `${paint.yellow("waived")} ${id}  ${safeLine(path ?? "")}`;
  const by = `by ${waiver.id} of ${waiver.owner} until ${waiver.expires}: ${waiver.reason}`;
  return `${head}\n${indentText(safeLine(message), 6, width)}\n${indentText(safeLine(by), 6, width)}`;
}
