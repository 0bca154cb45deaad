import { setTimeout as sleep } from "node:timers/promises";
import { startDetached } from "../../io/start-detached.ts";
import type { PipelineStart } from "../../orchestrator.ts";
import type { RunArchive } from "../../runs/run-archive.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { announceRun, followRun } from "./follow-run.ts";
import { hintsOf, openRepositoryPipelines, openRepositoryRuns, repositoryFolder } from "./open-repository.ts";

const holderPatienceMs = 10_000;
const holderPauseMs = 20;

/** `start`: runs a pipeline, here or in the background. */
export async function startCommand(context: CommandContext): Promise<number> {
  const options = readOptions(context);
  const pipelines = await openRepositoryPipelines(context);
  const { runs } = await openRepositoryRuns(context);
  if (context.args.isOn("detach")) return detach(context, runs, await pipelines.prepare(options));
  const handle = await pipelines.start({ ...options, signal: context.signal });
  announceRun(context, handle, "run");
  return (await followRun(context, runs, handle)).exitCode;
}

function readOptions({ args }: CommandContext): PipelineStart {
  const [name] = args.positionals;
  const commands = args.list("command");
  const task = args.text("task");
  if (args.isOn("network") && commands.length === 0) {
    throw new OrchestratorError(
      "usage",
      "--network goes with --command; a pipeline says itself which command needs it",
    );
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(task === undefined ? {} : { taskId: task }),
    ...(args.text("via") === "mcp" ? { via: "mcp" } : {}),
    commands,
    keepGoing: args.isOn("keep-going"),
    network: args.isOn("network"),
  };
}

/** The run is on record before the process that works on it is started: whatever becomes of that, the run can be resumed. */
async function detach(context: CommandContext, runs: RunArchive, key: RunKey): Promise<number> {
  const { io, printer, format } = context;
  const repository = repositoryFolder(context);
  const argv = ["resume", key.runId, "--repo", repository, "--quiet", "--message", "started in the background"];
  await startDetached({ argv: [...io.program, ...argv], cwd: repository, env: io.environment });
  const hasBegun = await waitForHolder(runs, key);
  const hint = hintsOf(context).command(hasBegun ? "poll" : "resume", key.runId);
  if (format === "json") printer.printJson({ run_id: key.runId, task_id: key.taskId, began: hasBegun, next: hint });
  else {
    printer.print(key.runId);
    printer.note(hasBegun ? `works in the background; see how it gets on: ${hint}` : `nobody works on it yet: ${hint}`);
  }
  return hasBegun ? exitCodes.yes : exitCodes.fault;
}

/** True as soon as somebody has taken the run over, false where nobody did in good time. */
async function waitForHolder(runs: RunArchive, key: RunKey): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < holderPatienceMs; waitedMs += holderPauseMs) {
    const { events } = await runs.read(key);
    if (events.some(({ epoch }) => epoch > 1)) return true;
    await sleep(holderPauseMs);
  }
  return false;
}
