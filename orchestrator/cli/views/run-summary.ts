import type { RunManifest } from "../../schema/run-manifest.ts";
import { layFields, layTable } from "../text/layout.ts";
import { formatDuration } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { findingText } from "./event-line.ts";
import { paintStatus } from "./marks.ts";
import { nextSteps } from "./next-steps.ts";
import { openQuestionOf, type QuestionContext, questionView } from "./question-view.ts";
import { commandRows } from "./report/commands-section.ts";
import { goalRows } from "./report/goals-section.ts";
import { changeText, checkText, commitText, costText, gatesText, taskText } from "./run-facts.ts";

const findingsMax = 5;

/** The end of `run`: the verdict, the change, and what to do next. */
export function runSummary(manifest: RunManifest, context: QuestionContext): string {
  const { paint, width, hints } = context;
  const question = manifest.status === "blocked" ? openQuestionOf(manifest) : null;
  const steps = nextSteps(manifest, "none", hints);
  const isTask = manifest.pipeline === undefined && manifest.goals === undefined;
  const detail = question === null ? `: ${safeLine(manifest.status_detail)}` : "";
  return [
    `${paint.bold(paintStatus(manifest.status, paint))}${detail}`,
    layFields(
      [
        ["run", manifest.run_id],
        ["task", taskText(manifest)],
        ["change", isTask ? changeText(manifest) : ""],
        ["commit", commitText(manifest)],
        ["gates", gatesText(manifest, paint)],
        ["tests", (manifest.tests?.checks ?? []).map((check) => checkText(check, paint)).join("  ")],
        ["cost", isTask ? costText(manifest) : ""],
        ["took", isTask ? "" : formatDuration(manifest.metrics.duration_seconds)],
        ["findings", lastFindings(manifest)],
      ],
      2,
      width,
    ),
    ...(manifest.pipeline === undefined ? [] : ["", layTable(commandRows(manifest.pipeline.commands, paint), 2)]),
    ...(manifest.goals === undefined ? [] : ["", layTable(goalRows(manifest.goals.goals, paint), 2)]),
    ...(question === null ? [] : ["", questionView(manifest, question, context)]),
    "",
    paint.bold("Next"),
    layTable(steps, 2),
  ].join("\n");
}

/** Why the run did not pass, in the words of the gate that refused last; "" where it passed. */
function lastFindings({ status, gates }: RunManifest): string {
  if (status === "passed") return "";
  const last = gates.findLast(({ verdict }) => verdict.decision === "refuse")?.verdict;
  if (last?.decision !== "refuse") return "";
  const shown = last.findings.slice(0, findingsMax).map(findingText);
  const rest = last.findings.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
}
