import { moveJob } from "./move-job.ts";
import type { Job, Schedule } from "./schedule.ts";

/**
 * The jobs to start now, in that order; none where every place is taken or nothing can go on. A place is left empty only where no job that
 * could start fits the limits. The group that was started least recently comes first, so that each waits for at most one start of every
 * other one; within a group, the job with the longest chain behind it, and then the first one given.
 */
export function dueJobs(schedule: Schedule): readonly Job[] {
  const due: Job[] = [];
  for (let now = schedule; due.length < schedule.jobs.length; ) {
    const next = nextJob(now);
    if (next === null) break;
    due.push(next);
    now = moveJob(now, next.id, "running");
  }
  return due;
}

function nextJob(schedule: Schedule): Job | null {
  const { jobs, limits, states, isClosed } = schedule;
  const running = jobs.filter(({ id }) => states.get(id) === "running");
  if (isClosed || running.length >= limits.concurrency) return null;
  const used = countLabels(running);
  const fits = ({ labels }: Job) =>
    labels.every((label) => (used.get(label) ?? 0) < (limits.labels.get(label) ?? Number.POSITIVE_INFINITY));
  const isReady = ({ id, dependsOn }: Job) =>
    states.get(id) === "waiting" && dependsOn.every((other) => states.get(other) === "passed");
  let best: Job | null = null;
  for (const job of jobs) {
    if (isReady(job) && fits(job) && (best === null || comesBefore(schedule, job, best))) best = job;
  }
  return best;
}

function comesBefore({ lastStarts, chains }: Schedule, left: Job, right: Job): boolean {
  const turn = (lastStarts.get(left.group) ?? 0) - (lastStarts.get(right.group) ?? 0);
  return turn < 0 || (turn === 0 && (chains.get(left.id) ?? 0) > (chains.get(right.id) ?? 0));
}

function countLabels(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { labels } of jobs) for (const label of new Set(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
