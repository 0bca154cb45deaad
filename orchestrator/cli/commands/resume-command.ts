import { completeRecord } from "../../runs/complete-record.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodeOfStatus } from "../exit-code.ts";
import { goOn } from "./go-on.ts";
import { openNamedRun } from "./open-repository.ts";
import { printStanding } from "./print-standing.ts";
import { assertUnfinished, commandHead, localPerson } from "./say-to-run.ts";

/** `resume`: goes on with a run that nobody works on, and ends its pause. */
export async function resumeCommand(context: CommandContext): Promise<number> {
  const run = await openNamedRun(context);
  const manifest = await run.runs.manifest(run.key);
  if (
    manifest.finished_at !== null &&
    (await completeRecord(run.runs, run.runsRoot, run.key, localPerson(context.io)))
  ) {
    await printStanding(context, run.runs, run.key, manifest);
    return exitCodeOfStatus(manifest.status);
  }
  assertUnfinished(manifest, "resume");
  if (manifest.status === "paused") await run.runs.submit(run.key, { ...commandHead(context), verb: "resume" });
  return (await goOn(context, run, `resume by ${localPerson(context.io).id}`)).exitCode;
}
