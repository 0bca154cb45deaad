import type { BenchGoal, GoalRun } from "../../orchestrator/schema/adapter-bench.ts";
import { isOrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Subject } from "../scorer.ts";

/**
 * Runs a goal of every project in a folder; in words why there is nothing to run. A solver that removes the project is told so, and
 * is no failure of the infrastructure.
 */
export async function runGoal(
  { machine, signal }: Subject,
  folder: string,
  goal: BenchGoal,
): Promise<readonly GoalRun[] | string> {
  const bench = await machine.adapters();
  try {
    const { runs, missing } = await bench.run({ folder, goal, network: false, signal });
    const [gap] = missing.filter(({ isDone }) => !isDone);
    return gap === undefined ? runs : gap.reason;
  } catch (error) {
    if (isOrchestratorError(error, "usage")) return error.message;
    throw error;
  }
}
