import { resolve } from "node:path";
import { exportRun } from "../../runs/export-run.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { createPaint } from "../text/paint.ts";
import { countOf } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { runReport } from "../views/run-report.ts";
import { hintsOf, openRecord } from "./open-repository.ts";

const reportWidth = 100;

/** `runs export`: the run as a tree of files that can be read without this program. */
export async function runsExportCommand(context: CommandContext): Promise<number> {
  const { args, io, printer, format } = context;
  const { runs, runsRoot, key } = await openRecord(context);
  const target = resolve(io.cwd, args.text("to") ?? key.runId);
  const manifest = await runs.manifest(key);
  const paint = createPaint(false);
  const view = { plan: null, hints: hintsOf(context), paint, width: reportWidth };
  const report = runReport({ manifest, ...(await runs.heartbeat(key)) }, view);
  const files = await exportRun(runs, runsRoot, key, target, `${report}\n`);
  if (format === "json") printer.printJson({ run_id: key.runId, task_id: key.taskId, folder: target, files });
  else printer.print(`${printer.paint.green("✓")} ${countOf(files.length, "file")} in ${safeLine(target)}`);
  return exitCodes.yes;
}
