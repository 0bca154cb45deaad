import type { GoalsSpec, ManifestGoal } from "../../schema/goals.ts";
import { dependentsOf } from "../schedule/move-job.ts";
import { createSchedule, type Job, type JobState, type Schedule } from "../schedule/schedule.ts";
import type { GoalsState } from "./goals-state.ts";

/** Goals as jobs: those of one repository take turns with those of others. Throws `usage` where they can never all be done. */
export function scheduleOf(spec: GoalsSpec, state: GoalsState): Schedule {
  const begun = createSchedule(spec.goals.map(jobOf), { concurrency: spec.concurrency, labels: limitsOf(spec) });
  const states = new Map(state.standings.map(({ id, status }) => [id, jobStates[status]]));
  const schedule = { ...begun, states, lastStarts: state.turns };
  for (const { id } of dependentsOf(schedule, failedIn(schedule))) states.set(id, "skipped");
  return spec.keep_going || failedIn(schedule).length === 0 ? schedule : { ...schedule, isClosed: true };
}

/** The goals for a reader: those that wait for one that did not pass are skipped. */
export function closeGoals(standings: readonly ManifestGoal[]): readonly ManifestGoal[] {
  const jobs = standings.map(({ id, depends_on }) => ({ id, dependsOn: depends_on }));
  const failed = standings.filter(({ status }) => jobStates[status] === "failed").map(({ id }) => id);
  const skipped = new Set(dependentsOf({ jobs }, failed).map(({ id }) => id));
  return standings.map((goal) => {
    if (goal.status !== "waiting" || !skipped.has(goal.id)) return goal;
    return { ...goal, status: "skipped", detail: "one that it depends on did not pass" };
  });
}

function jobOf({ id, depends_on, repository, stacks }: GoalsSpec["goals"][number]): Job {
  const labels = [repositoryLabel(repository), ...stacks.map((stack) => `stack ${stack}`)];
  return { id, dependsOn: depends_on, group: repository, labels };
}

function limitsOf({ goals, per_repository, stacks }: GoalsSpec): ReadonlyMap<string, number> {
  const limits = new Map(Object.entries(stacks).map(([stack, limit]) => [`stack ${stack}`, limit]));
  if (per_repository === undefined) return limits;
  for (const { repository } of goals) limits.set(repositoryLabel(repository), per_repository);
  return limits;
}

function repositoryLabel(repository: string): string {
  return `repository ${repository}`;
}

const jobStates: Readonly<Record<ManifestGoal["status"], JobState>> = {
  ...{ waiting: "waiting", running: "running", blocked: "blocked", skipped: "skipped" },
  ...{ passed: "passed", refused: "failed", cancelled: "failed", faulted: "failed" },
};

function failedIn({ states }: Schedule): readonly string[] {
  return [...states].filter(([, state]) => state === "failed").map(([id]) => id);
}
