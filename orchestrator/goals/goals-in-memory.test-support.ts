import { systemClock } from "../io/clock.ts";
import { newId } from "../io/ids.ts";
import { createRedactor } from "../io/redact/redactor.ts";
import { answerCommand, asked, blocked, created, runner } from "../runs/fixtures/sample-run.ts";
import { createMemoryRunStore } from "../runs/memory-run-store.ts";
import type { RunArchive } from "../runs/run-archive.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { type GoalSpec, GoalsSpec } from "../schema/goals.ts";
import type { EventPayload } from "../schema/run-event.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey, RunLease } from "../schema/run-store.ts";
import { driveGoals } from "./drive-goals.ts";
import type { GoalRuns, GoalSight } from "./goal-runs.ts";

const person = { kind: "person", id: "ada", authenticated_by: "local_user" } as const;

/** What the run of a goal comes to each time it is worked on; `hang` works until it is stopped. */
export type GoalScript = (goal: string) => "passed" | "refused" | "asks" | "throws" | "hang";

/** Goals by their ids, each with those that it depends on. */
export function goalsOf(goals: Readonly<Record<string, readonly string[]>>, rest: Partial<GoalsSpec> = {}): GoalsSpec {
  const { task } = createdPayload();
  return GoalsSpec.parse({
    ...{ name: "many", ...rest },
    goals: Object.entries(goals).map(([id, depends_on]) => ({
      ...{ id, depends_on, repository: "/repo", stacks: [], task: { ...task, id }, task_source: "goal" },
    })),
  });
}

function createdPayload(): EventPayload<"run_created"> {
  const draft = created();
  if (draft.event !== "run_created") throw new TypeError("a run begins with run_created");
  return draft.payload;
}

/** A run of goals, and what became of it. */
export interface GoalsInMemory {
  readonly key: RunKey;
  readonly store: RunArchive;
  /** Where the goals' own runs are. */
  readonly children: RunArchive;
  /** The goals whose runs were made, in order. */
  readonly begun: readonly string[];
  /** Works on the run until it can go on no more, or until the runner dies at the event number `killAt`. */
  drive(killAt?: number, signal?: AbortSignal): Promise<RunManifest>;
  /** Answers what the run of a goal asks; nobody goes on with that run. */
  answer(goal: string): Promise<void>;
}

/** A run of goals in memory whose own runs are in memory too. */
export async function openGoalsInMemory(spec: GoalsSpec, script: GoalScript): Promise<GoalsInMemory> {
  const redactor = createRedactor({ scanner: { scan: async () => [] } });
  const store = createMemoryRunStore({ clock: systemClock, redactor });
  const children = createMemoryRunStore({ clock: systemClock, redactor });
  const begun: string[] = [];
  const key = { taskId: "goals-many", runId: newId(systemClock) };
  const payload = { ...createdPayload(), goals: spec, root_run: key.runId };
  const first = await store.create(key, { event: "run_created", actor: person, payload });
  let isDead = false;
  let isBegun = false;
  const alive = () => {
    if (isDead) throw new Error("the runner is dead");
  };

  const open = async (goal: GoalSpec, child: RunKey): Promise<RunLease> => {
    if ((await look(child)).is === "there") return children.acquire(child, "goes on", person);
    const lease = await children.create(child, { event: "run_created", actor: person, payload: createdPayload() });
    begun.push(goal.id);
    return lease;
  };
  const look = async (child: RunKey): Promise<GoalSight> => {
    const found = (await children.keys()).some(({ runId }) => runId === child.runId);
    if (!found) return { is: "absent" };
    const [manifest, { liveness }, waiting] = await Promise.all([
      children.manifest(child),
      children.heartbeat(child),
      children.waiting(child),
    ]);
    return { is: "there", manifest, liveness, waiting: waiting.length };
  };
  const work = async (goal: GoalSpec, child: RunKey, signal: AbortSignal): Promise<RunManifest> => {
    alive();
    const sight = await look(child);
    if (sight.is === "there" && sight.manifest.finished_at !== null) return sight.manifest;
    const lease = await open(goal, child);
    try {
      for (const command of await lease.pending()) {
        await lease.append({
          event: "command_received",
          actor: person,
          payload: { command, accepted: true, reason: null },
        });
        await lease.settle(command.id);
        if (command.verb === "cancel") return await finish(lease, "cancelled");
      }
      // Others get their turn, as in a run that takes its time.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resume) => setImmediate(resume));
      alive();
      return await act(lease, script(goal.id), signal);
    } finally {
      await lease.release();
    }
  };
  const runs: GoalRuns = {
    newRunId: () => newId(systemClock),
    look: async (_, child) => {
      alive();
      return look(child);
    },
    work: ({ goal, key: child }, signal) => work(goal, child, signal),
    cancel: async (goal, child, message, signal) => {
      await children.submit(child, {
        schema_version: 1,
        id: newId(systemClock),
        at: "2026-01-01T00:00:00.000Z",
        actor: person,
        verb: "cancel",
        message,
      });
      return work(goal, child, signal);
    },
  };
  const parts = { clock: systemClock, redactor, runs, inboxIntervalMs: 5, blockedIntervalMs: 5 };
  return {
    ...{ key, store, children, begun },
    async drive(killAt = Number.POSITIVE_INFINITY, signal = new AbortController().signal): Promise<RunManifest> {
      isDead = false;
      const held = isBegun ? await store.acquire(key, "resumed", person) : first;
      isBegun = true;
      const lease: RunLease = {
        ...held,
        append: async (draft) => {
          if (held.events.length >= killAt) isDead = true;
          alive();
          return held.append(draft);
        },
      };
      return driveGoals(parts, lease, signal).finished;
    },
    async answer(goal: string): Promise<void> {
      const { goals } = await store.manifest(key);
      const runId = goals?.goals.find(({ id }) => id === goal)?.run_id;
      if (runId !== null && runId !== undefined) await children.submit({ taskId: goal, runId }, answerCommand());
    },
  };
}

async function act(lease: RunLease, outcome: ReturnType<GoalScript>, signal: AbortSignal): Promise<RunManifest> {
  switch (outcome) {
    case "asks": {
      const isAnswered = lease.events.some(({ event }) => event === "command_received");
      if (isAnswered) return finish(lease, "passed");
      if (!lease.events.some(({ event }) => event === "question_asked")) await lease.append(asked());
      await lease.append(blocked());
      return lease.writeManifest();
    }
    case "hang":
      if (!signal.aborted) await new Promise((resume) => signal.addEventListener("abort", resume));
      throw new OrchestratorError("aborted", "stopped");
    case "throws":
      throw new OrchestratorError("model_unreachable", "no answer");
    default:
      return finish(lease, outcome);
  }
}

async function finish(lease: RunLease, status: "passed" | "refused" | "cancelled"): Promise<RunManifest> {
  await lease.append({ event: "run_finished", actor: runner, payload: { status, detail: status } });
  return lease.writeManifest();
}
