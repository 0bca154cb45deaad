import type { Delegate } from "../schema/primitives.ts";
import type { Finding, GateName, QuestionKind } from "../schema/verdict.ts";
import {
  findingsOf,
  finishSubject,
  openQuestion,
  type QuestionState,
  type RunState,
  runSubject,
  type StepState,
} from "./run-state.ts";

/** What may happen next. Only `delegate` leaves a choice, and that is the manager's. */
export type Move =
  | { readonly kind: "done" }
  | { readonly kind: "finish"; readonly status: "passed" | "refused" | "cancelled"; readonly detail: string }
  | { readonly kind: "block"; readonly on: "question" | "pause"; readonly questionId: string | null }
  | { readonly kind: "prepare" }
  | { readonly kind: "judge"; readonly subject: string; readonly gates: readonly StepGate[] }
  | { readonly kind: "continue"; readonly step: StepState }
  | { readonly kind: "delegate"; readonly roles: readonly Delegate[]; readonly findings: readonly Finding[] }
  | { readonly kind: "ask"; readonly question: QuestionKind; readonly subject: string; readonly text: string }
  | { readonly kind: "grant"; readonly subject: string; readonly findings: readonly Finding[] }
  | { readonly kind: "commit" };

/** A gate of a task's run; the guardrails gate judges pipelines. */
export type StepGate = Exclude<GateName, "guardrails">;

/** The gates that stand behind each role, in the order they are asked. */
export const gatesBehind: Readonly<Record<Delegate, readonly StepGate[]>> = {
  planner: ["plan", "spec"],
  builder: ["spec", "scope", "secrets", "budget"],
  tester: ["test"],
  reviewer: ["review"],
};

/** The gates that are asked once more right before the commit. */
const gatesBeforeCommit: readonly StepGate[] = ["spec", "budget"];

/** How often the same refusal may come in a row before a person is asked. */
const identicalFailuresMax = 3;

/** How much of a finding a question tells. */
const findingCharactersMax = 300;

/** How often a tester or reviewer that broke down is tried on one change. */
const examinerAttemptsMax = 2;

/** How often the manager may answer without a legal choice. */
const refusedDelegationsMax = 3;

/** The move that the events so far make legal. Pure: the manager, the command line and any later surface ask here. */
export function nextMove(state: RunState): Move {
  if (state.finished !== null) return { kind: "done" };
  if (state.cancelled !== null) return { kind: "finish", status: "cancelled", detail: state.cancelled.message };
  const rejected = finalRejection(state);
  if (rejected !== null) return { kind: "finish", status: "refused", detail: rejected };
  if (state.paused) return { kind: "block", on: "pause", questionId: null };
  const question = openQuestion(state);
  if (question !== null) return { kind: "block", on: "question", questionId: question.id };
  return moveOfWork(state);
}

/** Why a delegation is not legal now, or null where it is. */
export function refusalOf(state: RunState, role: string): string | null {
  const move = nextMove(state);
  if (move.kind !== "delegate") return `no delegation is legal now: the next move is '${move.kind}'`;
  if (move.roles.some((legal) => legal === role)) return null;
  return `delegating to '${role}' is not legal now; legal: ${move.roles.join(", ")}`;
}

function moveOfWork(state: RunState): Move {
  if (state.specVerdict === null) return { kind: "judge", subject: runSubject, gates: ["spec"] };
  if (state.specVerdict.decision !== "pass")
    return { kind: "finish", status: "refused", detail: "the spec gate refused the task" };
  if (state.workspace === null) return { kind: "prepare" };
  const open = state.steps.find(({ status }) => status === "open");
  if (open !== undefined) return { kind: "continue", step: open };
  const unjudged = state.steps.find((step) => step.status === "finished" && missingGates(step).length > 0);
  if (unjudged !== undefined) return { kind: "judge", subject: unjudged.stepId, gates: missingGates(unjudged) };
  if (state.refusedDelegations.length >= refusedDelegationsMax) return stuck(managerStuck(state));
  return moveOfRoles(state);
}

function moveOfRoles(state: RunState): Move {
  const plan = acceptedPlan(state);
  if (plan === null) return planAgain(state);
  if (state.approvals.has("plan") && !isApproved(state, "plan_approval", plan.stepId)) return askPlan(plan);
  const build = latest(state, "builder", plan.seq);
  if (build === null) return { kind: "delegate", roles: ["builder"], findings: guidance(state) };
  if (!isAccepted(build)) return workAgain(state, plan, build);
  return examine(state, plan, build);
}

