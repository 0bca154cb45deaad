import { projectName } from "../../schema/checked-project.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { CheckResult } from "../../schema/test-report.ts";
import type { Decision } from "../../schema/verdict.ts";
import type { Paint } from "../text/paint.ts";
import { countOf, formatCost, formatCount, formatDuration, shortHash } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { markOfDecision } from "./marks.ts";

/** Id and title of the task. */
export function taskText({ task }: RunManifest): string {
  return task.title === task.id ? safeLine(task.id) : `${safeLine(task.id)} – ${safeLine(task.title)}`;
}

/** Files and lines of the change, or that there is none. */
export function changeText({ change }: RunManifest): string {
  if (change === null) return "none";
  if (change.paths.length === 0) return "none: no file differs from the base";
  return `${countOf(change.paths.length, "file")}, +${formatCount(change.insertions)} −${formatCount(change.deletions)}`;
}

/** Where the commit of the run is, or "" where there is none. */
export function commitText({ commit, workspace }: RunManifest): string {
  if (commit === null) return "";
  return `${shortHash(commit)}${workspace === null ? "" : ` on ${safeLine(workspace.branch)}`}`;
}

/** How long the runners worked, and what it cost. */
export function costText({ metrics }: RunManifest): string {
  const { usage } = metrics;
  return [
    formatDuration(metrics.duration_seconds),
    countOf(usage.turns, "model turn"),
    `${formatCount(usage.input_tokens)} tokens in, ${formatCount(usage.output_tokens)} out`,
    formatCost(usage.cost_usd),
  ].join(", ");
}

/** The goal and project of a check with its verdict, counts and duration. */
export function checkText(check: CheckResult, paint: Paint): string {
  const { goal, verdict, counts, duration_ms } = check;
  const project = projectName(check);
  const told = Object.entries(counts).flatMap(([outcome, count]) =>
    count > 0 ? `${formatCount(count)} ${outcome}` : [],
  );
  const tests = told.length === 0 ? "" : ` ${told.join(", ")}`;
  return `${markOfDecision(verdict, paint)} ${goal}${project === "" ? "" : ` in ${safeLine(project)}`}${tests} (${formatDuration(duration_ms / 1000)})`;
}

/** What each gate said last, and how often it refused until then. */
export function gatesText({ gates }: RunManifest, paint: Paint): string {
  const names = [...new Set(gates.map(({ verdict }) => verdict.gate))];
  return names
    .map((name) => {
      const said = gates.filter(({ verdict }) => verdict.gate === name).map(({ verdict }) => verdict.decision);
      const last = said.at(-1) ?? "refuse";
      return `${markOfDecision(last, paint)} ${name}${refusalsText(said)}`;
    })
    .join("  ");
}

function refusalsText(said: readonly Decision["decision"][]): string {
  const refusals = said.filter((decision) => decision === "refuse").length;
  if (said.at(-1) === "refuse") return refusals === 1 ? "" : ` (refused ${formatCount(refusals)} times)`;
  return refusals === 0 ? "" : ` (after ${countOf(refusals, "refusal")})`;
}
