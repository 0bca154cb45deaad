import { gatesBehind, latest } from "../flow/next-move.ts";
import { type RunState, type StepState, treeAtBase } from "../flow/run-state.ts";
import { hashJson } from "../io/hash.ts";
import { addUsage, noUsage, type Usage } from "../schema/budget.ts";
import { isOrchestratorError } from "../schema/errors.ts";
import type { HandoffInput, StepDocument } from "../schema/handoff.ts";
import type { Delegate } from "../schema/primitives.ts";
import type { Finding } from "../schema/verdict.ts";
import { recordSpentBudget, withinTime } from "./budget.ts";
import { handoffInput } from "./handoff-input.ts";
import { judge } from "./judge.ts";
import type { RunContext } from "./run-context.ts";
import { workOf } from "./work-of-role.ts";

/** Begins a new attempt of a role and works on it until it is done, and judged. */
export async function startStep(
  run: RunContext,
  role: Delegate,
  brief: string,
  decidedBy: string,
  findings: readonly Finding[],
): Promise<void> {
  const { journal } = run;
  const attempt = journal.state.steps.filter((step) => step.role === role).length + 1;
  const stepId = `${role}.${attempt}`;
  const { workspace } = await run.bench();
  if (beginsAnew(journal.state, role)) await workspace.restore(treeAtBase(journal.state));
  const [input, { name }, tree] = [
    await run.redactor.json(await handoffInput(run, journal.state, role, brief, findings)),
    await run.models.ofRole(role),
    await workspace.snapshot(),
  ];
  await journal.note("step_started", {
    step_id: stepId,
    role,
    attempt,
    decided_by: decidedBy,
    model: name,
    input,
    input_sha256: hashJson(input),
    tree,
  });
  await finish(run, stepOf(run, stepId));
}

/** A plan is made for the base, and its first build starts there: what an older plan led to must not leak into a new one. */
function beginsAnew(state: RunState, role: Delegate): boolean {
  if (role === "planner") return true;
  return role === "builder" && latest(state, "builder", latest(state, "planner", -1)?.seq ?? -1) === null;
}

/** Goes on with a step that a dead runner, or a spent budget, left open. What changed under it makes it drift: it ends, and begins anew. */
export async function continueStep(run: RunContext, step: StepState): Promise<void> {
  const { workspace } = await run.bench();
  await workspace.restore(step.tree);
  const { state } = run.journal;
  const before = { ...state, steps: state.steps.filter(({ seq }) => seq < step.seq) };
  const fresh = await run.redactor.json(
    await handoffInput(run, before, step.role, step.input.brief, findingsIn(step.input)),
  );
  if (hashJson(fresh) !== step.inputSha256) return drift(run, step, "its input is not what it was");
  await finish(run, step);
}

/** Works on an open step. A drifted one ends; the flow lets the manager begin it again. */
async function finish(run: RunContext, step: StepState): Promise<void> {
  const { journal, clock } = run;
  const startedMs = clock.monotonicMs();
  journal.lease.working(step.stepId);
  try {
    const outcome = await withinTime(run, (signal) => workOf({ ...run, signal }, step));
    const end = {
      step_id: step.stepId,
      tree: await (await run.bench()).workspace.snapshot(),
      usage: usageOf(run, step.stepId),
      duration_ms: Math.round(clock.monotonicMs() - startedMs),
    };
    if (outcome.kind === "document" && isOfOtherFiles(outcome.document, end.tree)) {
      await journal.note("step_failed", { ...end, ...changedMeanwhile });
      await journal.lease.sync();
    } else if (outcome.kind === "gave_up") {
      await journal.note("step_failed", { ...end, code: outcome.code, message: outcome.message });
      await journal.lease.sync();
    } else await conclude(run, { ...end, document: outcome.document }, step.role);
  } catch (error) {
    if (isOrchestratorError(error, "step_drifted")) return drift(run, step, error.message);
    if (!isOrchestratorError(error, "budget_spent")) throw error;
    await recordSpentBudget(run, step.stepId, error);
  } finally {
    journal.lease.working(null);
  }
}

const changedMeanwhile = {
  code: "git_failed",
  message: "the files changed after the change was read: a process that a command left behind still writes them",
} as const;

/** What the gates judge and what is committed must be the same files. */
function isOfOtherFiles(document: StepDocument, tree: string): boolean {
  return document.role === "builder" && document.change.tree !== tree;
}

type Ending = { step_id: string; tree: string; usage: Usage; duration_ms: number; document: StepDocument };

async function conclude(run: RunContext, ending: Ending, role: Delegate): Promise<void> {
  await run.journal.note("step_finished", ending);
  await judge(run, ending.step_id, gatesBehind[role]);
}

async function drift(run: RunContext, step: StepState, reason: string): Promise<void> {
  const { workspace } = await run.bench();
  await workspace.restore(step.treeBefore);
  await run.journal.note("step_drifted", { step_id: step.stepId, reason });
  await run.journal.lease.sync();
}

function stepOf(run: RunContext, stepId: string): StepState {
  const step = run.journal.state.steps.find((each) => each.stepId === stepId);
  if (step === undefined) throw new TypeError(`step ${stepId} was started and is not in the state`);
  return step;
}

function findingsIn(input: HandoffInput): readonly Finding[] {
  return "findings" in input ? input.findings : [];
}

function usageOf(run: RunContext, stepId: string): Usage {
  return run.journal.lease.events.reduce((sum, { event, payload }) => {
    if (event !== "model_answered" && event !== "model_call_failed") return sum;
    return payload.step_id === stepId ? addUsage(sum, payload.usage ?? noUsage) : sum;
  }, noUsage);
}
