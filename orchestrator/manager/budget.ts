import { acceptsUnreportedUsage, effectiveBudget } from "../flow/budget-grants.ts";
import { type BudgetEvidence, budgetGate, outputTokensLeft } from "../gates/budget-gate.ts";
import type { CallAllowance, ReserveCall } from "../models/metered-model.ts";
import type { NamedModel } from "../models/named-model.ts";
import { GrantableLimit, noUsage, type Usage } from "../schema/budget.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import type { Finding } from "../schema/verdict.ts";
import { askQuestion } from "./questions.ts";
import { recordVerdict } from "./record-verdict.ts";
import type { RunContext } from "./run-context.ts";

/** Fewer output tokens than this are not worth a call: a budget that leaves less is spent. */
const outputTokensMin = 256;

/** The longest that a timer can wait, in milliseconds. */
const timerMsMax = 2_147_483_647;

/** What the run has used, against the limits in force. Attempts are the flow's to count. */
export function budgetEvidence(
  run: Pick<RunContext, "journal">,
  costKnown: boolean,
  changedLines: number,
): BudgetEvidence {
  const { state } = run.journal;
  const { builder_attempts: _builder, planner_attempts: _planner, ...limits } = effectiveBudget(state);
  return {
    limits,
    used: {
      usage: state.usage,
      cost_known: costKnown,
      unreported_calls: acceptsUnreportedUsage(state) ? 0 : state.unreportedCalls,
      wall_clock_seconds: Math.round(run.journal.workedSeconds() * 1000) / 1000,
      builder_attempts: 0,
      planner_attempts: 0,
      changed_lines: changedLines,
    },
    next_call: null,
  };
}

/** Decides before each try of a model call whether the budget holds it, and how long its answer may be. */
export function reserveFor(run: RunContext, model: NamedModel): ReserveCall {
  return (inputTokens) => {
    const evidence = budgetEvidence(run, isCostKnown(model), 0);
    const asked = { ...evidence, next_call: callOf(model, inputTokens, outputTokensMin) };
    refuseSpent(asked);
    return allowanceOf(run, model, evidence, inputTokens);
  };
}

function allowanceOf(run: RunContext, model: NamedModel, evidence: BudgetEvidence, inputTokens: number): CallAllowance {
  const { outputTokensMax } = run;
  const left = outputTokensLeft(evidence, { inputTokens, outputTokensMax, costOf: model.costOf });
  if (left >= outputTokensMax) return { outputTokensMax, spent: null };
  const cause = { ...evidence, next_call: callOf(model, inputTokens, outputTokensMax) };
  const message = `the model's answer did not fit into the ${left} output tokens that the budget had left`;
  return { outputTokensMax: left, spent: new OrchestratorError("budget_spent", message, { cause }) };
}

function callOf(model: NamedModel, inputTokens: number, outputTokens: number): Usage {
  const output = model.usesTokens === false ? 0 : outputTokens;
  return {
    turns: 1,
    input_tokens: inputTokens,
    output_tokens: output,
    cost_usd: model.costOf(inputTokens, output) ?? 0,
  };
}

/** True where the model has a price. */
export function isCostKnown(model: NamedModel): boolean {
  return model.costOf(1, 1) !== null;
}

/** Throws `budget_spent`, with the evidence as its cause, where the gate refuses it. */
function refuseSpent(evidence: BudgetEvidence): void {
  const decision = budgetGate.decide(evidence);
  if (decision.decision !== "refuse") return;
  const message = decision.findings.map((finding) => finding.message).join("; ");
  throw new OrchestratorError("budget_spent", message, { cause: evidence });
}

/**
 * Lets work go on for as long as the limit on time allows. Then its signal aborts, and what it throws for that becomes
 * `budget_spent`. Throws so at once where no time is left.
 */
export async function withinTime<Result>(
  run: Pick<RunContext, "journal" | "signal">,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { wall_clock_seconds: limit } = effectiveBudget(run.journal.state);
  if (limit === undefined) return work(run.signal);
  const leftMs = (limit - run.journal.workedSeconds()) * 1000;
  if (leftMs <= 0) throw outOfTime(run, limit);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), Math.min(leftMs, timerMsMax));
  try {
    return await work(AbortSignal.any([run.signal, deadline.signal]));
  } catch (error) {
    const isDeadline = deadline.signal.aborted && !run.signal.aborted && isOrchestratorError(error, "aborted");
    throw isDeadline ? outOfTime(run, limit) : error;
  } finally {
    clearTimeout(timer);
  }
}

function outOfTime(run: Pick<RunContext, "journal">, limit: number): OrchestratorError {
  const evidence = budgetEvidence(run, true, 0);
  // A timer may end a moment before the time does.
  const wall_clock_seconds = Math.max(evidence.used.wall_clock_seconds, limit);
  const cause = { ...evidence, used: { ...evidence.used, wall_clock_seconds }, next_call: noUsage };
  return new OrchestratorError("budget_spent", `${limit} seconds of work are used up`, { cause });
}

/**
 * Puts the spent budget on record as the gate's refusal and asks a person for more of the limits that are spent. An open step
 * stays open and goes on when more is granted.
 */
export async function recordSpentBudget(run: RunContext, subject: string, spent: OrchestratorError): Promise<void> {
  const verdict = await recordVerdict(run, subject, budgetGate, () => spent.cause);
  const findings = verdict.decision === "refuse" ? verdict.findings : [];
  await askForMore(run, subject, spent.message, findings);
}

/** Asks a person to grant the limits that the findings name once more. */
export async function askForMore(
  run: RunContext,
  subject: string,
  message: string,
  findings: readonly Finding[],
): Promise<void> {
  const limits = spentLimits(findings);
  const granted = limits.length === 0 ? "nothing more" : limits.join(" and ").replaceAll("_", " ");
  const text = `The budget is spent: ${message}. Approve to grant ${granted} once more, or reject to end the run.`;
  await askQuestion(run, "budget_spent", subject, text, limits);
}

function spentLimits(findings: readonly Finding[]): readonly GrantableLimit[] {
  const names = findings.map(({ rule }) => rule.replace("budget/", "").replaceAll("-", "_"));
  return [...new Set(names)].flatMap((name) => GrantableLimit.safeParse(name).data ?? []);
}
