import { resolve } from "node:path";
import { assembleGoalRuns, type GoalRunsAssembly } from "./assemble-goal-runs.ts";
import type { Assembly } from "./assembly.ts";
import { createRecordedTask } from "./create-task.ts";
import { readTaskFile } from "./evidence/task-file.ts";
import { scheduleOf } from "./flow/goals/goals-schedule.ts";
import { beginGoals } from "./flow/goals/goals-state.ts";
import { planGoals } from "./flow/goals/plan-goals.ts";
import { defaultPolicy } from "./gates/default-policy.ts";
import { meet } from "./gates/meet.ts";
import { driveGoals, type GoalsParts } from "./goals/drive-goals.ts";
import { systemClock } from "./io/clock.ts";
import { hashJson } from "./io/hash.ts";
import { newId } from "./io/ids.ts";
import { localPerson } from "./io/local-person.ts";
import { driveOn } from "./manager/drive-on.ts";
import type { Goals, GoalsStart } from "./orchestrator.ts";
import { createRunHandle } from "./run-handle.ts";
import { OrchestratorError } from "./schema/errors.ts";
import { type FileGoal, GoalSpec, GoalsFile, type GoalsInput, GoalsSpec } from "./schema/goals.ts";
import type { EventPayload } from "./schema/run-event.ts";
import type { RunKey, RunLease } from "./schema/run-store.ts";
import { TaskSpec } from "./schema/task-spec.ts";
import { codeVersion } from "./schema/version.ts";
import { findRepositoryRoot, inspectRepository } from "./workspace/inspect-repository.ts";

/** What runs of many goals are assembled from. */
export interface GoalsAssembly extends Omit<Assembly, "options" | "scanner" | "openPatterns">, GoalRunsAssembly {
  /** The adapters of the projects in a repository, each once. */
  stacksOf(repository: string): Promise<readonly string[]>;
}

const inboxIntervalMs = 300;
const blockedIntervalMs = 1_000;

/** Runs of many goals, recorded in one repository, from their concrete parts. */
export function assembleGoals(assembly: GoalsAssembly): Goals {
  const parts: GoalsParts = {
    ...{ clock: systemClock, redactor: assembly.redactor, runs: assembleGoalRuns(assembly) },
    ...{ inboxIntervalMs, blockedIntervalMs },
  };
  const { runs } = assembly;
  const drive = (lease: RunLease, task: TaskSpec, signal = never()) => {
    const driven = driveOn(runs, lease, signal, (held) => driveGoals(parts, held, signal));
    return createRunHandle(assembly, lease.key, task, driven);
  };
  return {
    plan: async (file, options = {}) => planGoals(await specOf(assembly, file, options)),
    start: async (file, options = {}) => {
      const spec = await specOf(assembly, file, options);
      const task = taskFor(spec);
      const key = { taskId: task.id, runId: newId(systemClock) };
      const payload = await createdPayload(assembly, key, task, spec);
      const lease = await runs.create(key, { event: "run_created", actor: localPerson(assembly.environment), payload });
      return drive(lease, task, options.signal);
    },
    resume: async (run, options = {}) => {
      const key = await assembly.run(run);
      const [created] = await runs.events(key);
      if (created?.event !== "run_created" || created.payload.goals === undefined)
        throw new OrchestratorError("run_state_refused", `run ${key.runId} is none of many goals`);
      const actor = localPerson(assembly.environment);
      return drive(await runs.acquire(key, options.reason ?? "resumed", actor), created.payload.task, options.signal);
    },
  };
}

/** The goals as they will be recorded: each with its repository's root and its task. Throws before anything is recorded. */
async function specOf(assembly: GoalsAssembly, given: GoalsInput, options: GoalsStart): Promise<GoalsSpec> {
  const { concurrency, keepGoing } = options;
  const overrides = {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(keepGoing === undefined ? {} : { keep_going: keepGoing }),
  };
  const parsed = GoalsFile.safeParse({ ...given, ...overrides });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
    throw new OrchestratorError("document_invalid", `these are no goals: ${problems.slice(0, 10).join("; ")}`);
  }
  const { version: _, goals, ...rest } = parsed.data;
  const folder = resolve(options.folder ?? assembly.repository);
  const isLimited = Object.keys(rest.stacks).length > 0;
  const roots = remember((path: string) => findRepositoryRoot(path));
  const stacks = remember(async (root: string) => (isLimited ? assembly.stacksOf(root) : []));
  const resolved: GoalSpec[] = [];
  for (const goal of goals) {
    const root = await roots(resolve(folder, goal.repository));
    resolved.push(await resolveGoal(assembly, goal, root, await stacks(root)));
  }
  const spec = GoalsSpec.parse({ ...rest, goals: resolved });
  assertBases(spec);
  // Throws where they can never all be done.
  scheduleOf(spec, beginGoals(spec));
  return spec;
}

async function resolveGoal(
  { redactor }: GoalsAssembly,
  { goal, task, recipe, scope, repository: _, ...rest }: FileGoal,
  root: string,
  stacks: readonly string[],
): Promise<GoalSpec> {
  const wanted =
    task === undefined
      ? { goal: goal ?? "", id: rest.id, ...(scope === undefined ? {} : { scope }) }
      : await readTaskFile(resolve(root, task));
  const recorded = await createRecordedTask(recipe === undefined ? wanted : { ...wanted, recipe }, redactor);
  return GoalSpec.parse({ ...rest, repository: root, stacks, task: recorded, task_source: task ?? "goal" });
}

/** A goal starts from what another one left only where that one is done before, in the same repository. */
function assertBases({ goals }: GoalsSpec): void {
  const byId = new Map(goals.map((goal) => [goal.id, goal]));
  for (const { id, on, depends_on, repository } of goals) {
    if (on === undefined) continue;
    if (!depends_on.includes(on))
      throw new OrchestratorError("usage", `${id} is on ${on}; name that under depends_on too`);
    const other = byId.get(on);
    if (other !== undefined && other.repository !== repository)
      throw new OrchestratorError("usage", `${id} is on ${on}, which is a goal in another repository`);
  }
}

function remember<T>(make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key) => {
    const found = made.get(key) ?? make(key);
    made.set(key, found);
    return found;
  };
}

/** The task that stands for all goals where a task is shown. */
function taskFor({ name, goals }: GoalsSpec): TaskSpec {
  const id = `goals-${name}`.slice(0, 100);
  return TaskSpec.parse({
    id,
    title: `${goals.length} goals: ${name}`.slice(0, 200),
    goal: `Every goal passes: ${goals.map((goal) => goal.id).join(", ")}`.slice(0, 20_000),
    acceptance_criteria: [{ id: "goals", text: "Every goal passes." }],
    scope: { include: ["**"] },
  });
}

async function createdPayload(
  assembly: GoalsAssembly,
  { runId }: RunKey,
  task: TaskSpec,
  goals: GoalsSpec,
): Promise<EventPayload<"run_created">> {
  const repository = await inspectRepository(assembly.repository);
  const config = await assembly.readPolicyConfig(repository.root, repository.base_commit);
  const policy = meet(defaultPolicy(), config.policy);
  return {
    ...{ task, task_source: "goals", repository, policy, policy_sha256: hashJson(policy), goals },
    ...{ model: "none", base_url: null, manager_when: "choices", approvals: [], code_version: codeVersion },
    ...{ parent_run: null, root_run: runId },
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
