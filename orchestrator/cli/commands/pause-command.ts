import type { CommandContext } from "../command-spec.ts";
import { openNamedRun } from "./open-repository.ts";
import { assertUnfinished, commandHead, exitCodeOfWish, sayAndGoOn } from "./say-to-run.ts";

/** `pause`: blocks a run at the next step boundary. */
export async function pauseCommand(context: CommandContext): Promise<number> {
  const run = await openNamedRun(context);
  assertUnfinished(await run.runs.manifest(run.key), "pause");
  return exitCodeOfWish(await sayAndGoOn(context, run, { ...commandHead(context), verb: "pause" }), "paused");
}
