import { isAccepted, latest } from "../flow/next-move.ts";
import type { StepState } from "../flow/run-state.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Commits the accepted change to the run's branch in the private clone, and keeps it as a bundle that `runs apply` brings in. The
 * same files, message and time give the same commit, so doing it again after a crash does it once.
 */
export async function commitChange(run: RunContext): Promise<void> {
  const { journal } = run;
  const build = acceptedBuild(run);
  const { workspace, prepared } = await run.bench();
  await workspace.restore(build.tree);
  const { patch } = await workspace.change();
  const commit = await workspace.commit(build.tree, messageFor(run), timestampOf(run, build));
  await journal.lease.putArtifact("change.bundle", await workspace.bundle(), "application/x-git-bundle", { raw: true });
  await journal.lease.putArtifact("change.patch", patch, "text/x-diff");
  // Made durable with the end of the run, which is the next move: making the commit again after a power cut gives the same one.
  await journal.note("change_committed", { commit, tree: build.tree, branch: prepared.branch });
}

function acceptedBuild(run: RunContext): StepState {
  const build = latest(run.journal.state, "builder", -1);
  if (build !== null && isAccepted(build)) return build;
  throw new OrchestratorError("run_state_refused", "there is no accepted change to commit");
}

function messageFor(run: RunContext): string {
  const { created } = run.journal.state;
  const { taskId } = run.journal.lease.key;
  return `${created.task.title}\n\n${created.task.goal}\n\nTask ${taskId}.`;
}

/** The time at which the build began, from the log: a commit made again must carry the same one. */
function timestampOf(run: RunContext, build: StepState): string {
  const started = run.journal.lease.events.find(({ seq }) => seq === build.seq);
  return started?.timestamp ?? run.clock.now().toISOString();
}
