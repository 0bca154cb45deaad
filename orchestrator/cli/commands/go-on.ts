import type { OpenRuns } from "../../compose.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodeOfStatus } from "../exit-code.ts";
import { announceRun, type FollowedRun, followRun } from "./follow-run.ts";
import { openOrchestrator, openRepositoryGoals, openRepositoryPipelines } from "./open-repository.ts";
import { printStanding } from "./print-standing.ts";

/** Takes a run over and works on it with the model that it was started with. Throws `run_held` where somebody works on it. */
export async function goOn(
  context: CommandContext,
  { runs, key }: OpenRuns & { readonly key: RunKey },
  reason: string,
): Promise<FollowedRun> {
  const events = await runs.events(key);
  const [created] = events;
  if (created?.event !== "run_created") throw new OrchestratorError("run_damaged", `run ${key.runId} has no beginning`);
  const { model, base_url, pipeline, goals } = created.payload;
  const orchestrator =
    goals !== undefined
      ? await openRepositoryGoals(context)
      : pipeline === undefined
        ? await openOrchestrator(context, { model, ...(base_url === null ? {} : { baseUrl: base_url }) })
        : await openRepositoryPipelines(context);
  const manifest = await runs.manifest(key);
  if (manifest.finished_at !== null) {
    // The one who worked on it came to its end while this process made ready.
    await printStanding(context, runs, key, manifest);
    return { manifest, exitCode: exitCodeOfStatus(manifest.status) };
  }
  const handle = await orchestrator.resume(key.runId, { signal: context.signal, reason });
  announceRun(context, handle, "going on with run");
  return followRun(context, runs, handle, events.length);
}
