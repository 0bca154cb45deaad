import { effectiveBudget } from "../flow/next-move.ts";
import { type BudgetEvidence, budgetFindings, budgetGate } from "../gates/budget-gate.ts";
import { type CheckedGate, decisionOf } from "../gates/checked-gate.ts";
import type { NamedModel } from "../models/recording-model.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Role } from "../schema/primitives.ts";
import { askQuestion } from "./questions.ts";
import { recordVerdict } from "./record-verdict.ts";
import type { RunContext } from "./run-context.ts";

/** The budget gate as it is asked before a model call: a limit that is reached leaves no room for one more. */
const callGate: CheckedGate<BudgetEvidence> = {
  ...budgetGate,
  decide: ({ limits, used }) => decisionOf(budgetFindings(limits, used)),
};

/** What the run has used, against the limits in force. Attempts are the flow's to count. */
export function budgetEvidence(run: RunContext, model: NamedModel, changedLines: number): BudgetEvidence {
  const { state } = run.journal;
  const { builder_attempts: _builder, planner_attempts: _planner, ...limits } = effectiveBudget(state);
  return {
    limits,
    used: {
      usage: state.usage,
      cost_known: model.costOf(1, 1) !== null,
      wall_clock_seconds: Math.round(run.journal.workedSeconds() * 1000) / 1000,
      builder_attempts: 0,
      planner_attempts: 0,
      changed_lines: changedLines,
    },
  };
}

/** Throws `budget_spent`, naming each limit that leaves no room for one more model call. */
export function checkBudget(run: RunContext, model: NamedModel): void {
  const { limits, used } = budgetEvidence(run, model, 0);
  const findings = budgetFindings(limits, used);
  if (findings.length > 0)
    throw new OrchestratorError("budget_spent", findings.map(({ message }) => message).join("; "));
}

/** Puts the spent budget on record as the gate's refusal and asks a person. The step stays open and goes on when more is granted. */
export async function recordSpentBudget(run: RunContext, stepId: string, role: Role, message: string): Promise<void> {
  await recordVerdict(run, stepId, callGate, async () => budgetEvidence(run, await run.models.ofRole(role), 0));
  const text = `The budget is spent: ${message}. Approve to grant the same amount once more, or reject to end the run.`;
  await askQuestion(run, "budget_spent", stepId, text);
}
