import fc from "fast-check";
import { expect, test } from "vitest";
import { dueJobs } from "./due-jobs.ts";
import { closeSchedule, moveJob } from "./move-job.ts";
import { createSchedule, type Job, type JobState, type Schedule } from "./schedule.ts";

interface TimedJob extends Job {
  readonly duration: number;
  readonly ends: "passed" | "failed" | "blocked";
}

interface Plan {
  readonly jobs: readonly TimedJob[];
  readonly concurrency: number;
  readonly labels: ReadonlyMap<string, number>;
}

/** One start of a simulated run, with what the schedule was right before. */
interface Start {
  readonly job: TimedJob;
  readonly at: number;
  readonly before: Schedule;
}

/** Plays a schedule in simulated time: what is due starts at once, and takes its duration. */
function simulate({ jobs, concurrency, labels }: Plan) {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  let schedule = createSchedule(jobs, { concurrency, labels });
  const running: { readonly job: TimedJob; readonly until: number }[] = [];
  const starts: Start[] = [];
  const quiet: Schedule[] = [];
  for (let now = 0; ; ) {
    for (const { id } of dueJobs(schedule)) {
      const job = byId.get(id);
      if (job === undefined) throw new Error(`${id} is no job`);
      starts.push({ job, at: now, before: schedule });
      schedule = moveJob(schedule, id, "running");
      running.push({ job, until: now + job.duration });
    }
    quiet.push(schedule);
    running.sort((left, right) => left.until - right.until);
    const ended = running.shift();
    if (ended === undefined) return { starts, quiet, schedule, makespan: now };
    now = ended.until;
    schedule = moveJob(schedule, ended.job.id, ended.job.ends);
  }
}

const groups = ["red", "green", "blue"] as const;

/** A DAG: each job may depend on those before it. */
function plans(ends: fc.Arbitrary<TimedJob["ends"]>, limited = true): fc.Arbitrary<Plan> {
  const job = fc.record({
    duration: fc.integer({ min: 1, max: 20 }),
    group: fc.constantFrom(...groups),
    labels: limited ? fc.subarray(["node", "go"]) : fc.constant([]),
    dependsOn: fc.array(fc.nat(29), { maxLength: 3 }),
    ends,
  });
  return fc.record({
    jobs: fc.array(job, { minLength: 1, maxLength: 30 }).map((all) =>
      all.map((each, index) => ({
        ...each,
        id: `job-${index}`,
        dependsOn: each.dependsOn.filter((other) => other < index).map((other) => `job-${other}`),
      })),
    ),
    concurrency: fc.integer({ min: 1, max: 6 }),
    labels: fc
      .record({ node: fc.integer({ min: 1, max: 3 }), go: fc.integer({ min: 1, max: 3 }) })
      .map((limits) => new Map(Object.entries(limits))),
  });
}

const anyEnd = fc.constantFrom<TimedJob["ends"]>("passed", "passed", "passed", "failed", "blocked");
const passing = fc.constant<TimedJob["ends"]>("passed");

function inState(schedule: Schedule, state: JobState): readonly Job[] {
  return schedule.jobs.filter(({ id }) => schedule.states.get(id) === state);
}

test("no job starts before all that it depends on have passed, and none starts twice", () => {
  fc.assert(
    fc.property(plans(anyEnd), (plan) => {
      const { starts } = simulate(plan);
      for (const { job, before } of starts)
        for (const id of job.dependsOn) expect(before.states.get(id)).toBe("passed");
      expect(new Set(starts.map(({ job }) => job.id)).size).toBe(starts.length);
    }),
  );
});

test("no limit is ever passed, and a place stays empty only where no job that could start fits", () => {
  fc.assert(
    fc.property(plans(anyEnd), (plan) => {
      for (const schedule of simulate(plan).quiet) {
        const running = inState(schedule, "running");
        const using = (label: string) => running.filter(({ labels }) => labels.includes(label)).length;
        expect(running.length).toBeLessThanOrEqual(plan.concurrency);
        for (const [label, limit] of plan.labels) expect(using(label)).toBeLessThanOrEqual(limit);
        if (running.length === plan.concurrency) continue;
        const ready = inState(schedule, "waiting").filter(({ dependsOn }) =>
          dependsOn.every((id) => schedule.states.get(id) === "passed"),
        );
        const full = (label: string) => using(label) === plan.labels.get(label);
        expect(ready.filter(({ labels }) => !labels.some(full))).toEqual([]);
      }
    }),
  );
});