function examine(state: RunState, plan: StepState, build: StepState): Move {
  for (const role of ["tester", "reviewer"] as const) {
    const step = latest(state, role, build.seq);
    if (step === null) return { kind: "delegate", roles: [role], findings: [] };
    if (step.status === "failed") return examineAgain(state, role, build, step);
    if (!isAccepted(step)) return workAgain(state, plan, step);
  }
  if (state.approvals.has("finish") && !isApproved(state, "finish_approval", build.stepId))
    return finishApproval(state, plan, build);
  if (state.committed === null) return commitMove(state);
  return { kind: "finish", status: "passed", detail: "every gate passed" };
}

/** Approvals, reviews and budgets can run out while a run waits for a person: they are judged once more right before the commit. */
function commitMove(state: RunState): Move {
  const missing = gatesBeforeCommit.filter((gate) => !state.finishVerdicts.has(gate));
  if (missing.length > 0) return { kind: "judge", subject: finishSubject, gates: missing };
  const refused = gatesBeforeCommit.flatMap((gate) => {
    const verdict = state.finishVerdicts.get(gate);
    return verdict === undefined || verdict.decision === "pass" ? [] : [verdict];
  });
  const [first] = refused;
  if (first === undefined) return { kind: "commit" };
  const findings = first.decision === "refuse" ? first.findings : [];
  if (first.gate === "budget") return { kind: "grant", subject: finishSubject, findings };
  const told = findings.map(({ message }) => message).join("; ");
  return {
    kind: "finish",
    status: "refused",
    detail: `the ${first.gate} gate refused the change before its commit: ${told}`,
  };
}

function examineAgain(state: RunState, role: Delegate, build: StepState, step: StepState): Move {
  const since = Math.max(build.seq, lastReset(state));
  const tries = state.steps.filter((each) => each.role === role && each.status === "failed" && each.seq > since).length;
  if (tries < examinerAttemptsMax) return { kind: "delegate", roles: [role], findings: findingsOf(step) };
  return stuck(`the ${role} broke down ${tries} times: ${step.failure?.message ?? "no reason given"}`, step);
}

function planAgain(state: RunState): Move {
  const tries = attempts(state, "planner", lastReset(state));
  const last = latest(state, "planner", -1);
  const findings = last === null ? guidance(state) : [...refusals(state, last), ...guidance(state)];
  if (tries >= plannerLimit(state)) return stuck(`${tries} plans were refused`, last);
  return { kind: "delegate", roles: ["planner"], findings };
}

/** After a refusal: the builder first, the planner as well where a new plan is still allowed, then a person. */
function workAgain(state: RunState, plan: StepState, refused: StepState): Move {
  const reset = lastReset(state);
  if (repeats(state, reset) >= identicalFailuresMax) {
    return stuck(`the same refusal came ${identicalFailuresMax} times in a row`, refused);
  }
  const roles: Delegate[] = [];
  if (attempts(state, "builder", Math.max(plan.seq, reset)) < builderLimit(state)) roles.push("builder");
  if (attempts(state, "planner", reset) < plannerLimit(state)) roles.push("planner");
  if (roles.length > 0) return { kind: "delegate", roles, findings: [...refusals(state, refused), ...guidance(state)] };
  return stuck("the builder and the planner used all their attempts", refused);
}

function finishApproval(state: RunState, plan: StepState, build: StepState): Move {
  const asked = answerTo(state, "finish_approval", build.stepId);
  if (asked?.answer?.decision === "reject") return workAgain(state, plan, build);
  return {
    kind: "ask",
    question: "finish_approval",
    subject: build.stepId,
    text: "Every gate passed. Shall this change be committed to the run's branch?",
  };
}

function askPlan(plan: StepState): Move {
  const items = plan.document?.role === "planner" ? plan.document.plan.items.length : 0;
  return {
    kind: "ask",
    question: "plan_approval",
    subject: plan.stepId,
    text: `Shall this plan of ${items} item(s) be built?`,
  };
}

function stuck(why: string, last: StepState | null = null): Move {
  const findings = last === null ? [] : findingsOf(last).slice(0, 3);
  const told = findings.map(({ rule, message }) => `${rule}: ${shorten(message)}`).join("; ");
  const text = `${why}. ${told === "" ? "" : `Last findings: ${told}. `}Approve for another round (your message guides it), or reject to end the run.`;
  return { kind: "ask", question: "stuck", subject: last?.stepId ?? runSubject, text };
}

