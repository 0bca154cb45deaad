import type { CommandContext } from "../command-spec.ts";
import { openNamedRun } from "./open-repository.ts";
import { assertUnfinished, commandHead, exitCodeOfWish, sayAndGoOn } from "./say-to-run.ts";

/** `cancel`: ends a run for good. */
export async function cancelCommand(context: CommandContext): Promise<number> {
  const run = await openNamedRun(context);
  assertUnfinished(await run.runs.manifest(run.key), "cancel");
  return exitCodeOfWish(await sayAndGoOn(context, run, { ...commandHead(context), verb: "cancel" }), "cancelled");
}