test("at the end each job passed, failed, waits for a person or for one that does, or was skipped behind a failure", () => {
  fc.assert(
    fc.property(plans(anyEnd), (plan) => {
      const { schedule } = simulate(plan);
      const is = (id: string, ...states: readonly JobState[]) => states.includes(schedule.states.get(id) ?? "running");
      for (const { id, dependsOn } of schedule.jobs) {
        expect(is(id, "running")).toBe(false);
        expect(is(id, "skipped")).toBe(dependsOn.some((other) => is(other, "failed", "skipped")));
        if (is(id, "waiting")) expect(dependsOn.some((other) => is(other, "blocked", "waiting"))).toBe(true);
      }
    }),
  );
});

test("where nothing fails and no label is limited, the time is within that of any list schedule: work over places, and the longest chain", () => {
  fc.assert(
    fc.property(plans(passing, false), (plan) => {
      const ends = new Map<string, number>();
      for (const { id, dependsOn, duration } of plan.jobs)
        ends.set(id, duration + Math.max(0, ...dependsOn.map((other) => ends.get(other) ?? 0)));
      const work = plan.jobs.reduce((sum, { duration }) => sum + duration, 0);
      const share = 1 / plan.concurrency;
      // R. L. Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM J. Appl. Math. 17 (1969).
      const bound = work * share + (1 - share) * Math.max(...ends.values());
      expect(simulate(plan).makespan).toBeLessThanOrEqual(bound + 1e-9);
    }),
  );
});

test("a group whose job could start is passed over at most once for each other group", () => {
  fc.assert(
    fc.property(plans(passing, false), (plan) => {
      const { starts } = simulate(plan);
      for (const group of groups) {
        let passedOver = 0;
        for (const { job, before } of starts) {
          const waits = inState(before, "waiting").some(
            (each) => each.group === group && each.dependsOn.every((id) => before.states.get(id) === "passed"),
          );
          passedOver = waits && job.group !== group ? passedOver + 1 : 0;
          expect(passedOver).toBeLessThan(groups.length);
        }
      }
    }),
  );
});

const job = (id: string, ...dependsOn: string[]): Job => ({ id, dependsOn, group: "one", labels: [] });
const limits = { concurrency: 2, labels: new Map<string, number>() };
const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);

test("the job with the longest chain behind it comes first, then the first one given", () => {
  const schedule = createSchedule([job("a"), job("b"), job("c"), job("d", "c")], limits);
  expect(ids(dueJobs(schedule))).toEqual(["c", "a"]);
});

test("a job that waits for a person keeps no place, and takes one again when it goes on", () => {
  let schedule = createSchedule([job("a"), job("b", "a"), job("c")], { ...limits, concurrency: 1 });
  schedule = moveJob(moveJob(schedule, "a", "running"), "a", "blocked");
  expect(ids(dueJobs(schedule))).toEqual(["c"]);
  schedule = moveJob(moveJob(schedule, "c", "running"), "a", "waiting");
  expect(ids(dueJobs(schedule))).toEqual([]);
  expect(ids(dueJobs(moveJob(schedule, "c", "passed")))).toEqual(["a"]);
});

test("a closed schedule starts nothing", () => {
  expect(dueJobs(closeSchedule(createSchedule([job("a")], limits)))).toEqual([]);
});

test("a job that ended never runs again", () => {
  const ended = moveJob(moveJob(createSchedule([job("a")], limits), "a", "running"), "a", "passed");
  for (const state of ["running", "waiting", "failed", "blocked"] as const)
    expect(() => moveJob(ended, "a", state)).toThrow("job a cannot be");
});

test.each([
  ["an id twice", [job("a"), job("a")], "two jobs with the id a"],
  ["a dependency that is not there", [job("a", "b")], "a depends on b, which is not there"],
  ["a job that waits for itself", [job("a", "a")], "depend on each other: a → a"],
  ["a circle", [job("x"), job("a", "x", "c"), job("b", "a"), job("c", "b")], "depend on each other: a → c → b → a"],
])("%s is refused", (_, jobs, message) => {
  expect(() => createSchedule(jobs, limits)).toThrow(message);
});

test("a limit under one is refused, since nothing could ever start", () => {
  expect(() => createSchedule([], { concurrency: 0, labels: new Map() })).toThrow("the concurrency is limited to 0");
  expect(() => createSchedule([], { concurrency: 1, labels: new Map([["go", 0.5]]) })).toThrow("go is limited to 0.5");
});
