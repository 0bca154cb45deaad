import { dirname, resolve } from "node:path";
import { readGoalsFile } from "../../evidence/goals-file.ts";
import type { GoalsStart } from "../../orchestrator.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layTable } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { announceRun, followRun } from "./follow-run.ts";
import { openRepositoryGoals, openRepositoryRuns } from "./open-repository.ts";

/** `goals run`: works through the goals of a file, each by a run of its own. */
export async function goalsRunCommand(context: CommandContext): Promise<number> {
  const { args, io, signal } = context;
  const path = resolve(io.cwd, args.positionals[0] ?? "");
  const file = await readGoalsFile(path);
  const goals = await openRepositoryGoals(context, args.text("model"));
  const options = { ...readOptions(context), folder: dirname(path) };
  if (args.isOn("dry-run")) return printPlan(context, await goals.plan(file, options));
  const { runs } = await openRepositoryRuns(context);
  const handle = await goals.start(file, { ...options, signal });
  announceRun(context, handle, "run");
  return (await followRun(context, runs, handle)).exitCode;
}

function readOptions({ args }: CommandContext): GoalsStart {
  const concurrency = args.count("concurrency");
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(args.isOn("fail-fast") ? { keepGoing: false } : {}),
  };
}

function printPlan(
  { printer, format }: CommandContext,
  starts: Awaited<ReturnType<Awaited<ReturnType<typeof openRepositoryGoals>>["plan"]>>,
): number {
  if (format === "json") printer.printJson({ starts });
  else {
    const rows = starts.map(({ round, goal, repository }) => [String(round), safeLine(goal), safeLine(repository)]);
    printer.print(layTable([["ROUND", "GOAL", "REPOSITORY"].map(printer.paint.dim), ...rows], 0));
  }
  return exitCodes.yes;
}
