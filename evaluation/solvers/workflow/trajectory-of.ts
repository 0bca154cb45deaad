import type { KnownEvent } from "../../../orchestrator/index.ts";
import { addUsage, noUsage, type Usage } from "../../../orchestrator/schema/budget.ts";
import type { Verdict } from "../../../orchestrator/schema/verdict.ts";
import type { TrajectoryStep } from "../../schema/solution.ts";

type Step = Omit<TrajectoryStep, "at">;

const stepsMax = 2_000;
const detailMax = 4_096;

/** What happened in a run, for a reader. */
export function trajectoryOf(events: readonly KnownEvent[]): TrajectoryStep[] {
  const steps = events.flatMap((event): TrajectoryStep[] => {
    const step = stepOf(event);
    if (step === null) return [];
    const { detail, ...rest } = step;
    const shown = detail === undefined || detail === "" ? {} : { detail: detail.slice(0, detailMax) };
    return [{ at: event.timestamp, ...rest, ...shown }];
  });
  return steps.slice(0, stepsMax);
}

/** What the calls of models in a run used, those that broke off as well. */
export function usageOf(events: readonly KnownEvent[]): Usage {
  return events.reduce((sum, event) => {
    const isCall = event.event === "model_answered" || event.event === "model_call_failed";
    return isCall && event.payload.usage !== undefined ? addUsage(sum, event.payload.usage) : sum;
  }, noUsage);
}

function stepOf(event: KnownEvent): Step | null {
  return workOf(event) ?? judgementOf(event);
}

function workOf({ event, payload }: KnownEvent): Step | null {
  switch (event) {
    case "step_started":
      return { kind: "step", title: `${payload.step_id}: the ${payload.role} begins`, detail: payload.input.brief };
    case "step_finished":
      return { kind: "step", title: `${payload.step_id}: done`, detail: JSON.stringify(payload.document) };
    case "step_failed":
      return { kind: "step", title: `${payload.step_id}: failed (${payload.code})`, detail: payload.message };
    case "model_answered": {
      const { step_id, model, agent, turn, answer } = payload;
      const title = `${step_id}: ${model} answers the ${agent}, turn ${turn}`;
      return { kind: "model_call", title, detail: JSON.stringify(answer.output) };
    }
    case "model_call_failed":
      return { kind: "model_call", title: `${payload.step_id}: the call failed`, detail: payload.message };
    case "tool_finished": {
      const kind = payload.check === null && payload.tool !== "run_command" ? "tool_call" : "command";
      return { kind, title: `${payload.step_id}: ${payload.tool}: ${payload.outcome}`, detail: payload.result };
    }
    default:
      return null;
  }
}

function judgementOf({ event, payload }: KnownEvent): Step | null {
  switch (event) {
    case "gate_passed":
    case "gate_refused":
    case "gate_asked": {
      const { step_id, verdict } = payload;
      const title = `${step_id}: the ${verdict.gate} gate: ${verdict.decision}`;
      return { kind: "gate", title, detail: reasonOf(verdict) };
    }
    case "delegation_refused":
      return { kind: "gate", title: `${payload.step_id}: a delegation was refused`, detail: payload.reason };
    case "question_asked":
      return { kind: "note", title: `a person is asked: ${payload.question.kind}`, detail: payload.question.text };
    case "command_received":
      return { kind: "note", title: `a person says: ${payload.command.verb}` };
    case "run_faulted":
      return { kind: "note", title: `the run broke off (${payload.code})`, detail: payload.message };
    case "run_finished":
      return { kind: "note", title: `the run is ${payload.status}`, detail: payload.detail };
    default:
      return null;
  }
}

function reasonOf(verdict: Verdict): string {
  if (verdict.decision === "ask") return verdict.question;
  if (verdict.decision === "pass") return (verdict.notes ?? []).join("\n");
  return verdict.findings.map(({ rule, message }) => `${rule}: ${message}`).join("\n");
}
