import type { EventPayload, KnownEvent } from "../../schema/run-event.ts";
import type { Finding } from "../../schema/verdict.ts";
import type { Paint } from "../text/paint.ts";
import { countOf, formatDuration, shortHash } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { markOfDecision } from "./marks.ts";

/** An event as one line: its time in UTC, and what happened. */
export function eventLine(event: KnownEvent, paint: Paint): string {
  return `${paint.dim(`${event.timestamp.slice(11, 19)}Z`)}  ${describeEvent(event, paint)}`;
}

/** True for events that a person follows; the others are detail. */
export function isMilestone({ event }: KnownEvent): boolean {
  return !detail.has(event);
}

const detail: ReadonlySet<KnownEvent["event"]> = new Set([
  "lease_acquired",
  "model_answered",
  "tool_started",
  "tool_finished",
  "artifact_stored",
]);

/** What an event says, in a few words that are safe for a terminal. */
export function describeEvent(event: KnownEvent, paint: Paint): string {
  switch (event.event) {
    case "run_created":
      return `run created for task ${safeLine(event.task_id)}: ${safeLine(event.payload.task.title)}`;
    case "lease_acquired":
      return `held by ${safeLine(event.payload.holder)}: ${safeLine(event.payload.reason)}`;
    case "workspace_prepared":
      return describeWorkspace(event.payload);
    case "step_started":
      return `${stepName(event.payload.step_id, paint)} started (decided by ${safeLine(event.payload.decided_by)})`;
    case "model_answered":
      return `${safeLine(event.payload.agent)} answered, turn ${event.payload.turn} (${took(event.payload.duration_ms)})`;
    case "model_call_failed":
      return describeFailedCall(event.payload, paint);
    case "tool_started":
      return `${stepName(event.payload.step_id, paint)} calls ${safeLine(event.payload.tool)}`;
    case "tool_finished":
      return describeToolResult(event.payload, paint);
    case "tool_interrupted":
      return `${safeLine(event.payload.tool)} was interrupted: ${safeLine(event.payload.settled)}`;
    case "delegation_refused":
      return `delegation to ${safeLine(event.payload.delegate)} refused: ${safeLine(event.payload.reason)}`;
    case "step_finished":
      return `${stepName(event.payload.step_id, paint)} finished (${took(event.payload.duration_ms)})`;
    case "step_failed":
      return `${paint.red("✗")} ${stepName(event.payload.step_id, paint)} failed: ${safeLine(event.payload.message)}`;
    case "step_drifted":
      return `${stepName(event.payload.step_id, paint)} starts over: ${safeLine(event.payload.reason)}`;
    case "gate_passed":
    case "gate_refused":
    case "gate_asked":
      return describeVerdict(event.payload, paint);
    default:
      return describeStanding(event, paint);
  }
}

type StandingEvent = Extract<
  KnownEvent,
  {
    event:
      | "question_asked"
      | "command_received"
      | "run_blocked"
      | "run_faulted"
      | "artifact_stored"
      | "mcp_server_started"
      | "command_started"
      | "command_finished"
      | "command_interrupted"
      | "goal_started"
      | "goal_unblocked"
      | "goal_ended"
      | "change_committed"
      | "run_finished";
  }
>;

function describeStanding(event: StandingEvent, paint: Paint): string {
  switch (event.event) {
    case "question_asked":
      return `${paint.yellow("?")} ${event.payload.question.kind}: ${safeLine(event.payload.question.text)}`;
    case "command_received":
      return describeCommand(event.payload);
    case "run_blocked":
      if (event.payload.on === "pause") return "paused";
      if (event.payload.on === "goals") return "waits for what its goals ask";
      return `waits for an answer to ${safeLine(event.payload.question_id ?? "")}`;
    case "run_faulted":
      if (event.payload.code === "aborted") return `${paint.yellow("!")} stopped: ${safeLine(event.payload.message)}`;
      return `${paint.red("✗")} stopped by a fault: ${event.payload.code}: ${safeLine(event.payload.message)}`;
    case "artifact_stored":
      return `stored ${safeLine(event.payload.name)} (${countOf(event.payload.bytes, "byte")})`;
    case "mcp_server_started":
      return `the commands go through ${event.payload.kind === "own" ? "our own MCP server" : "an MCP server"}`;
    case "command_started":
      return `${stepName(event.payload.step_id, paint)} runs ${event.payload.argv.map(safeLine).join(" ")}`;
    case "command_finished":
      return describeCommandEnd(event.payload, paint);
    case "command_interrupted":
      return `${paint.yellow("!")} ${stepName(event.payload.step_id, paint)} was interrupted: ${safeLine(event.payload.settled)}`;
    case "goal_started":
      return `${goalName(event.payload.goal, paint)} ${event.payload.start === 1 ? "started" : "goes on"}: run ${safeLine(event.payload.run_id)}`;
    case "goal_unblocked":
      return `${goalName(event.payload.goal, paint)} goes on: ${safeLine(event.payload.reason)}`;
    case "goal_ended":
      return describeGoalEnd(event.payload, paint);
    case "change_committed":
      return `committed ${shortHash(event.payload.commit)} to ${safeLine(event.payload.branch)}`;
    case "run_finished":
      return `${finishMark(event.payload.status, paint)} ${event.payload.status}: ${safeLine(event.payload.detail)}`;
  }
}

