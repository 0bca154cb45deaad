import type { GuardFinding } from "../../gates/guard/guard-report.ts";
import { escapeData, escapeProperty } from "../text/workflow-command.ts";
import { countsOf, type GuardResult } from "./guard-result.ts";

/** Workflow commands, which GitHub shows beside the lines of a change; the last line says how many there are. */
export function resultAnnotations(result: GuardResult): string {
  const { findings, waived } = result.report;
  const { errors, warnings } = countsOf(result.report);
  return [
    ...findings.map((finding) => annotation(finding.severity, finding)),
    ...waived.map((finding) =>
      annotation("notice", {
        ...finding,
        message: `waived by ${finding.waiver.id} until ${finding.waiver.expires} (${finding.waiver.reason}): ${finding.message}`,
      }),
    ),
    `spec-guard: ${errors} errors, ${warnings} warnings, ${waived.length} waived; judged on ${result.today}; exit code ${result.verdictCode}${result.dryRun ? " without --dry-run" : ""}`,
  ].join("\n");
}

/** A fault as a workflow command. */
export function faultAnnotation(message: string): string {
  return `::error title=spec-guard could not tell::${escapeData(message)}`;
}

function annotation(level: "error" | "warning" | "notice", { id, path, line, message }: GuardFinding): string {
  const place = path === undefined ? [] : [`file=${escapeProperty(path)}`, `line=${line ?? 1}`];
  const properties = [`title=${escapeProperty(`spec-guard ${id}`)}`, ...place].join(",");
  return `::${level} ${properties}::${escapeData(message)}`;
}
