import { latest, type StepGate } from "../flow/next-move.ts";
import { finishSubject, type RunState, runSubject, type StepState } from "../flow/run-state.ts";
import { budgetGate } from "../gates/budget-gate.ts";
import { planGate } from "../gates/plan-gate.ts";
import { reviewGate } from "../gates/review-gate.ts";
import { scopeGate } from "../gates/scope-gate.ts";
import { secretsGate } from "../gates/secrets-gate.ts";
import { specGate } from "../gates/spec-gate.ts";
import { testGate } from "../gates/test-gate.ts";
import type { ChangeSet } from "../schema/change-set.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { StepDocument } from "../schema/handoff.ts";
import type { PlanItem } from "../schema/plan.ts";
import { sectionsOf } from "../workspace/patch-sections.ts";
import { budgetEvidence, isCostKnown } from "./budget.ts";
import { recordVerdict } from "./record-verdict.ts";
import type { RunContext } from "./run-context.ts";
import { pagesShown, pathsNotShown } from "./seen-diff.ts";

/** Asks gates about the run or one of its steps, writes their verdicts, and makes all of it durable. */
export async function judge(run: RunContext, subject: string, gates: readonly StepGate[]): Promise<void> {
  for (const gate of gates) await ask[gate](run, subject);
  await run.journal.lease.sync();
}

const ask: Readonly<Record<StepGate, (run: RunContext, subject: string) => Promise<unknown>>> = {
  spec: (run, subject) => recordVerdict(run, subject, specGate, (signal) => specEvidence(run, subject, signal)),
  plan: (run, subject) => recordVerdict(run, subject, planGate, () => planEvidence(run, subject)),
  scope: (run, subject) => recordVerdict(run, subject, scopeGate, () => scopeEvidence(run, subject)),
  secrets: (run, subject) =>
    recordVerdict(run, subject, secretsGate, async (signal) => {
      const bench = await benchAt(run, subject);
      return bench.secretEvidence(signal);
    }),
  budget: (run, subject) => recordVerdict(run, subject, budgetGate, () => changeBudget(run, subject)),
  test: (run, subject) => recordVerdict(run, subject, testGate, () => testEvidence(run, subject)),
  review: (run, subject) => recordVerdict(run, subject, reviewGate, () => reviewEvidence(run, subject)),
};

/** Before the work, the task itself is judged; after a plan, what it means to change; after a build and before the commit, what it changed. */
function specEvidence(run: RunContext, subject: string, signal: AbortSignal): Promise<unknown> {
  const { state } = run.journal;
  const { repository, task } = state.created;
  const document = subject === runSubject ? null : documentOf(state, judgedStep(state, subject));
  const paths = document?.role === "builder" ? document.change.paths.map(({ path }) => path) : [];
  const globs = document?.role === "planner" ? document.plan.items.flatMap((item) => item.paths) : [];
  return run.evidence.spec({ repository, task, paths, globs }, signal);
}

function planEvidence(run: RunContext, subject: string): unknown {
  const { state } = run.journal;
  const document = documentOf(state, subject);
  return {
    plan: document.role === "planner" ? document.plan : null,
    criteria: state.created.task.acceptance_criteria.map(({ id }) => id),
    scopes: state.created.policy.scopes,
    protected_paths: state.created.policy.protected_paths,
    patterns: run.patterns.list().map(({ id }) => id),
  };
}

function scopeEvidence(run: RunContext, subject: string): unknown {
  const { state } = run.journal;
  return {
    changed: changeOf(documentOf(state, subject)).paths,
    scopes: state.created.policy.scopes,
    protected_paths: state.created.policy.protected_paths,
    plan_paths: planPaths(state, subject),
  };
}

async function changeBudget(run: RunContext, subject: string): Promise<unknown> {
  const { state } = run.journal;
  const { insertions, deletions } = changeOf(documentOf(state, judgedStep(state, subject)));
  return budgetEvidence(run, isCostKnown(await run.models.ofRole("builder")), insertions + deletions);
}

