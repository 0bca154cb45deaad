import { goalsAfter } from "../flow/goals/goals-state.ts";
import { commandAfter } from "../flow/pipeline-commands.ts";
import { addWorkedTime } from "../flow/worked-time.ts";
import { addUsage, noUsage } from "../schema/budget.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { ManifestStep } from "../schema/run-manifest.ts";
import type { EventOf, FoldState, Standing } from "./manifest-state.ts";

/** Takes one more event into the state. What comes after the end of the run changes nothing: a final manifest is final. */
export function applyEvent(state: FoldState, event: KnownEvent): void {
  if (state.standing.is === "final") return;
  countEvent(state, event);
  applyToSteps(state, event);
  applyToRun(state, event);
  applyToCommands(state, event);
  applyToGoals(state, event);
}

function applyToGoals(state: FoldState, event: KnownEvent): void {
  if (state.goals !== null) state.goals = goalsAfter(state.goals, event);
  if (event.event === "goal_started") stand(state, { is: "running" });
}

function applyToCommands(state: FoldState, event: KnownEvent): void {
  const after = commandAfter(state.commands, state.commandPlaces, event);
  if (after !== null) state.commands[after.index - 1] = after;
  if (event.event === "command_finished" && event.payload.error_file !== null)
    state.errorFiles.add(event.payload.error_file);
  if (event.event === "command_started") stand(state, { is: "running" });
}

function applyToSteps(state: FoldState, event: KnownEvent): void {
  switch (event.event) {
    case "step_started":
      onStepStarted(state, event);
      break;
    case "model_answered":
      onModelAnswered(state, event);
      break;
    case "model_call_failed":
      onModelCallFailed(state, event);
      break;
    case "tool_finished":
      onToolFinished(state, event);
      break;
    case "step_finished":
      onStepFinished(state, event);
      break;
    case "step_failed":
      onStepFailed(state, event);
      break;
    case "step_drifted":
      onStepDrifted(state, event);
      break;
    case "gate_passed":
    case "gate_refused":
    case "gate_asked":
      onGate(state, event);
      break;
  }
}

function applyToRun(state: FoldState, event: KnownEvent): void {
  switch (event.event) {
    case "lease_acquired":
      onLeaseAcquired(state, event);
      break;
    case "workspace_prepared":
      onWorkspacePrepared(state, event);
      break;
    case "question_asked":
      state.questions.set(event.payload.question.id, { question: event.payload.question, answer: null });
      break;
    case "command_received":
      onCommandReceived(state, event);
      break;
    case "run_blocked":
      onRunBlocked(state, event);
      break;
    case "run_faulted":
      stand(state, { is: "faulted", detail: `${event.payload.code}: ${event.payload.message}` });
      break;
    case "artifact_stored":
      state.artifacts.set(event.payload.name, event.payload);
      break;
    case "change_committed":
      onChangeCommitted(state, event);
      break;
    case "run_finished":
      onRunFinished(state, event);
      break;
  }
}

/** Counts the event, and its moment as time under the lease. */
function countEvent(state: FoldState, event: KnownEvent): void {
  state.events += 1;
  state.lastHash = event.hash;
  if (event.epoch !== state.epoch) state.epochs += 1;
  state.epoch = event.epoch;
  state.worked = addWorkedTime(state.worked, event);
}

function stand(state: FoldState, standing: Standing): void {
  state.standing = standing;
}

function onLeaseAcquired(state: FoldState, { timestamp, actor, epoch, payload }: EventOf<"lease_acquired">): void {
  if (epoch > 1) state.resumeEvents.push({ timestamp, actor, epoch, reason: payload.reason });
  if (state.standing.is === "faulted") stand(state, { is: "running" });
}

function onWorkspacePrepared(state: FoldState, { payload }: EventOf<"workspace_prepared">): void {
  const { branch, adapter, dependencies, projects, enforcement } = payload;
  const several = projects === undefined ? {} : { projects };
  state.workspace = { branch, adapter: adapter?.id ?? null, dependencies, ...several, enforcement };
}

function onStepStarted(state: FoldState, { timestamp, payload }: EventOf<"step_started">): void {
  state.agents.add(payload.role);
  state.stepIndex.set(payload.step_id, state.steps.length);
  state.steps.push({
    step_id: payload.step_id,
    role: payload.role,
    attempt: payload.attempt,
    status: "open",
    detail: null,
    started_at: timestamp,
    finished_at: null,
    input_sha256: payload.input_sha256,
    tree_before: payload.tree,
    tree_after: null,
    usage: noUsage,
    tool_calls: 0,
  });
  stand(state, { is: "running" });
}

