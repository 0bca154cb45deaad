import type { Liveness } from "../../schema/heartbeat.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodeOfStatus, exitCodes } from "../exit-code.ts";
import { eventLine } from "../views/event-line.ts";
import { hintsOf, openNamedRun } from "./open-repository.ts";

/** `runs watch`: the events of a run as they come, until it is finished; then the exit code is that of the run. */
export async function runsWatchCommand(context: CommandContext): Promise<number> {
  const { printer, format, signal } = context;
  const { runs, key } = await openNamedRun(context);
  const { liveness } = await runs.heartbeat(key);
  const { status, finished_at } = await runs.manifest(key);
  if (finished_at === null) warnOfSilence(context, key.runId, status, liveness);
  for await (const event of runs.watch(key, { signal })) {
    const goesOn = format === "json" ? printer.printJsonLine(event) : printer.print(eventLine(event, printer.paint));
    if (!goesOn) return exitCodes.yes;
    if (event.event === "run_finished") return exitCodeOfStatus(event.payload.status);
  }
  const stoppedBy = context.stoppedBy();
  return stoppedBy === null ? exitCodes.fault : exitCodes[stoppedBy];
}

/** Nothing will come from a run that nobody works on, so it must be said. */
function warnOfSilence(context: CommandContext, runId: string, status: string, liveness: Liveness): void {
  if (liveness === "alive") return;
  const verb = hintsOf(context).command(
    status === "blocked" ? "runs" : "resume",
    ...(status === "blocked" ? ["show", runId] : [runId]),
  );
  const who = liveness === "none" ? "nobody works on it" : `its holder looks ${liveness}`;
  context.printer.note(`run ${runId} is ${status}, and ${who}; this waits until somebody does; see: ${verb}`);
}
