import { OrchestratorError } from "../../schema/errors.ts";

/** Something to be done once, after others. */
export interface Job {
  readonly id: string;
  /** Ids of jobs that must have passed before this one starts. */
  readonly dependsOn: readonly string[];
  /** Jobs of different groups take turns: the repository of a goal, for example. */
  readonly group: string;
  /** What the job uses while it runs, each at most as often at once as the limits say. */
  readonly labels: readonly string[];
}

/** How much may happen at once. */
export interface ScheduleLimits {
  /** Jobs, at least 1. */
  readonly concurrency: number;
  /** Jobs with a label, at least 1; a label that is not there has no limit of its own. */
  readonly labels: ReadonlyMap<string, number>;
}

/**
 * `blocked`: somebody has to say something before it can go on; it keeps no place. `skipped`: it will never start, since one that it depends
 * on did not pass.
 */
export type JobState = "waiting" | "running" | "blocked" | "passed" | "failed" | "skipped";

/** Jobs and how they stand. A value: what changes it gives another one. */
export interface Schedule {
  /** In the order in which they were given. */
  readonly jobs: readonly Job[];
  readonly limits: ScheduleLimits;
  /** For each job, how many jobs the longest chain has that begins with it. */
  readonly chains: ReadonlyMap<string, number>;
  readonly states: ReadonlyMap<string, JobState>;
  /** For each group, the number of the last start in it; the first start of all is 1. */
  readonly lastStarts: ReadonlyMap<string, number>;
  /** Nothing is started any more. */
  readonly isClosed: boolean;
}

/** A schedule in which nothing has begun. Throws `usage` for an id that is there twice, a dependency that is not there, and a circle. */
export function createSchedule(jobs: readonly Job[], limits: ScheduleLimits): Schedule {
  for (const [name, limit] of [["the concurrency", limits.concurrency] as const, ...limits.labels]) {
    if (!Number.isInteger(limit) || limit < 1)
      throw refused(`${name} is limited to ${limit}; it takes a whole number from 1`);
  }
  const known = new Map(jobs.map((job) => [job.id, job]));
  if (known.size < jobs.length) throw refused(`there are two jobs with the id ${firstRepeated(jobs)}`);
  for (const { id, dependsOn } of jobs) {
    const missing = dependsOn.find((other) => !known.has(other));
    if (missing !== undefined) throw refused(`${id} depends on ${missing}, which is not there`);
  }
  return {
    ...{ jobs, limits, chains: chainsOf(jobs), lastStarts: new Map(), isClosed: false },
    states: new Map(jobs.map(({ id }) => [id, "waiting"])),
  };
}

/** The longest chain from each job on, from the last ones back. Throws where some jobs wait for each other. */
function chainsOf(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const dependents = new Map<string, string[]>(jobs.map(({ id }) => [id, []]));
  for (const { id, dependsOn } of jobs) for (const other of new Set(dependsOn)) dependents.get(other)?.push(id);
  const dependencies = new Map(jobs.map(({ id, dependsOn }) => [id, [...new Set(dependsOn)]]));
  const open = new Map([...dependents].map(([id, those]) => [id, those.length]));
  const chains = new Map<string, number>();
  const ready = jobs.filter(({ id }) => open.get(id) === 0).map(({ id }) => id);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    chains.set(id, 1 + Math.max(0, ...(dependents.get(id) ?? []).map((each) => chains.get(each) ?? 0)));
    for (const other of dependencies.get(id) ?? []) {
      const left = (open.get(other) ?? 0) - 1;
      open.set(other, left);
      if (left === 0) ready.push(other);
    }
  }
  if (chains.size === jobs.length) return chains;
  throw refused(`these depend on each other: ${circleIn(jobs, chains).join(" → ")}`);
}

/** A way round among the jobs that have no chain; it ends where it began. */
function circleIn(jobs: readonly Job[], chains: ReadonlyMap<string, number>): readonly string[] {
  const stuck = new Map(jobs.filter(({ id }) => !chains.has(id)).map((job) => [job.id, job]));
  const way: string[] = [];
  // Each of them is depended on by another one of them, so following that back comes round.
  const dependentOf = (id: string) => [...stuck.values()].find(({ dependsOn }) => dependsOn.includes(id))?.id ?? id;
  let [id = ""] = stuck.keys();
  while (!way.includes(id)) {
    way.unshift(id);
    id = dependentOf(id);
  }
  return [id, ...way.slice(0, way.indexOf(id) + 1)];
}

function firstRepeated(jobs: readonly Job[]): string {
  const seen = new Set<string>();
  return jobs.find(({ id }) => seen.size === seen.add(id).size)?.id ?? "";
}

function refused(message: string): OrchestratorError {
  return new OrchestratorError("usage", message);
}
