import { latest } from "../flow/next-move.ts";
import { unfinishedPatchName } from "../runs/artifact-name.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Keeps the patch of the last build, redacted, for the person who is asked what to do about it: the private clone may be gone by then. A
 * build whose patch is kept already, or that changed nothing, is left alone.
 */
export async function keepUnfinishedChange(run: RunContext): Promise<void> {
  const { lease, state } = run.journal;
  const build = latest(state, "builder", -1);
  if (build === null || build.tree === state.workspace?.tree) return;
  const name = unfinishedPatchName(build.stepId);
  if (lease.events.some((event) => event.event === "artifact_stored" && event.payload.name === name)) return;
  const { workspace } = await run.bench();
  await workspace.restore(build.tree);
  await lease.putArtifact(name, (await workspace.change()).patch, "text/x-diff");
}