function goalName(id: string, paint: Paint): string {
  return paint.bold(safeLine(id));
}

function describeGoalEnd({ goal, outcome, detail }: EventPayload<"goal_ended">, paint: Paint): string {
  const marks = { passed: "pass", refused: "refuse", faulted: "refuse", blocked: "ask" } as const;
  const mark = outcome === "cancelled" ? paint.dim("–") : markOfDecision(marks[outcome], paint);
  return `${mark} ${goalName(goal, paint)} ${outcome}: ${safeLine(detail)}`;
}

function finishMark(status: EventPayload<"run_finished">["status"], paint: Paint): string {
  if (status === "cancelled") return paint.dim("–");
  return markOfDecision(status === "passed" ? "pass" : "refuse", paint);
}

function describeWorkspace(prepared: EventPayload<"workspace_prepared">): string {
  const { branch, adapter, dependencies, projects = [], enforcement } = prepared;
  const others = projects.slice(1).map((project) => `, ${safeLine(`${project.adapter} in ${project.root}`)}`);
  const stack = adapter === null ? "no adapter" : `adapter ${safeLine(adapter.id)}${others.join("")}`;
  return `workspace ready on ${safeLine(branch)}: ${stack}, dependencies ${dependencies.method}, sandbox ${enforcement.sandbox}`;
}

function describeFailedCall(payload: EventPayload<"model_call_failed">, paint: Paint): string {
  const next = payload.retry_in_ms === null ? "gives up" : `tries again in ${took(payload.retry_in_ms)}`;
  return `${paint.yellow("!")} model call of ${safeLine(payload.agent)} failed, ${next}: ${safeLine(payload.message)}`;
}

function describeToolResult(payload: EventPayload<"tool_finished">, paint: Paint): string {
  const mark = payload.outcome === "ok" ? "" : ` ${paint.yellow(payload.outcome)}`;
  return `${stepName(payload.step_id, paint)} called ${safeLine(payload.tool)}${mark} (${took(payload.duration_ms)})`;
}

function describeVerdict({ step_id, verdict }: EventPayload<"gate_passed">, paint: Paint): string {
  const mark = markOfDecision(verdict.decision, paint);
  const head = `${mark} ${verdict.gate} gate on ${safeLine(step_id)}`;
  if (verdict.decision === "pass") return `${head}: pass`;
  if (verdict.decision === "ask") return `${head} asks: ${safeLine(verdict.question)}`;
  const [first, ...rest] = verdict.findings;
  const more = rest.length === 0 ? "" : ` (and ${countOf(rest.length, "more finding")})`;
  return `${head} refused: ${first === undefined ? "" : findingText(first)}${more}`;
}

/** A finding as one line: where, what, and by which rule. */
export function findingText({ rule, message, path, line }: Finding): string {
  const where = path === undefined ? "" : `${safeLine(path)}${line === undefined ? "" : `:${line}`}: `;
  return `${where}${safeLine(message)} [${safeLine(rule)}]`;
}

function describeCommandEnd(payload: EventPayload<"command_finished">, paint: Paint): string {
  const { step_id, outcome, duration_ms, reason, retry_in_ms } = payload;
  const isMissing = outcome === "missing";
  const mark = isMissing ? paint.dim("–") : markOfDecision(outcome === "passed" ? "passed" : "failed", paint);
  const head = `${mark} ${stepName(step_id, paint)} ${outcome.replace("_", " ")} (${took(duration_ms)})`;
  const again = retry_in_ms === null ? "" : `, tried again in ${took(retry_in_ms)}`;
  return outcome === "passed" ? head : `${head}: ${safeLine(reason)}${again}`;
}

function describeCommand({ command, accepted, reason }: EventPayload<"command_received">): string {
  const said = command.verb === "answer" ? `${command.answer} of ${safeLine(command.question_id)}` : command.verb;
  const message = command.message === undefined ? "" : `: "${safeLine(command.message)}"`;
  const effect = accepted ? "" : ` had no effect (${safeLine(reason ?? "no reason given")})`;
  return `${said} by ${safeLine(command.actor.id)}${message}${effect}`;
}

function stepName(stepId: string, paint: Paint): string {
  return paint.bold(safeLine(stepId));
}

function took(ms: number): string {
  return formatDuration(ms / 1000);
}
