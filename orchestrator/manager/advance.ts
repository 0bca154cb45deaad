import { type Move, nextMove } from "../flow/next-move.ts";
import { runSubject } from "../flow/run-state.ts";
import { redactFault } from "../io/redact/redact-fault.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import { askForMore, recordSpentBudget } from "./budget.ts";
import { commitChange } from "./commit-change.ts";
import { delegate } from "./delegate.ts";
import { judge } from "./judge.ts";
import { askQuestion } from "./questions.ts";
import type { RunContext } from "./run-context.ts";
import { continueStep } from "./run-step.ts";
import { takeCommands } from "./take-commands.ts";

/** More moves than any bounded run can make: a flow that never ends is a bug, and shows as one. */
const movesMax = 10_000;

/**
 * Makes legal moves until the run is finished or blocked, and resolves with the manifest. Nothing waits in here: an answer may come
 * days later. A fault is written to the log, where that is still possible, and thrown without secrets; the run can be resumed.
 */
export async function advance(run: RunContext): Promise<RunManifest> {
  try {
    for (let moves = 0; moves < movesMax; moves += 1) {
      run.signal.throwIfAborted();
      await takeCommands(run);
      if (!(await makeInBudget(run, nextMove(run.journal.state)))) return await settle(run);
    }
    throw new RangeError(`a run made ${movesMax} moves without an end`);
  } catch (error) {
    throw await recordFault(run, error);
  }
}

/** Makes one move; where the budget does not hold it, a person is asked instead. */
async function makeInBudget(run: RunContext, move: Move): Promise<boolean> {
  try {
    return await make(run, move);
  } catch (error) {
    if (!isOrchestratorError(error, "budget_spent")) throw error;
    await recordSpentBudget(run, "step" in move ? move.step.stepId : runSubject, error);
    return true;
  }
}

/** Makes one move. Resolves with false where the run cannot go on by itself. */
async function make(run: RunContext, move: Move): Promise<boolean> {
  const { journal } = run;
  switch (move.kind) {
    case "done":
      return false;
    case "block":
      await journal.note("run_blocked", { on: move.on, question_id: move.questionId });
      return false;
    case "finish":
      await journal.note("run_finished", { status: move.status, detail: move.detail });
      return false;
    case "prepare":
      await journal.note("workspace_prepared", (await run.bench()).prepared);
      return true;
    case "grant":
      await askForMore(run, move.subject, move.findings.map(({ message }) => message).join("; "), move.findings);
      return true;
    case "judge":
      await judge(run, move.subject, move.gates);
      return true;
    case "continue":
      await continueStep(run, move.step);
      return true;
    case "delegate":
      await delegate(run, move.roles, move.findings);
      return true;
    case "ask":
      await askQuestion(run, move.question, move.subject, move.text);
      return true;
    case "commit":
      await commitChange(run);
      return true;
  }
}

async function settle(run: RunContext): Promise<RunManifest> {
  await run.journal.lease.sync();
  return run.journal.lease.writeManifest();
}

/** The fault to tell. A lease that is lost, or a disk that is full, takes no more events: the first fault is the one that counts. */
async function recordFault(run: RunContext, thrown: unknown): Promise<Error> {
  const stopped = run.signal.aborted && !isOrchestratorError(thrown, "aborted") ? aborted(thrown) : thrown;
  const error = await redactFault(run.redactor, stopped);
  if (!isOrchestratorError(error) || error.code === "lease_lost") return error;
  try {
    await run.journal.note("run_faulted", { code: error.code, message: messageOf(error) });
    await settle(run);
  } catch {
    return error;
  }
  return error;
}

function aborted(cause: unknown): OrchestratorError {
  return new OrchestratorError("aborted", "the run was stopped; it can be resumed", { cause });
}
