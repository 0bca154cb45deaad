import type { BenchGoal } from "../../orchestrator/schema/adapter-bench.ts";
import type { Score } from "../schema/evaluation-log.ts";
import { type Subject, verdict } from "../scorer.ts";
import { runGoal } from "./run-goal.ts";

/** Whether a goal of every project passes in what the solver left. One that no project has a command for does not. */
export function goalPasses(subject: Subject, goal: BenchGoal): Promise<Score> {
  return subject.inCopy(async (root) => {
    const runs = await runGoal(subject, root, goal);
    if (typeof runs === "string") return verdict(false, runs);
    const failed = runs.find((run) => run.verdict === "failed");
    return verdict(failed === undefined && runs.length > 0, failed?.reason ?? `every ${goal} passed`);
  });
}
