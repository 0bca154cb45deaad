import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { isStale } from "../views/is-stale.ts";
import { runReport } from "../views/run-report.ts";
import { findAskedPlan } from "./find-plan.ts";
import { hintsOf, openRecord } from "./open-repository.ts";

/** `runs show`: what a reviewer reads first. */
export async function runsShowCommand(context: CommandContext): Promise<number> {
  const { printer, format } = context;
  const { runs, key } = await openRecord(context);
  const manifest = await runs.manifest(key);
  const { heartbeat, liveness } = await runs.heartbeat(key);
  if (format === "json") {
    const stale = manifest.finished_at === null && isStale(liveness);
    const resume = stale ? hintsOf(context).command("resume", key.runId) : null;
    printer.printJson({ ...manifest, liveness, heartbeat, stale, resume });
    return exitCodes.yes;
  }
  const plan = await findAskedPlan(runs, key, manifest);
  const view = { plan, hints: hintsOf(context), paint: printer.paint, width: printer.width };
  printer.print(runReport({ manifest, heartbeat, liveness }, view));
  return exitCodes.yes;
}
