import { localPerson } from "../../io/local-person.ts";
import type { CommandContext } from "../command-spec.ts";
import { goOn, wasAbandoned } from "./go-on.ts";
import { openNamedRun } from "./open-repository.ts";
import { assertUnfinished, commandHead } from "./say-to-run.ts";

/** `resume`: goes on with a run that nobody works on, and ends its pause. What a runner left that died after the end is tidied up. */
export async function resumeCommand(context: CommandContext): Promise<number> {
  const run = await openNamedRun(context);
  const manifest = await run.runs.manifest(run.key);
  if (!(await wasAbandoned(run.runs, run.key))) assertUnfinished(manifest, "resume");
  if (manifest.status === "paused") await run.runs.submit(run.key, { ...commandHead(context), verb: "resume" });
  return (await goOn(context, run, `resume by ${localPerson(context.io.environment).id}`)).exitCode;
}
