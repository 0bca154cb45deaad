import type { GoalsSpec } from "../../schema/goals.ts";
import { dueJobs } from "../schedule/due-jobs.ts";
import { moveJob } from "../schedule/move-job.ts";
import { scheduleOf } from "./goals-schedule.ts";
import { beginGoals } from "./goals-state.ts";

/** When a goal would start, counted in goals that are done one after the other; the first round is 1. */
export interface PlannedStart {
  readonly round: number;
  readonly goal: string;
  readonly repository: string;
}

/** The order in which goals would start where each takes as long as every other and all pass. */
export function planGoals(spec: GoalsSpec): readonly PlannedStart[] {
  const repositories = new Map(spec.goals.map(({ id, repository }) => [id, repository]));
  const planned: PlannedStart[] = [];
  let schedule = scheduleOf(spec, beginGoals(spec));
  for (let round = 1; round <= spec.goals.length; round += 1) {
    const due = dueJobs(schedule);
    for (const { id } of due) {
      planned.push({ round, goal: id, repository: repositories.get(id) ?? "" });
      schedule = moveJob(schedule, id, "running");
    }
    for (const { id } of due) schedule = moveJob(schedule, id, "passed");
  }
  return planned;
}