/** Replaces the step that was started last under this id; events of the manager's own steps are in no list. */
function changeStep(state: FoldState, stepId: string, change: (step: ManifestStep) => Partial<ManifestStep>): void {
  const index = state.stepIndex.get(stepId);
  const step = index === undefined ? undefined : state.steps[index];
  if (index !== undefined && step !== undefined) state.steps[index] = { ...step, ...change(step) };
}

function onModelAnswered(state: FoldState, { payload }: EventOf<"model_answered">): void {
  state.models.add(payload.model);
  state.agents.add(payload.agent);
  state.usage = addUsage(state.usage, payload.usage);
  changeStep(state, payload.step_id, (step) => ({ usage: addUsage(step.usage, payload.usage) }));
}

function onModelCallFailed(state: FoldState, { payload }: EventOf<"model_call_failed">): void {
  if (payload.retry_in_ms !== null) state.modelRetries += 1;
  const { usage = noUsage } = payload;
  state.usage = addUsage(state.usage, usage);
  changeStep(state, payload.step_id, (step) => ({ usage: addUsage(step.usage, usage) }));
}

function onToolFinished(state: FoldState, { payload }: EventOf<"tool_finished">): void {
  state.toolCalls += 1;
  if (payload.error_file !== null) state.errorFiles.add(payload.error_file);
  addPattern(state, payload.pattern);
  changeStep(state, payload.step_id, (step) => ({ tool_calls: step.tool_calls + 1 }));
}

function addPattern({ patterns }: FoldState, used: EventOf<"tool_finished">["payload"]["pattern"]): void {
  if (used === undefined) return;
  const { id, version, sha256, library } = used;
  const name = JSON.stringify([id, version, sha256, library]);
  if (!patterns.has(name)) patterns.set(name, used);
}

function onStepFinished(state: FoldState, { timestamp, payload }: EventOf<"step_finished">): void {
  const { step_id, tree, usage, document } = payload;
  changeStep(state, step_id, () => ({ status: "finished", finished_at: timestamp, tree_after: tree, usage }));
  switch (document.role) {
    case "planner":
      state.planSummary = document.plan.summary;
      return;
    case "builder":
      state.change = document.change;
      return;
    case "tester":
      state.tests = document.report;
      return;
    case "reviewer":
      state.reviewSummary = document.review.summary;
      return;
  }
}

function onStepFailed(state: FoldState, { timestamp, payload }: EventOf<"step_failed">): void {
  const { step_id, code, message, tree, usage } = payload;
  const detail = `${code}: ${message}`;
  changeStep(state, step_id, () => ({ status: "failed", detail, finished_at: timestamp, tree_after: tree, usage }));
}

function onStepDrifted(state: FoldState, { timestamp, payload }: EventOf<"step_drifted">): void {
  changeStep(state, payload.step_id, () => ({ status: "drifted", detail: payload.reason, finished_at: timestamp }));
}

function onGate(state: FoldState, event: EventOf<"gate_passed" | "gate_refused" | "gate_asked">): void {
  state.gates.push({ step_id: event.payload.step_id, at: event.timestamp, verdict: event.payload.verdict });
  if (event.event === "gate_refused") state.refusals += 1;
}

function onCommandReceived(state: FoldState, { payload: { command, accepted } }: EventOf<"command_received">): void {
  if (!accepted) return;
  if (command.verb === "resume" && state.standing.is === "paused") stand(state, { is: "running" });
  if (command.verb !== "answer") return;
  const asked = state.questions.get(command.question_id);
  if (asked !== undefined) {
    const { answer: decision, actor, at, message = null } = command;
    state.questions.set(command.question_id, { ...asked, answer: { decision, actor, at, message } });
  }
  const { standing } = state;
  const waitsForThis =
    standing.is === "blocked" && (standing.questionId === null || standing.questionId === command.question_id);
  if (waitsForThis) stand(state, { is: "running" });
}

function onRunBlocked(state: FoldState, { payload }: EventOf<"run_blocked">): void {
  if (payload.on === "pause") stand(state, { is: "paused" });
  else if (payload.on === "goals") stand(state, { is: "waiting" });
  else stand(state, { is: "blocked", questionId: payload.question_id });
}

function onChangeCommitted(state: FoldState, { payload }: EventOf<"change_committed">): void {
  state.commit = payload.commit;
  if (state.change?.tree === payload.tree) state.change = { ...state.change, head_commit: payload.commit };
}

function onRunFinished(state: FoldState, { timestamp, payload }: EventOf<"run_finished">): void {
  state.finishedAt = timestamp;
  stand(state, { is: "final", status: payload.status, detail: payload.detail });
}
