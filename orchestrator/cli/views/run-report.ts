import { parseIdentity } from "../../io/host.ts";
import type { Heartbeat, Liveness } from "../../schema/heartbeat.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import { type Field, indentText, layFields, layTable } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { countOf, formatBytes, formatCount, formatDuration, formatTime, shortHash } from "../text/quantities.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";
import { findingText } from "./event-line.ts";
import { markOfDecision, paintStatus } from "./marks.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";
import { openQuestionOf, type QuestionContext, questionView } from "./question-view.ts";
import { changeText, checkText, commitText, costText, taskText } from "./run-facts.ts";

/** A manifest joined with the sign of life of the run's holder. */
export interface RunReport {
  readonly manifest: RunManifest;
  readonly heartbeat: Heartbeat | null;
  readonly liveness: Liveness;
}

const pathsMax = 200;
const findingsMax = 50;
const casesMax = 10;

/** What a reviewer reads first, from the verdict down to the hashes. */
export function runReport(report: RunReport, context: QuestionContext): string {
  const { manifest } = report;
  const { paint, width, hints } = context;
  const section = (title: string, body: string) => (body === "" ? "" : `${paint.bold(title)}\n${body}`);
  const sections = [
    header(manifest, paint, width),
    openQuestion(manifest, context),
    section("Task", taskSection(manifest, width)),
    section("Gates", gatesSection(manifest, paint, width)),
    section(`Change  ${changeText(manifest)}`, changeSection(manifest, paint, width)),
    section("Tests", testsSection(manifest, paint, width)),
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

function taskSection({ task, task_source, repository, ...manifest }: RunManifest, width: number): string {
  const { include, exclude } = task.scope;
  const from = `${safeLine(repository.root)} at ${shortHash(repository.base_commit)}`;
  const branch = repository.branch === null ? " (detached HEAD)" : ` (${safeLine(repository.branch)})`;
  const fields: Field[] = [
    ["run", manifest.run_id],
    ["source", safeLine(task_source)],
    ["goal", safeBlock(task.goal)],
    ...task.acceptance_criteria.map(
      ({ id, text }, index): Field => [index === 0 ? "criteria" : "", `${safeLine(id)}: ${safeBlock(text)}`],
    ),
    ["scope", [...include, ...exclude.map((glob) => `not ${glob}`)].map(safeLine).join(", ")],
    ["specs", task.specs.map(safeLine).join(", ")],
    ["recipe", (task.recipe ?? []).map(safeLine).join(", ")],
    ["asks at", manifest.approvals_wanted.join(", ")],
    ["base", from + branch],
    [
      "",
      repository.uncommitted_changes ? "the working copy held uncommitted changes, which this run does not see" : "",
    ],
    ["parent", manifest.parent_run === null ? "" : safeLine(manifest.parent_run)],
  ];
  return layFields(fields, 2, width);
}

function gatesSection({ gates }: RunManifest, paint: Paint, width: number): string {
  const rows = gates.map(({ step_id, verdict }) => [
    `${markOfDecision(verdict.decision, paint)} ${verdict.gate}`,
    verdict.decision,
    safeLine(step_id),
    `version ${safeLine(verdict.version)}`,
    `evidence ${shortHash(verdict.evidence_sha256)}`,
  ]);
  const lines = layTable(rows, 2).split("\n");
  return gates.flatMap(({ verdict }, index) => [lines[index] ?? "", ...verdictDetail(verdict, width)]).join("\n");
}

function verdictDetail(verdict: RunManifest["gates"][number]["verdict"], width: number): readonly string[] {
  if (verdict.decision === "pass") return [];
  if (verdict.decision === "ask") return [indentText(safeBlock(verdict.question), 6, width)];
  const shown = verdict.findings.slice(0, findingsMax).map((finding) => indentText(findingText(finding), 6, width));
  return [...shown, ...moreLine(verdict.findings.length - shown.length, "finding", 6)];
}

function moreLine(count: number, noun: string, indent: number): readonly string[] {
  return count > 0 ? [`${" ".repeat(indent)}and ${countOf(count, `more ${noun}`)}`] : [];
}

const changeLetters = { added: "A", modified: "M", deleted: "D", type_changed: "T" } as const;

function changeSection(manifest: RunManifest, paint: Paint, width: number): string {
  const { change, review_summary } = manifest;
  if (change === null || change.paths.length === 0) return "";
  const rows = change.paths
    .slice(0, pathsMax)
    .map(({ kind, path, insertions, deletions }) => [
      changeLetters[kind],
      insertions === null ? "binary" : paint.green(`+${formatCount(insertions)}`),
      deletions === null ? "" : paint.red(`−${formatCount(deletions)}`),
      safeLine(path),
    ]);
  const facts: Field[] = [
    ["tree", shortHash(change.tree)],
    ["patch", `sha256 ${shortHash(change.patch_sha256)}`],
    ["commit", commitText(manifest)],
    ["review", review_summary === null ? "" : safeLine(review_summary)],
  ];
  return [
    layTable(rows, 2),
    ...moreLine(change.paths.length - rows.length, "file", 2),
    layFields(facts, 2, width),
  ].join("\n");
}

function testsSection({ tests }: RunManifest, paint: Paint, width: number): string {
  if (tests === null) return "  none were run";
  const missing = tests.required.filter((goal) => !tests.checks.some((check) => check.goal === goal));
  return [
    ...tests.checks.flatMap((check) => [
      `  ${checkText(check, paint)}`,
      indentText(`${check.command.map(safeLine).join(" ")}: ${safeLine(check.reason)}`, 6, width),
      ...notPassed(check.not_passed ?? [], width),
    ]),
    ...missing.map((goal) => `  ${markOfDecision("failed", paint)} ${goal} is required and was not run`),
    `  on tree ${shortHash(tests.tree)}`,
  ].join("\n");
}

type NotPassed = NonNullable<NonNullable<RunManifest["tests"]>["checks"][number]["not_passed"]>;

function notPassed(cases: NotPassed, width: number): readonly string[] {
  const shown = cases.slice(0, casesMax).map(({ outcome, suite, name, message }) => {
    const title = suite === "" ? name : `${suite} › ${name}`;
    return indentText(
      `${outcome}: ${safeLine(title)}${message === undefined ? "" : ` – ${safeLine(message)}`}`,
      6,
      width,
    );
  });
  return [...shown, ...moreLine(cases.length - shown.length, "case", 6)];
}

function answersSection({ questions }: RunManifest, paint: Paint, width: number): string {
  return questions
    .flatMap(({ question, answer }) => {
      const head = `${question.kind} about ${safeLine(question.subject)} (${shortHash(question.subject_sha256)})`;
      if (answer === null)
        return [`  ${paint.yellow("?")} ${head}: asked ${formatTime(question.asked_at)}, not answered`];
      const { decision, actor, at, message } = answer;
      const mark = markOfDecision(decision === "approve" ? "pass" : "refuse", paint);
      const who = `${safeLine(actor.id)} (${actor.kind}, ${actor.authenticated_by})`;
      return [
        `  ${mark} ${head}`,
        indentText(`${decision === "approve" ? "approved" : "rejected"} by ${who} at ${formatTime(at)}`, 6, width),
        ...(message === null ? [] : [indentText(`"${safeBlock(message)}"`, 6, width)]),
      ];
    })
    .join("\n");
}

function workSection(manifest: RunManifest, width: number): string {
  const { metrics, finished_at } = manifest;
  const used = manifest.models_used.map(safeLine).join(", ");
  const fields: Field[] = [
    ["started", formatTime(manifest.created_at)],
    ["finished", finished_at === null ? "" : formatTime(finished_at)],
    ["cost", costText(manifest)],
    [
      "",
      `${countOf(metrics.tool_calls, "tool call")}, ${countOf(metrics.refusals, "refusal")}, ${countOf(metrics.model_retries, "model retry").replace(/retrys$/, "retries")}`,
    ],
    ["model", `${safeLine(manifest.model)}${used === "" ? "" : ` (used: ${used})`}`],
    ["agents", manifest.agents.map(safeLine).join(", ")],
    ["plan", manifest.plan_summary === null ? "" : safeLine(manifest.plan_summary)],
    ["policy", `sha256 ${shortHash(manifest.policy_sha256)}`],
    ["version", safeLine(manifest.code_version)],
    [
      "log",
      `${countOf(manifest.log.events, "event")} in ${countOf(manifest.log.epochs, "segment")}, last hash ${shortHash(manifest.log.last_hash)}`,
    ],
  ];
  return layFields(fields, 2, width);
}

function stepsSection({ steps }: RunManifest): string {
  const rows = steps.map((step) => [
    safeLine(step.step_id),
    step.status,
    step.finished_at === null ? "" : formatDuration(secondsBetween(step.started_at, step.finished_at)),
    countOf(step.usage.turns, "turn"),
    countOf(step.tool_calls, "tool call"),
    step.detail === null ? "" : safeLine(step.detail),
  ]);
  return layTable(rows, 2);
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

function workspaceSection({ workspace }: RunManifest, width: number): string {
  if (workspace === null) return "";
  const { enforcement, dependencies } = workspace;
  const yes = (claim: boolean, held: string, not: string) => (claim ? held : not);
  const fields: Field[] = [
    ["branch", safeLine(workspace.branch)],
    ["adapter", workspace.adapter === null ? "none fits this repository" : safeLine(workspace.adapter)],
    ["sandbox", `${enforcement.sandbox}: ${safeLine(enforcement.reason)}`],
    [
      "enforced",
      [
        yes(enforcement.network_blocked, "network blocked", "network NOT blocked"),
        yes(enforcement.writes_confined, "writes confined", "writes NOT confined"),
        yes(enforcement.environment_filtered, "environment filtered", "environment NOT filtered"),
      ].join(", "),
    ],
    ["dependencies", `${dependencies.method}: ${safeLine(dependencies.reason)}`],
    ["lock file", lockText(dependencies)],
  ];
  return layFields(fields, 2, width);
}

function lockText({ lock_file, lock_sha256 }: NonNullable<RunManifest["workspace"]>["dependencies"]): string {
  if (lock_file === null) return "";
  return `${safeLine(lock_file)}${lock_sha256 === null ? "" : ` (sha256 ${shortHash(lock_sha256)})`}`;
}

function artifactsSection({ artifacts }: RunManifest): string {
  return layTable(
    artifacts.map(({ name, bytes, sha256, media_type }) => [
      safeLine(name),
      formatBytes(bytes),
      `sha256 ${shortHash(sha256)}`,
      safeLine(media_type),
    ]),
    2,
  );
}

function resumeSection({ resume_events }: RunManifest, width: number): string {
  return resume_events
    .map(({ timestamp, actor, epoch, reason }) =>
      indentText(`epoch ${epoch} at ${formatTime(timestamp)} by ${safeLine(actor.id)}: ${safeLine(reason)}`, 2, width),
    )
    .join("\n");
}

function holderSection({ manifest, heartbeat, liveness }: RunReport, { paint, hints, width }: QuestionContext): string {
  const isOver = manifest.finished_at !== null;
  if (isOver || (liveness === "none" && manifest.status !== "running")) return "";
  const resume = hints.command("resume", manifest.run_id);
  const seen =
    heartbeat === null
      ? ""
      : `; last seen ${formatTime(heartbeat.at)}${heartbeat.step_id === null ? "" : ` in ${safeLine(heartbeat.step_id)}`}`;
  const words = {
    none: `nobody works on this run; go on with: ${resume}`,
    alive: `works on it${seen}`,
    stale: `${paint.yellow("stale")}: no sign of life for too long${seen}; take it over with: ${resume}`,
    dead: `${paint.red("dead")}: its process is gone${seen}; take it over with: ${resume}`,
    unknown: `${paint.yellow("unknown")}: it cannot be told from here whether its process is there${seen}; if you know that it is not: ${resume}`,
  } as const;
  const who = heartbeat === null ? "somebody" : holderName(heartbeat.holder);
  return indentText(liveness === "alive" ? `${who} ${words.alive}` : words[liveness], 2, width);
}

/** The holder as people name it, where it is a process that names itself as ours do. */
function holderName(holder: string): string {
  const identity = parseIdentity(holder);
  return safeLine(identity === null ? holder : `process ${identity.pid} on ${identity.host}`);
}
