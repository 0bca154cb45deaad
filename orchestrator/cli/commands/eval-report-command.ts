import { resolve } from "node:path";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeBlock } from "../text/safe-text.ts";
import { readCompareOptions, readRegressionRule } from "./eval-options.ts";
import { readReportTargets, writeReports } from "./eval-reports.ts";

/** `eval report`: shows a log, or writes it down for other readers. Judges nothing. */
export async function evalReportCommand(context: CommandContext): Promise<number> {
  const harness = await import("../../../evaluation/index.ts");
  const { args, io, printer, format } = context;
  const targets = readReportTargets(context, harness);
  const log = await harness.readEvaluationLog(resolve(io.cwd, args.positionals[0] ?? "."));
  const path = args.text("baseline");
  const baseline = path === undefined ? undefined : await harness.readEvaluationLog(resolve(io.cwd, path));
  const comparison = baseline && harness.compareLogs(baseline, log, readCompareOptions(args));
  const verdict = comparison && harness.judgeRegression(comparison, readRegressionRule(args));
  const extras = { baseline, comparison, verdict };
  await writeReports(context, targets, log, extras);
  if (format === "json") printer.printJson(comparison === undefined ? log : { log, comparison, regression: verdict });
  else if (targets.length === 0) printer.print(safeBlock(harness.reportWriter("text")(log, extras)).trimEnd());
  return exitCodes.yes;
}
