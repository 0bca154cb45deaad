import type { GoalReport, GoalRun } from "../../schema/adapter-bench.ts";
import { isFailing, titleOf } from "../../schema/test-case.ts";
import type { TestCase } from "../../schema/test-report.ts";
import type { Finding } from "../../schema/verdict.ts";
import type { Printer } from "../printer.ts";
import { indentText } from "../text/layout.ts";
import { formatDuration } from "../text/quantities.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";

const namedMax = 50;
const tailLines = 30;

/** What a goal showed, for a person: the verdict of each command, and why it did not pass. */
export function goalReportText({ runs }: GoalReport, printer: Printer): string {
  return runs.map((run) => runText(run, printer)).join("\n");
}

function runText(run: GoalRun, { paint, width }: Pick<Printer, "paint" | "width">): string {
  const { adapter, root, goal, verdict, reason, duration_ms, findings } = run;
  const mark = verdict === "passed" ? paint.green("✓") : paint.red("✗");
  const head = `${mark} ${paint.bold(`${goal} ${safeLine(root)}`)} ${paint.dim(`(${adapter}, ${formatDuration(duration_ms / 1000)}, ${boundsOf(run)})`)}`;
  const lines = [head, `  ${safeLine(reason)}`];
  if (verdict === "passed") return lines.join("\n");
  const failed = (run.result?.not_passed ?? []).filter(({ outcome }) => isFailing(outcome));
  const named = [...failed.map(caseText), ...findings.map(findingText)];
  const shown = named.slice(0, namedMax).map((line) => indentText(line, 4, width));
  const more = named.length > namedMax ? [`    and ${named.length - namedMax} more; --format json names all`] : [];
  return [...lines, ...shown, ...more, ...(named.length === 0 ? tailOf(run) : [])].join("\n");
}

function boundsOf({ enforcement: { sandbox, network_blocked } }: GoalRun): string {
  return `${sandbox}, ${network_blocked ? "no network" : "network not blocked"}`;
}

function caseText(test: TestCase): string {
  const { outcome, message, file, line } = test;
  const place = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
  const said = message === undefined ? "" : `: ${message.split("\n")[0]}`;
  return safeLine(`${titleOf(test)} ${outcome}${place}${said}`);
}

function findingText({ path, line, message, rule }: Finding): string {
  const place = path === undefined ? "" : `${path}${line === undefined ? "" : `:${line}`} `;
  return safeLine(`${place}${message} (${rule})`);
}

function tailOf({ output_tail }: GoalRun): readonly string[] {
  const lines = safeBlock(output_tail).trimEnd().split("\n");
  return lines.slice(-tailLines).map((line) => `    ${line}`);
}
