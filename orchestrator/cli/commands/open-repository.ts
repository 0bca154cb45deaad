import { resolve } from "node:path";
import type { OpenRuns } from "../../compose.ts";
import type { Goals, Orchestrator, OrchestratorOptions, Pipelines } from "../../orchestrator.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { createHints, type Hints } from "../hints.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";

/** The folder that `--repo` names, or the current one. */
export function repositoryFolder({ io, args }: CommandContext): string {
  return resolve(io.cwd, args.text("repo") ?? ".");
}

/** Hints for the repository as the user named it. */
export function hintsOf({ args }: CommandContext): Hints {
  return createHints(args.text("repo"));
}

/** The runs of the repository, without anything that is heavy to load. */
export async function openRepositoryRuns(context: CommandContext): Promise<OpenRuns> {
  const { openRuns } = await import("../../compose.ts");
  return openRuns({
    repository: repositoryFolder(context),
    environment: context.io.environment,
    onBadConfig: ({ message }) =>
      context.printer.note(`${safeBlock(message)}\nuntil that is mended, the defaults hold here`),
  });
}

/** The runs, and the one that the first argument names. */
export async function openNamedRun(context: CommandContext): Promise<OpenRuns & { readonly key: RunKey }> {
  const opened = await openRepositoryRuns(context);
  const note = (message: string) => context.printer.note(safeLine(message));
  return { ...opened, key: await opened.run(context.args.positionals[0] ?? "", note) };
}

/** The run that the first argument names, for a verb that only reads: also a folder elsewhere, such as a copy of the record. */
export async function openRecord(
  context: CommandContext,
): Promise<Pick<OpenRuns, "runs" | "runsRoot"> & { readonly key: RunKey }> {
  const { openRunFolder } = await import("../../compose.ts");
  const { args, io } = context;
  const [named = ""] = args.positionals;
  return (await openRunFolder(resolve(io.cwd, named), io.environment)) ?? openNamedRun(context);
}

/** What can start and resume runs. */
export async function openOrchestrator(
  context: CommandContext,
  options: Pick<OrchestratorOptions, "model" | "baseUrl"> = {},
): Promise<Orchestrator> {
  const { createOrchestrator } = await import("../../compose.ts");
  return createOrchestrator({
    ...options,
    repository: repositoryFolder(context),
    environment: context.io.environment,
  });
}

/** What can start and resume pipelines, without anything that only agents need. */
export async function openRepositoryPipelines(context: CommandContext): Promise<Pipelines> {
  const { openPipelines } = await import("../../compose.ts");
  const { environment, program } = context.io;
  return openPipelines({ repository: repositoryFolder(context), environment, program });
}

/** What works through many goals; `model` is for those that name none. */
export async function openRepositoryGoals(context: CommandContext, model?: string): Promise<Goals> {
  const { openGoals } = await import("../../compose.ts");
  return openGoals({
    repository: repositoryFolder(context),
    environment: context.io.environment,
    ...(model === undefined ? {} : { model }),
  });
}
