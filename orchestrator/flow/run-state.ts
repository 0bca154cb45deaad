import { addUsage, noUsage, type Usage } from "../schema/budget.ts";
import type { HandoffInput, StepDocument } from "../schema/handoff.ts";
import type { ManifestCommand } from "../schema/pipeline.ts";
import type { Delegate } from "../schema/primitives.ts";
import type { EventPayload, KnownEvent } from "../schema/run-event.ts";
import type { ApprovalPoint } from "../schema/task-spec.ts";
import type { Finding, GateName, Question, Verdict } from "../schema/verdict.ts";
import { beginGoals, type GoalsState, goalsAfter } from "./goals/goals-state.ts";
import { beginCommands, commandAfter, placesOf } from "./pipeline-commands.ts";

/** One attempt of one role, as the log tells it. */
export interface StepState {
  readonly stepId: string;
  readonly role: Delegate;
  readonly attempt: number;
  /** Where the step began in the log. */
  readonly seq: number;
  readonly status: "open" | "finished" | "failed" | "drifted";
  readonly input: HandoffInput;
  readonly inputSha256: string;
  readonly decidedBy: string;
  readonly treeBefore: string;
  /** The latest tree that the log knows inside or after the step. */
  readonly tree: string;
  readonly document: StepDocument | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly verdicts: ReadonlyMap<GateName, Verdict>;
}

/** A question, and what a person said to it. */
export interface QuestionState {
  readonly question: Question;
  readonly answer: {
    readonly decision: "approve" | "reject";
    readonly message: string | null;
    readonly seq: number;
  } | null;
}

/** What the events of a run say, folded: the one source of which moves are legal. */
export interface RunState {
  readonly created: EventPayload<"run_created">;
  readonly approvals: ReadonlySet<ApprovalPoint>;
  readonly workspace: EventPayload<"workspace_prepared"> | null;
  readonly specVerdict: Verdict | null;
  /** Of a pipeline; empty in the run of a task. */
  readonly commands: readonly ManifestCommand[];
  readonly commandPlaces: ReadonlyMap<string, number>;
  readonly guardrailsVerdict: Verdict | null;
  /** Of a run that works through many goals; null in every other. */
  readonly goals: GoalsState | null;
  readonly steps: readonly StepState[];
  readonly questions: readonly QuestionState[];
  readonly usage: Usage;
  /** Model calls whose use the provider did not report. */
  readonly unreportedCalls: number;
  /** What the gates before the commit said of the run as it stands; empty again when anything happened since. */
  readonly finishVerdicts: ReadonlyMap<GateName, Verdict>;
  readonly paused: boolean;
  readonly cancelled: { readonly message: string } | null;
  readonly committed: EventPayload<"change_committed"> | null;
  readonly finished: EventPayload<"run_finished"> | null;
  /** Why the manager's decisions ended without a delegation, since the last step began. */
  readonly refusedDelegations: readonly string[];
  readonly lastSeq: number;
}

/** The step id under which the whole run is judged, before any step. */
export const runSubject = "run";

/** The step id under which the whole run is judged once more, right before the commit. */
export const finishSubject = "finish";

/** Folds the first event of a run, which must be `run_created`. */
function initialState(created: EventPayload<"run_created">): RunState {
  const commands = created.pipeline === undefined ? [] : beginCommands(created.pipeline);
  return {
    created,
    approvals: new Set([...created.approvals, ...created.task.approvals]),
    workspace: null,
    specVerdict: null,
    commands,
    commandPlaces: placesOf(commands),
    guardrailsVerdict: null,
    goals: created.goals === undefined ? null : beginGoals(created.goals),
    steps: [],
    questions: [],
    usage: noUsage,
    unreportedCalls: 0,
    finishVerdicts: new Map(),
    paused: false,
    cancelled: null,
    committed: null,
    finished: null,
    refusedDelegations: [],
    lastSeq: 0,
  };
}

/** The state after all events. Throws a `TypeError` where the first is not `run_created`, which a sound log never shows. */
export function foldRun(events: Iterable<KnownEvent>): RunState {
  let state: RunState | null = null;
  for (const event of events) {
    if (state !== null) state = applyEvent(state, event);
    else if (event.event === "run_created") state = initialState(event.payload);
    else throw new TypeError(`a run's first event is ${event.event}, not run_created`);
  }
  if (state === null) throw new TypeError("a run without events has no state");
  return state;
}

/** The state after one more event. Events that change nothing here leave the state as it is; so does all that comes after the end. */
export function applyEvent(state: RunState, event: KnownEvent): RunState {
  if (state.finished !== null) return { ...state, lastSeq: event.seq };
  const goals = state.goals === null ? null : goalsAfter(state.goals, event);
  return { ...change(state, event), goals, lastSeq: event.seq };
}

