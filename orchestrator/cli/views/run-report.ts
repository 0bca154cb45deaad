import type { RunManifest } from "../../schema/run-manifest.ts";
import { indentText, layTable } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";
import { paintStatus } from "./marks.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";
import { openQuestionOf, type QuestionContext, questionView } from "./question-view.ts";
import { answersSection } from "./report/answers-section.ts";
import { artifactsSection } from "./report/artifacts-section.ts";
import { changeSection } from "./report/change-section.ts";
import { commandsSection } from "./report/commands-section.ts";
import { gatesSection } from "./report/gates-section.ts";
import { goalsSection } from "./report/goals-section.ts";
import { holderSection } from "./report/holder-section.ts";
import { resumeSection } from "./report/resume-section.ts";
import { stepsSection } from "./report/steps-section.ts";
import { taskSection } from "./report/task-section.ts";
import { testsSection } from "./report/tests-section.ts";
import { workSection } from "./report/work-section.ts";
import { workspaceSection } from "./report/workspace-section.ts";
import { taskText } from "./run-facts.ts";
import type { RunReport } from "./run-report-document.ts";

/** What a reviewer reads first, from the verdict down to the hashes. */
export function runReport(report: RunReport, context: QuestionContext): string {
  const { manifest } = report;
  const { paint, width, hints } = context;
  const section = (title: string, body: string) => (body === "" ? "" : `${paint.bold(title)}\n${body}`);
  const sections = [
    header(manifest, paint, width),
    openQuestion(manifest, context),
    section("Task", taskSection(manifest, width)),
    section("Commands", commandsSection(manifest, paint, width)),
    section("Goals", goalsSection(manifest, paint)),
    section("Gates", gatesSection(manifest, paint, width)),
    ...(manifest.pipeline === undefined && manifest.goals === undefined
      ? [
          section("Change", changeSection(manifest, paint, width)),
          section("Tests", testsSection(manifest, paint, width)),
        ]
      : []),
    section("Questions and answers", answersSection(manifest, paint, width)),
    section("Work", workSection(manifest, width)),
    section("Steps", stepsSection(manifest)),
    section("Workspace", workspaceSection(manifest, width)),
    section("Artifacts", artifactsSection(manifest)),
    section("Errors", manifest.error_files.map((file) => `  ${safeLine(file)}`).join("\n")),
    section("Taken over", resumeSection(manifest, width)),
    section("Holder", holderSection(report, context)),
    section("Next", layTable(nextSteps(manifest, report.liveness, hints).filter(isElsewhere), 2)),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

/** This report need not point to itself. */
function isElsewhere([command]: NextStep): boolean {
  return !command.includes(" runs show ");
}

function header(manifest: RunManifest, paint: Paint, width: number): string {
  const verdict = paint.bold(paintStatus(manifest.status, paint, manifest.status.toUpperCase()));
  return `${verdict}  ${taskText(manifest)}\n${indentText(safeBlock(manifest.status_detail), 2, width)}`;
}

function openQuestion(manifest: RunManifest, context: QuestionContext): string {
  const question = openQuestionOf(manifest);
  return question === null || manifest.finished_at !== null ? "" : questionView(manifest, question, context);
}