/** Before the commit, the build that is to be committed. */
function judgedStep(state: RunState, subject: string): string {
  return subject === finishSubject ? buildBefore(state, subject).stepId : subject;
}

async function testEvidence(run: RunContext, subject: string): Promise<unknown> {
  const { state } = run.journal;
  const document = documentOf(state, subject);
  const { stepId, tree } = buildBefore(state, subject);
  const bench = await run.bench();
  const change = changeOf(documentOf(state, stepId));
  return {
    report: document.role === "tester" ? document.report : null,
    tree,
    check_paths: await bench.checkPaths(change),
    plan_paths: planPaths(state, stepId),
    plan_texts: planItems(state, stepId).map(({ description }) => description),
    touched_tests: change.paths
      .filter(({ path, kind }) => kind !== "added" && testName.test(path))
      .map(({ path }) => path),
  };
}

/** In any language, files of tests mostly say so. */
const testName = /test|spec/i;

async function reviewEvidence(run: RunContext, subject: string): Promise<unknown> {
  const { state } = run.journal;
  const document = documentOf(state, subject);
  const reviewer = stepOf(state, subject);
  const builder = buildBefore(state, subject);
  return {
    review: document.role === "reviewer" ? document.review : null,
    reviewer: workerOf(reviewer),
    builder: workerOf(builder),
    reviewed_tree: reviewer.tree,
    tree: builder.tree,
    criteria: state.created.task.acceptance_criteria.map(({ id }) => id),
    unseen_paths: await unseenPaths(run, reviewer),
  };
}

/** The paths that the reviewer was handed no diff of, without those that its record says it read whole. */
async function unseenPaths(run: RunContext, { stepId, input }: StepState): Promise<readonly string[]> {
  if (input.role !== "reviewer") throw new OrchestratorError("run_state_refused", `${stepId} was not handed a change`);
  const leftOut = new Set(input.diff_left_out.map(({ path }) => path));
  if (leftOut.size === 0) return [];
  const { change, patch } = await (await benchAt(run, stepId)).workspace.change();
  const sections = sectionsOf(patch, change.paths).filter(({ path }) => leftOut.has(path));
  return pathsNotShown(sections, pagesShown(run.journal.lease.events, stepId));
}

function workerOf({ role, stepId }: StepState): unknown {
  return { role, agent: role, step_id: stepId };
}

/** The workspace with the files that the step left. */
async function benchAt(run: RunContext, subject: string) {
  const bench = await run.bench();
  await bench.workspace.restore(stepOf(run.journal.state, subject).tree);
  return bench;
}

function changeOf(document: StepDocument): ChangeSet {
  if (document.role === "builder") return document.change;
  throw new OrchestratorError("run_state_refused", `a step of the ${document.role} has no change to judge`);
}

function documentOf(state: RunState, subject: string): StepDocument {
  const { document } = stepOf(state, subject);
  if (document !== null) return document;
  throw new OrchestratorError("run_state_refused", `step ${subject} has no document to judge`);
}

function stepOf(state: RunState, subject: string): StepState {
  const step = state.steps.find(({ stepId }) => stepId === subject);
  if (step !== undefined) return step;
  throw new OrchestratorError("run_state_refused", `there is no step ${subject}`);
}

function buildBefore(state: RunState, subject: string): StepState {
  const build = latest(state, "builder", -1);
  if (build !== null) return build;
  throw new OrchestratorError("run_state_refused", `nothing was built before step ${subject}`);
}

/** The paths of the plan that a builder's step was given. */
function planPaths(state: RunState, subject: string): readonly string[] {
  return planItems(state, subject).flatMap(({ paths }) => paths);
}

function planItems(state: RunState, subject: string): readonly PlanItem[] {
  const { input } = stepOf(state, subject);
  return input.role === "builder" ? input.plan.items : [];
}