function change(state: RunState, event: KnownEvent): RunState {
  switch (event.event) {
    case "lease_acquired":
      return { ...state, finishVerdicts: new Map() };
    case "workspace_prepared":
      return { ...state, workspace: event.payload };
    case "step_started":
      return {
        ...state,
        steps: [...state.steps, openStep(event.payload, event.seq)],
        refusedDelegations: [],
        finishVerdicts: new Map(),
      };
    case "model_answered":
      return {
        ...state,
        usage: addUsage(state.usage, event.payload.usage),
        unreportedCalls: state.unreportedCalls + (event.payload.usage_reported === false ? 1 : 0),
      };
    case "model_call_failed":
      return { ...state, usage: addUsage(state.usage, event.payload.usage ?? noUsage) };
    case "tool_finished":
      return updateTree(state, event.payload.step_id, event.payload.tree);
    case "delegation_refused":
      if (event.payload.delegate !== "none") return state;
      return { ...state, refusedDelegations: [...state.refusedDelegations, event.payload.reason] };
    case "step_finished":
      return updateStep(state, event.payload.step_id, (step) => ({
        ...step,
        status: "finished",
        tree: event.payload.tree,
        document: event.payload.document,
      }));
    case "step_failed":
      return updateStep(state, event.payload.step_id, (step) => ({
        ...step,
        status: "failed",
        tree: event.payload.tree,
        failure: { code: event.payload.code, message: event.payload.message },
      }));
    case "step_drifted":
      return updateStep(state, event.payload.step_id, (step) => ({ ...step, status: "drifted" }));
    case "gate_passed":
    case "gate_refused":
    case "gate_asked":
      return applyVerdict(state, event.payload.step_id, event.payload.verdict);
    case "question_asked":
      return { ...state, questions: [...state.questions, { question: event.payload.question, answer: null }] };
    case "command_received":
      if (!event.payload.accepted) return state;
      return { ...applyCommand(state, event.payload.command, event.seq), finishVerdicts: new Map() };
    case "command_started":
    case "command_finished":
    case "command_interrupted":
      return updateCommand(state, event);
    case "change_committed":
      return { ...state, committed: event.payload };
    case "run_finished":
      return { ...state, finished: event.payload };
    default:
      return state;
  }
}

function updateCommand(state: RunState, event: KnownEvent): RunState {
  const after = commandAfter(state.commands, state.commandPlaces, event);
  return after === null ? state : { ...state, commands: state.commands.with(after.index - 1, after) };
}

function openStep(payload: EventPayload<"step_started">, seq: number): StepState {
  return {
    stepId: payload.step_id,
    role: payload.role,
    attempt: payload.attempt,
    seq,
    status: "open",
    input: payload.input,
    inputSha256: payload.input_sha256,
    decidedBy: payload.decided_by,
    treeBefore: payload.tree,
    tree: payload.tree,
    document: null,
    failure: null,
    verdicts: new Map(),
  };
}

function updateStep(state: RunState, stepId: string, update: (step: StepState) => StepState): RunState {
  return { ...state, steps: state.steps.map((step) => (step.stepId === stepId ? update(step) : step)) };
}

function updateTree(state: RunState, stepId: string, tree: string | null): RunState {
  return tree === null ? state : updateStep(state, stepId, (step) => ({ ...step, tree }));
}

function applyVerdict(state: RunState, stepId: string, verdict: Verdict): RunState {
  if (stepId === runSubject && verdict.gate === "guardrails") return { ...state, guardrailsVerdict: verdict };
  if (stepId === runSubject) return verdict.gate === "spec" ? { ...state, specVerdict: verdict } : state;
  if (stepId === finishSubject)
    return { ...state, finishVerdicts: new Map([...state.finishVerdicts, [verdict.gate, verdict]]) };
  return updateStep(state, stepId, (step) => ({
    ...step,
    verdicts: new Map([...step.verdicts, [verdict.gate, verdict]]),
  }));
}

function applyCommand(state: RunState, command: EventPayload<"command_received">["command"], seq: number): RunState {
  switch (command.verb) {
    case "pause":
      return { ...state, paused: true };
    case "resume":
      return { ...state, paused: false };
    case "cancel":
      return { ...state, cancelled: { message: command.message ?? "cancelled" } };
    case "answer":
      return {
        ...state,
        refusedDelegations: [],
        questions: state.questions.map((asked) =>
          asked.question.id === command.question_id
            ? { ...asked, answer: { decision: command.answer, message: command.message ?? null, seq } }
            : asked,
        ),
      };
  }
}

/** The refusals that the gates of a step gave, in the gates' order; a step that failed gives its failure. */
export function findingsOf(step: StepState): readonly Finding[] {
  if (step.failure !== null) return [{ rule: `agent/${step.failure.code}`, message: step.failure.message }];
  return [...step.verdicts.values()].flatMap((verdict) => (verdict.decision === "refuse" ? verdict.findings : []));
}

/** The files that a run began with, as a workspace sees them. */
export function treeAtBase({ workspace, created }: RunState): string {
  return workspace?.tree ?? created.repository.base_tree;
}

/** The question that nobody has answered yet, or null. */
export function openQuestion(state: RunState): Question | null {
  return state.questions.find(({ answer }) => answer === null)?.question ?? null;
}
