import { resolve } from "node:path";
import type { AdapterBench, BenchGoal, GoalReport } from "../../schema/adapter-bench.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { PlanGoal } from "../../schema/test-report.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { goalReportText } from "../views/goal-report.ts";
import { goalSarif } from "../views/goal-sarif.ts";

/** `adapters run`: exit code 1 where a command did not pass, 2 where no project has one for the goal. */
export async function adaptersRunCommand(context: CommandContext): Promise<number> {
  const { io, args, printer, signal, format } = context;
  const { openAdapterBench } = await import("../../compose.ts");
  const goal = goalOf(args.positionals[0] ?? "");
  const bench = await openAdapterBench(io.environment);
  const report = await bench.run({
    folder: resolve(io.cwd, args.positionals[1] ?? "."),
    goal,
    adapter: args.text("adapter"),
    network: args.isOn("network"),
    signal,
    onStart: ({ command, root }) => {
      if (!args.isOn("quiet")) printer.note(printer.notePaint.dim(safeLine(`${root}: ${command.join(" ")}`)));
    },
  });
  const { runs, missing } = report;
  if (runs.length === 0 && !missing.every(({ isDone }) => isDone)) throw nothingToRun(report);
  if (runs.length > 0) print(context, bench, report);
  else if (format === "json") printer.printJson(report);
  for (const { adapter, root, reason } of missing) printer.note(safeLine(`${adapter} in ${root}: ${reason}`));
  return runs.every(({ verdict }) => verdict === "passed") ? exitCodes.yes : exitCodes.no;
}

function goalOf(text: string): BenchGoal {
  if (text === "install") return text;
  const goal = PlanGoal.safeParse(text);
  if (goal.success) return goal.data;
  throw new OrchestratorError(
    "usage",
    `there is no goal "${text}"; the goals are install, ${PlanGoal.options.join(", ")}`,
  );
}

/** Nothing that ran is no pass. */
function nothingToRun({ goal, folder, missing }: GoalReport): OrchestratorError {
  const why = missing.map(({ adapter, root, reason }) => `${adapter} in ${root}: ${reason}`).join("; ");
  return new OrchestratorError("usage", `nothing was run for ${goal} in ${folder}: ${why}`);
}

function print({ args, printer, format }: CommandContext, bench: AdapterBench, report: GoalReport): void {
  const wanted = args.text("format");
  if (wanted === "junit") printer.print(bench.junit(report).trimEnd());
  else if (wanted === "ctrf") printer.printJson(bench.ctrf(report));
  else if (wanted === "sarif") printer.printJson(goalSarif(report));
  else if (format === "json") printer.printJson(report);
  else printer.print(goalReportText(report, printer));
}
