import { type Move, nextMove } from "../flow/next-move.ts";
import { runSubject } from "../flow/run-state.ts";
import { isOrchestratorError } from "../schema/errors.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import { askForMore, recordSpentBudget } from "./budget.ts";
import { commitChange } from "./commit-change.ts";
import { delegate } from "./delegate.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { judge } from "./judge.ts";
import { keepUnfinishedChange } from "./keep-unfinished-change.ts";
import { makeMoves } from "./make-moves.ts";
import { askQuestion } from "./questions.ts";
import type { RunContext } from "./run-context.ts";
import { continueStep } from "./run-step.ts";

/** More moves than any bounded run can make: a flow that never ends is a bug, and shows as one. */
const movesMax = 10_000;

/** Makes legal moves until the run is finished or blocked, and resolves with the manifest. See `makeMoves`. */
export function advance(run: RunContext): Promise<RunManifest> {
  let isAlone = false;
  const makeNext = async () => {
    if (!isAlone) await endLeftovers(run.journal.lease.events);
    isAlone = true;
    return makeInBudget(run, nextMove(run.journal.state));
  };
  return makeMoves(run, makeNext, movesMax);
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
      if (move.question === "stuck") await keepUnfinishedChange(run);
      await askQuestion(run, move.question, move.subject, move.text);
      return true;
    case "commit":
      await commitChange(run);
      return true;
  }
}
