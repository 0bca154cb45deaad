import type { RunArchive } from "../../runs/run-archive.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { runSummary } from "../views/run-summary.ts";
import { findAskedPlan } from "./find-plan.ts";
import { hintsOf } from "./open-repository.ts";

/** Prints where a run stands: the summary, or the manifest as the one document. */
export async function printStanding(
  context: CommandContext,
  runs: RunArchive,
  key: RunKey,
  manifest: RunManifest,
): Promise<void> {
  const { printer, format } = context;
  if (format === "json") return void printer.printJson(manifest);
  const plan = await findAskedPlan(runs, key, manifest);
  printer.print(runSummary(manifest, { plan, hints: hintsOf(context), paint: printer.paint, width: printer.width }));
}