/** A question is read at a glance; the whole finding stands in the record. */
function shorten(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > findingCharactersMax ? `${line.slice(0, findingCharactersMax)}…` : line;
}

function managerStuck(state: RunState): string {
  return `the manager made no legal choice ${state.refusedDelegations.length} times: ${state.refusedDelegations.at(-1) ?? ""}`;
}

/** The reason why a person's answer ends the run, or null. */
function finalRejection(state: RunState): string | null {
  for (const { question, answer } of state.questions) {
    if (answer?.decision !== "reject") continue;
    const ends = question.kind === "stuck" || question.kind === "budget_spent" || answer.message === null;
    if (ends) return `a person rejected '${question.kind}'${answer.message === null ? "" : `: ${answer.message}`}`;
  }
  return null;
}

/** The newest plan that passed its gates and that no person sent back, or null. */
function acceptedPlan(state: RunState): StepState | null {
  const plan = latest(state, "planner", -1);
  if (plan === null || !isAccepted(plan)) return null;
  return answerTo(state, "plan_approval", plan.stepId)?.answer?.decision === "reject" ? null : plan;
}

/** The gates of a finished step that have not spoken. */
function missingGates(step: StepState): readonly StepGate[] {
  return gatesBehind[step.role].filter((gate) => !step.verdicts.has(gate));
}

/** True when the step finished and every gate behind it passed. */
export function isAccepted(step: StepState): boolean {
  return (
    step.status === "finished" && gatesBehind[step.role].every((gate) => step.verdicts.get(gate)?.decision === "pass")
  );
}

/** The newest attempt of a role after a place in the log that did not drift, or null. */
export function latest(state: RunState, role: Delegate, afterSeq: number): StepState | null {
  return state.steps.findLast((step) => step.role === role && step.seq > afterSeq && step.status !== "drifted") ?? null;
}

function attempts(state: RunState, role: Delegate, afterSeq: number): number {
  return state.steps.filter((step) => step.role === role && step.seq > afterSeq && step.status !== "drifted").length;
}

/** Where the attempts were last given back, as the number of an event: a person approved another round. Below 0 where none did. */
export function lastReset(state: RunState): number {
  return answered(state, "stuck").reduce(
    (seq, { answer }) => (answer?.decision === "approve" ? Math.max(seq, answer.seq) : seq),
    -1,
  );
}

/** How many refusals in a row, counted from the last, say the same; numbers in them (durations, lines) do not make them differ. */
function repeats(state: RunState, afterSeq: number): number {
  const prints = state.steps
    .filter((step) => step.seq > afterSeq && step.status !== "drifted" && !isAccepted(step))
    .map((step) => JSON.stringify([step.role, findingsOf(step)]).replaceAll(/\d+(?:\.\d+)?/g, "#"));
  const last = prints.at(-1);
  const different = prints.findLastIndex((print) => print !== last);
  return prints.length - 1 - different;
}

/** What the gates of a step refused, and what a person said when sending it back. */
function refusals(state: RunState, step: StepState): readonly Finding[] {
  const said = state.questions.filter(
    ({ question, answer }) => question.subject === step.stepId && answer?.decision === "reject",
  );
  return [...findingsOf(step), ...said.map(({ answer }) => personFinding(answer?.message ?? "sent back"))];
}

/** What a person said when giving the run another round, where nothing was tried since. */
function guidance(state: RunState): readonly Finding[] {
  const reset = lastReset(state);
  if (reset < 0 || state.steps.some((step) => step.seq > reset)) return [];
  const said = answered(state, "stuck").find(({ answer }) => answer?.seq === reset)?.answer?.message ?? null;
  return said === null ? [] : [personFinding(said)];
}

function personFinding(message: string): Finding {
  return { rule: "person", message };
}

function answered(state: RunState, kind: QuestionKind): readonly QuestionState[] {
  return state.questions.filter(({ question, answer }) => question.kind === kind && answer !== null);
}

function answerTo(state: RunState, kind: QuestionKind, subject: string): QuestionState | undefined {
  return state.questions.findLast(({ question }) => question.kind === kind && question.subject === subject);
}

function isApproved(state: RunState, kind: QuestionKind, subject: string): boolean {
  return answerTo(state, kind, subject)?.answer?.decision === "approve";
}

function builderLimit(state: RunState): number {
  return state.created.policy.budget.builder_attempts ?? Number.POSITIVE_INFINITY;
}

function plannerLimit(state: RunState): number {
  return state.created.policy.budget.planner_attempts ?? Number.POSITIVE_INFINITY;
}
