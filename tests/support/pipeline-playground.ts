import { openPipelines } from "../../orchestrator/compose.ts";
import type { Pipelines, RunHandle } from "../../orchestrator/orchestrator.ts";
import type { Settings } from "../../orchestrator/schema/config.ts";
import { PipelineSettings } from "../../orchestrator/schema/pipeline.ts";
import { createPlayground, type Playground } from "./playground.ts";

/** A playground with one pipeline of its own, `own`. */
export interface PipelinePlayground extends Playground {
  pipelines(settings?: Partial<Settings>, environment?: Readonly<Record<string, string>>): Promise<Pipelines>;
  /** Starts the pipeline `own`. */
  start(signal?: AbortSignal): Promise<RunHandle>;
}

/** A pipeline of these commands, in a repository with these files. No command is sandboxed unless it says so, which is quicker. */
export function createPipelinePlayground(
  commands: readonly object[],
  options: { readonly files?: Record<string, string>; readonly keepGoing?: boolean } = {},
): PipelinePlayground {
  const playground = createPlayground(options.files ?? { "README.md": "# a repository\n", ".gitignore": ".runs/\n" });
  const own = PipelineSettings.parse({
    keep_going: options.keepGoing ?? false,
    commands: commands.map((command) => ({ sandbox: false, ...command })),
  });
  const pipelines = (settings: Partial<Settings> = {}, environment: Readonly<Record<string, string>> = {}) =>
    openPipelines({
      repository: playground.repository,
      environment: { ...playground.environment, ...environment },
      settings: { ...playground.settings, pipelines: { own }, ...settings },
    });
  return {
    ...playground,
    pipelines,
    start: async (signal) => (await pipelines()).start({ name: "own", ...(signal === undefined ? {} : { signal }) }),
  };
}

/** The command that runs a script in Node. */
export function node(script: string): string[] {
  return [process.execPath, "-e", script];
}
