import type { GoalRuns, GoalSight } from "./goals/goal-runs.ts";
import { systemClock } from "./io/clock.ts";
import { newId } from "./io/ids.ts";
import type { Orchestrator, OrchestratorOptions } from "./orchestrator.ts";
import { personalCommand } from "./run-handle.ts";
import { acceptedCommit, readBundle } from "./runs/read-bundle.ts";
import { isOrchestratorError, OrchestratorError } from "./schema/errors.ts";
import type { GoalSpec } from "./schema/goals.ts";
import type { RunKey } from "./schema/run-store.ts";
import { applyRun } from "./workspace/apply-run.ts";

/** What the runs of goals are assembled from. */
export interface GoalRunsAssembly {
  readonly environment: Readonly<Record<string, string | undefined>>;
  openOrchestrator(options: OrchestratorOptions): Promise<Orchestrator>;
  /** The model of goals that name none. */
  readonly model: OrchestratorOptions["model"];
}

/** The runs of goals: one orchestrator for each repository and model, opened when it is first needed. */
export function assembleGoalRuns(assembly: GoalRunsAssembly): GoalRuns {
  const { environment, openOrchestrator } = assembly;
  const opened = new Map<string, Promise<Orchestrator>>();
  const open = (goal: GoalSpec) => {
    const name = JSON.stringify([goal.repository, goal.model, goal.base_url]);
    const found = opened.get(name) ?? openOrchestrator(optionsOf(assembly, goal));
    opened.set(name, found);
    // One that could not be opened is tried again by the next goal.
    found.catch(() => opened.delete(name));
    return found;
  };
  const look = async (goal: GoalSpec, key: RunKey): Promise<GoalSight> => {
    const { runs } = await open(goal);
    try {
      if ((await runs.read(key)).events.length === 0) return { is: "unborn" };
    } catch (error) {
      if (isOrchestratorError(error, "run_not_found")) return { is: "absent" };
      throw error;
    }
    const [manifest, { liveness }, waiting] = await Promise.all([
      runs.manifest(key),
      runs.heartbeat(key),
      runs.waiting(key),
    ]);
    return { is: "there", manifest, liveness, waiting: waiting.length };
  };
  return {
    newRunId: () => newId(systemClock),
    look,
    work: async ({ goal, key, budget, base, parent }, signal) => {
      const orchestrator = await open(goal);
      const sight = await look(goal, key);
      if (sight.is === "there" && sight.manifest.finished_at !== null) return sight.manifest;
      const identity = { runId: key.runId, parentRun: parent.runId, rootRun: parent.rootRun };
      const handle =
        sight.is === "there"
          ? await orchestrator.resume(key.runId, { signal, reason: "its goal goes on" })
          : await orchestrator.run(goal.task, {
              ...{ approvals: goal.approvals, budget, source: goal.task_source, signal, identity },
              ...(base === null ? {} : { base: typeof base === "string" ? base : await bringIn(orchestrator, base) }),
            });
      return handle.finished();
    },
    cancel: async (goal, key, message, signal) => {
      const orchestrator = await open(goal);
      const sight = await look(goal, key);
      if (sight.is !== "there") throw new OrchestratorError("run_not_found", `the run of ${goal.id} was never begun`);
      if (sight.manifest.finished_at !== null) return sight.manifest;
      await orchestrator.runs.submit(key, personalCommand(environment, { verb: "cancel", message }));
      const handle = await orchestrator.resume(key.runId, { signal, reason: "its goal is cancelled" });
      return handle.finished();
    },
  };
}

/** The commit of a passed run, brought into its repository as the run's branch; the working copy stays as it is. */
async function bringIn({ runs, repository }: Orchestrator, key: RunKey): Promise<string> {
  const manifest = await runs.manifest(key);
  const commit = acceptedCommit(manifest);
  const outcome = await applyRun({
    ...{ repositoryRoot: repository, runId: key.runId, bundle: await readBundle(runs, key, manifest), commit },
    ...{ base: manifest.repository.base_commit, branchOnly: true },
  });
  if (outcome.outcome === "refused") throw new OrchestratorError("git_failed", outcome.reason);
  return commit;
}

function optionsOf({ environment, model }: GoalRunsAssembly, goal: GoalSpec): OrchestratorOptions {
  const wanted = goal.model ?? model;
  return {
    ...{ repository: goal.repository, environment },
    ...(wanted === undefined ? {} : { model: wanted }),
    ...(goal.base_url === undefined ? {} : { baseUrl: goal.base_url }),
  };
}
