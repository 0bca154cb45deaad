import type { GuardFinding } from "../../gates/guard/guard-report.ts";
import { safeLine } from "../text/safe-text.ts";
import { countsOf, type GuardResult } from "./guard-result.ts";

/** The result for a comment or a job's summary. */
export function resultMarkdown(result: GuardResult): string {
  const { findings, waived, decision } = result.report;
  const { errors, warnings } = countsOf(result.report);
  const rows = findings.map((finding) => row(finding, finding.severity));
  const lifted = waived.map((finding) =>
    row(finding, `waived by ${finding.waiver.id} until ${finding.waiver.expires}`),
  );
  return [
    `## spec-guard: ${decision === "pass" ? "clean" : "refused"}`,
    "",
    `${errors} errors, ${warnings} warnings, ${waived.length} waived. ${result.counts.changed} changed paths, ${result.counts.controlled} controlled. Judged on ${result.today}${result.nowGiven ? " (given by `--now`)" : ""}.`,
    ...(result.dryRun ? ["", `Dry run: without it the exit code would be ${result.verdictCode}.`] : []),
    ...(rows.length + lifted.length === 0
      ? []
      : ["", "| rule | weight | where | what |", "| --- | --- | --- | --- |", ...rows, ...lifted]),
  ].join("\n");
}

/** A fault for a comment or a job's summary. */
export function faultMarkdown(message: string): string {
  return `## spec-guard: could not tell\n\n${cell(message)}`;
}

function row({ id, path, line, message }: GuardFinding, weight: string): string {
  const place = path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`}`;
  return `| ${id} | ${cell(weight)} | ${cell(place)} | ${cell(message)} |`;
}

/** Text that can break out of no cell, no link and no tag. */
function cell(text: string): string {
  return safeLine(text).replaceAll(/[\\`*_{}[\]<>()#+!|~&@]/g, (character) => `&#${character.codePointAt(0)};`);
}
