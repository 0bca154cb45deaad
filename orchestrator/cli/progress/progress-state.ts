import type { KnownEvent } from "../../schema/run-event.ts";
import type { Verdict } from "../../schema/verdict.ts";

/** What a gate said last. */
export interface GateMark {
  readonly gate: Verdict["gate"];
  readonly decision: Verdict["decision"];
  readonly findings: number;
}

/** What somebody who watches a run wants to see at a glance. */
export interface ProgressState {
  /** The step under way, or what is done between steps. */
  readonly doing: string;
  readonly detail: string;
  readonly turns: number;
  readonly tokens: number;
  /** In the order in which each first spoke. */
  readonly gates: readonly GateMark[];
}

export const noProgress: ProgressState = { doing: "starting", detail: "", turns: 0, tokens: 0, gates: [] };

/** The state after one more event. */
export function addProgress(state: ProgressState, event: KnownEvent): ProgressState {
  switch (event.event) {
    case "workspace_prepared":
      return { ...state, doing: "choosing the next step", detail: "" };
    case "step_started":
      return { ...state, doing: event.payload.step_id, detail: "thinking" };
    case "model_answered": {
      const { input_tokens, output_tokens } = event.payload.usage;
      return { ...state, turns: state.turns + 1, tokens: state.tokens + input_tokens + output_tokens };
    }
    case "model_call_failed":
      return { ...state, detail: "the model call failed" };
    case "tool_started":
      return { ...state, detail: event.payload.tool };
    case "tool_finished":
      return {
        ...state,
        detail: `${event.payload.tool} ${event.payload.outcome === "ok" ? "done" : event.payload.outcome}`,
      };
    case "step_finished":
    case "step_failed":
    case "step_drifted":
      return { ...state, doing: "judging", detail: event.payload.step_id };
    case "gate_passed":
    case "gate_refused":
    case "gate_asked":
      return { ...state, gates: markGate(state.gates, event.payload.verdict) };
    case "command_started":
      return { ...state, doing: event.payload.name, detail: event.payload.argv.join(" ") };
    case "command_finished":
    case "command_interrupted":
      return { ...state, doing: "choosing the next command", detail: "" };
    case "goal_started":
    case "goal_ended":
    case "goal_unblocked":
      return { ...state, doing: event.payload.goal, detail: event.event.replace("_", " ") };
    case "change_committed":
      return { ...state, doing: "finishing", detail: "" };
    default:
      return state;
  }
}

function markGate(gates: readonly GateMark[], verdict: Verdict): readonly GateMark[] {
  const { gate, decision } = verdict;
  const mark = { gate, decision, findings: verdict.decision === "refuse" ? verdict.findings.length : 0 };
  return gates.some((each) => each.gate === gate)
    ? gates.map((each) => (each.gate === gate ? mark : each))
    : [...gates, mark];
}
