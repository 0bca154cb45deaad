import type { Job, JobState, Schedule } from "./schedule.ts";

/** From which states a job gets into another one. One that is blocked, or was running when the scheduler died, waits for a place again. */
const before: Readonly<Record<JobState, readonly JobState[]>> = {
  waiting: ["running", "blocked"],
  running: ["waiting"],
  blocked: ["running"],
  passed: ["running", "blocked"],
  failed: ["running", "blocked"],
  skipped: ["waiting", "blocked"],
};

/**
 * The schedule after one job moved; where that failed or is skipped, all that depend on it are skipped. Throws a `TypeError` for a move that
 * no job makes, such as one that ended and starts again.
 */
export function moveJob(schedule: Schedule, id: string, to: JobState): Schedule {
  const from = schedule.states.get(id);
  const job = schedule.jobs.find((each) => each.id === id);
  if (job === undefined || from === undefined || !before[to].includes(from))
    throw new TypeError(`job ${id} cannot be ${to}: it is ${from ?? "not there"}`);
  const states = new Map(schedule.states).set(id, to);
  if (to === "failed" || to === "skipped")
    for (const each of dependentsOf(schedule, [id])) states.set(each.id, "skipped");
  if (to !== "running") return { ...schedule, states };
  const starts = Math.max(0, ...schedule.lastStarts.values());
  return { ...schedule, states, lastStarts: new Map(schedule.lastStarts).set(job.group, starts + 1) };
}

/** The schedule in which nothing is started any more. */
export function closeSchedule(schedule: Schedule): Schedule {
  return { ...schedule, isClosed: true };
}

/** All jobs that wait for one of these, or for one that does. */
export function dependentsOf<Each extends Pick<Job, "id" | "dependsOn">>(
  { jobs }: { readonly jobs: readonly Each[] },
  ids: readonly string[],
): readonly Each[] {
  const found = new Set<Each>();
  const gone = new Set(ids);
  for (let size = -1; gone.size > size; ) {
    size = gone.size;
    for (const job of jobs) {
      if (gone.has(job.id) || !job.dependsOn.some((other) => gone.has(other))) continue;
      gone.add(job.id);
      found.add(job);
    }
  }
  return [...found];
}
