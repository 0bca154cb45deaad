import { z } from "zod";
import { runManager } from "../agents/run-agent.ts";
import { refusalOf } from "../flow/next-move.ts";
import { findingsOf, type RunState, type StepState } from "../flow/run-state.ts";
import { createRecordingModel } from "../models/recording-model.ts";
import { openSession, type StepSession, transcriptOf } from "../models/step-session.ts";
import { isOrchestratorError } from "../schema/errors.ts";
import { Delegation, type ManagerInput } from "../schema/handoff.ts";
import { Delegate } from "../schema/primitives.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { Finding } from "../schema/verdict.ts";
import { createSdkTool, type SdkTool } from "../tools/durable-tool.ts";
import { recordSpentBudget, reserveFor, withinTime } from "./budget.ts";
import type { RunContext } from "./run-context.ts";
import { startStep } from "./run-step.ts";

/** Turns of the manager in one decision. */
const turnsMax = 5;

/** What a delegate tool says when its delegation was carried out; anything else goes back to the manager. */
const carriedOut = "carried out: ";

/**
 * Lets the manager choose among the legal roles and carries the delegation out. With `manager.when: choices`, and one legal role,
 * the model is not asked.
 */
export async function delegate(
  run: RunContext,
  roles: readonly Delegate[],
  findings: readonly Finding[],
): Promise<void> {
  const { created } = run.journal.state;
  const only = roles.length === 1 && created.manager_when === "choices" ? roles[0] : undefined;
  if (only !== undefined) return startStep(run, only, "Go on with the task.", "flow", findings);
  await askManager(run, roles, findings);
}

async function askManager(run: RunContext, roles: readonly Delegate[], findings: readonly Finding[]): Promise<void> {
  const { journal } = run;
  const session = managerSession(run);
  const { steady } = await run.bench();
  try {
    const inner = await run.models.ofRole("manager");
    const reserve = reserveFor(run, inner);
    // The deadline stops the manager's own calls; a step that it delegates has one of its own.
    const outcome = await withinTime(run, (signal) =>
      runManager(
        {
          role: "manager",
          model: createRecordingModel({ ...run, signal, inner, session, reserve }),
          tools: Delegate.options.map((role) => delegateTool(run, session, role, findings)),
          input: managerInput(journal.state, roles, steady),
          turnsMax,
          signal: run.signal,
          traceGroup: journal.lease.key.runId,
        },
        (output) => output.startsWith(carriedOut),
      ),
    );
    const chose = outcome.kind === "document" && outcome.document.startsWith(carriedOut);
    if (!chose)
      await refuse(
        run,
        session,
        "none",
        outcome.kind === "gave_up" ? outcome.message : "it answered without delegating",
      );
  } catch (error) {
    if (isOrchestratorError(error, "step_drifted")) return refuse(run, session, "none", error.message);
    if (!isOrchestratorError(error, "budget_spent")) throw error;
    await recordSpentBudget(run, session.stepId, error);
  }
}

/** A decision is named by its place: the steps before it, and the decisions without a choice since the last of them. */
function managerSession(run: RunContext): StepSession {
  const { state, lease } = run.journal;
  const stepId = `manager.${state.steps.length + 1}${".again".repeat(emptyDecisions(lease.events))}`;
  return openSession({
    stepId,
    agent: "manager",
    transcript: transcriptOf(lease.events, stepId),
    append: (draft) => run.journal.append(draft),
  });
}

/** Those that a person's answer forgave count as well: their answers are on record under their names, and must not be given again. */
function emptyDecisions(events: readonly KnownEvent[]): number {
  const since = events.findLastIndex(({ event }) => event === "step_started");
  return events
    .slice(since + 1)
    .filter(({ event, payload }) => event === "delegation_refused" && payload.delegate === "none").length;
}

function delegateTool(run: RunContext, session: StepSession, role: Delegate, findings: readonly Finding[]): SdkTool {
  const startedFrom = run.journal.state.steps.length;
  return createSdkTool(
    { name: `delegate_to_${role}`, description: `Lets the ${role} work next.`, parameters: Delegation },
    async (input) => {
      const args = Delegation.safeParse(JSON.parse(input));
      if (!args.success) return `refused: the brief does not fit: ${z.prettifyError(args.error)}`;
      const begun = run.journal.state.steps.length > startedFrom;
      const reason = begun ? "one delegation at a time" : refusalOf(run.journal.state, role);
      if (reason !== null) return refuseChoice(run, session, role, reason);
      await startStep(run, role, args.data.brief, session.stepId, findings);
      return `${carriedOut}${role}`;
    },
  );
}

/** Tells the manager, within its turns. Only a decision that ends without a choice counts against it. */
async function refuseChoice(run: RunContext, session: StepSession, role: Delegate, reason: string): Promise<string> {
  await refuse(run, session, role, reason);
  return `refused: ${reason}`;
}

async function refuse(run: RunContext, session: StepSession, role: string, reason: string): Promise<void> {
  await run.journal.note("delegation_refused", { step_id: session.stepId, delegate: role, reason });
}

function managerInput(state: RunState, roles: readonly Delegate[], steady: SteadyText): ManagerInput {
  return {
    role: "manager",
    task: state.created.task,
    legal: [...roles],
    history: state.steps.slice(-20).map((step) => historyOf(step, steady)),
  };
}

type SteadyText = (text: string) => string;

function historyOf(step: StepState, steady: SteadyText): ManagerInput["history"][number] {
  return {
    step: step.stepId,
    outcome: step.status,
    gates: [...step.verdicts.values()].map(({ gate, decision }) => `${gate}: ${decision}`),
    findings: findingsOf(step)
      .slice(0, 20)
      .map((finding) => ({ ...finding, message: steady(finding.message) })),
  };
}
