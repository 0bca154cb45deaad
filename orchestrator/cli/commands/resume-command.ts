import { localPerson } from "../../io/local-person.ts";
import { tidyRun } from "../../runs/tidy-run.ts";
import { workFolders } from "../../workspace/work-folders.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodeOfStatus } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { goOn } from "./go-on.ts";
import { openNamedRun } from "./open-repository.ts";
import { printStanding } from "./print-standing.ts";
import { assertUnfinished, commandHead, type NamedRun } from "./say-to-run.ts";

/** `resume`: goes on with a run that nobody works on, and ends its pause. What a runner left that died after the end is tidied up. */
export async function resumeCommand(context: CommandContext): Promise<number> {
  const run = await openNamedRun(context);
  const manifest = await run.runs.manifest(run.key);
  const kept = manifest.finished_at === null ? null : await tidy(context, run);
  if (kept !== null) {
    for (const { bytes, segment, kept_as } of kept) {
      const what = `${bytes} bytes of ${segment} are no part of the run; they are kept as ${kept_as}`;
      context.printer.note(safeLine(what));
    }
    await printStanding(context, run.runs, run.key, manifest);
    return exitCodeOfStatus(manifest.status);
  }
  assertUnfinished(manifest, "resume");
  if (manifest.status === "paused") await run.runs.submit(run.key, { ...commandHead(context), verb: "resume" });
  return (await goOn(context, run, `resume by ${localPerson(context.io.environment).id}`)).exitCode;
}

function tidy({ io }: CommandContext, { runs, runsRoot, cacheDir, key }: NamedRun) {
  const folders = workFolders(cacheDir, key.runId);
  return tidyRun(runs, { runsRoot, key, folders, actor: localPerson(io.environment) });
}
