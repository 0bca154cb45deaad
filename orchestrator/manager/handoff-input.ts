import { latest } from "../flow/next-move.ts";
import type { RunState, StepState } from "../flow/run-state.ts";
import { describeComparison } from "../gates/describe-comparison.ts";
import { labelOf } from "../schema/checked-project.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type {
  BuilderInput,
  HandoffInput,
  PlannerInput,
  ReviewerInput,
  TestDigest,
  TesterInput,
} from "../schema/handoff.ts";
import type { Plan } from "../schema/plan.ts";
import type { Delegate } from "../schema/primitives.ts";
import type { TestReport } from "../schema/test-report.ts";
import type { Finding } from "../schema/verdict.ts";
import { type PatchSection, sectionsOf } from "../workspace/patch-sections.ts";
import type { RunContext } from "./run-context.ts";

const diffCharactersMax = 200 * 1024;
const caseMessageMax = 2000;

/** What a role is handed now: documents, never another agent's conversation. The same state gives the same input. */
export async function handoffInput(
  run: RunContext,
  state: RunState,
  role: Delegate,
  brief: string,
  findings: readonly Finding[],
): Promise<HandoffInput> {
  switch (role) {
    case "planner":
      return plannerInput(run, state, brief, findings);
    case "builder":
      return builderInput(run, state, brief, findings);
    case "tester":
      return testerInput(run, state, brief);
    case "reviewer":
      return reviewerInput(run, state, brief);
  }
}

async function plannerInput(
  run: RunContext,
  state: RunState,
  brief: string,
  findings: readonly Finding[],
): Promise<PlannerInput> {
  const { steady } = await run.bench();
  const last = latest(state, "planner", -1)?.document;
  return {
    role: "planner",
    brief,
    task: state.created.task,
    scopes: state.created.policy.scopes,
    patterns: [...run.patterns.list()],
    previous: last?.role === "planner" ? last.plan : null,
    findings: findings.map((finding) => ({ ...finding, message: steady(finding.message) })),
  };
}

async function builderInput(
  run: RunContext,
  state: RunState,
  brief: string,
  findings: readonly Finding[],
): Promise<BuilderInput> {
  const { steady } = await run.bench();
  return {
    role: "builder",
    brief,
    task: state.created.task,
    plan: planOf(state),
    findings: findings.map((finding) => ({ ...finding, message: steady(finding.message) })),
  };
}

async function testerInput(run: RunContext, state: RunState, brief: string): Promise<TesterInput> {
  const { prepared } = await run.bench();
  return {
    role: "tester",
    brief,
    task: state.created.task,
    plan: planOf(state),
    change: changeOf(state),
    goals: prepared.goals,
  };
}

async function reviewerInput(run: RunContext, state: RunState, brief: string): Promise<ReviewerInput> {
  const { workspace, steady } = await run.bench();
  const { change, patch } = await workspace.change();
  return {
    role: "reviewer",
    brief,
    task: state.created.task,
    plan: planOf(state),
    change: changeOf(state),
    ...showDiff(patch, sectionsOf(patch, change.paths)),
    tests: digest(reportOf(state), steady),
  };
}

/** Whole files as long as there is room, so that a long one hides none of those after it; the others are named. */
function showDiff(patch: string, sections: readonly PatchSection[]): Pick<ReviewerInput, "diff" | "diff_left_out"> {
  let diff = "";
  const diff_left_out: ReviewerInput["diff_left_out"] = [];
  for (const { path, start, end } of sections) {
    if (diff.length + end - start > diffCharactersMax) diff_left_out.push({ path, characters: end - start });
    else diff += patch.slice(start, end);
  }
  return { diff, diff_left_out };
}

function digest(report: TestReport, steady: (text: string) => string): TestDigest {
  const compared = report.comparison == null ? [] : describeComparison(report.comparison);
  return {
    tree: report.tree,
    ...(compared.length === 0 ? {} : { compared: compared.map(steady) }),
    checks: report.checks.map(({ goal, root, adapter, verdict, reason, counts, not_passed }) => ({
      goal,
      ...labelOf({ root, adapter }),
      verdict,
      reason: steady(reason),
      counts,
      not_passed: (not_passed ?? []).map(({ suite, name, outcome, message }) => ({
        name: `${suite} ${name}`.trim(),
        outcome,
        message: steady(message ?? "").slice(0, caseMessageMax),
      })),
    })),
  };
}

function planOf(state: RunState): Plan {
  const document = needed(latest(state, "planner", -1), "plan").document;
  if (document?.role === "planner") return document.plan;
  throw missing("plan");
}

function changeOf(state: RunState) {
  const document = needed(latest(state, "builder", -1), "change").document;
  if (document?.role === "builder") return document.change;
  throw missing("change");
}

function reportOf(state: RunState): TestReport {
  const document = needed(latest(state, "tester", -1), "test report").document;
  if (document?.role === "tester") return document.report;
  throw missing("test report");
}

function needed(step: StepState | null, what: string): StepState {
  if (step === null) throw missing(what);
  return step;
}

function missing(what: string): OrchestratorError {
  return new OrchestratorError("run_state_refused", `there is no ${what} to hand on`);
}
