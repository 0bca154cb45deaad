import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { main } from "../../orchestrator/cli/main.ts";
import { openRuns } from "../../orchestrator/compose.ts";
import type { KnownEvent } from "../../orchestrator/schema/run-event.ts";
import { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import type { TaskSpec } from "../../orchestrator/schema/task-spec.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import type { ModelServer } from "./model-server.ts";
import type { Playground } from "./playground.ts";
import { sampleTask } from "./sample-task.ts";

/** What a person at the command line has of a run, and what its record says. */
export interface CommandedRun {
  readonly exit: number;
  /** The one document on stdout. */
  readonly manifest: RunManifest;
  readonly stderr: string;
  readonly events: readonly KnownEvent[];
  /** The exit code of `runs verify`. */
  readonly verified: number;
}

/** The command line of a playground, run in this process. */
export interface CommandLine {
  /** `run --task` with the models on the server, and `runs verify` of what came of it. */
  run(task?: TaskSpec): Promise<CommandedRun>;
  /** Any verb that goes on with the newest run: `resume`, `reject`. */
  tell(verb: string, ...flags: readonly string[]): Promise<CommandedRun>;
  /** The patch that `runs diff` shows of the newest run. */
  diff(): Promise<string>;
}

/** The key that the command line sends to a server on loopback, unless it is given another. */
const wireKey = "the-key-of-the-wire";

/** The command line on a playground, with its models on a server. */
export function commandLine(
  { repository, cacheDir, environment }: Playground,
  { baseUrl }: Pick<ModelServer, "baseUrl">,
  variables: Readonly<Record<string, string>> = {},
): CommandLine {
  const env = { ...environment, OPENAI_API_KEY: wireKey, ORCHESTRATOR_CACHE_DIR: cacheDir, ...variables };
  const call = async (argv: readonly string[]) => {
    const io = createTestIo({ cwd: repository, environment: env });
    return { exit: await main([...argv, "--format", "json"], io), stdout: io.output(), stderr: io.errors() };
  };
  const look = async (argv: readonly string[]): Promise<CommandedRun> => {
    const { exit, stdout, stderr } = await call(argv);
    const manifest = RunManifest.parse(JSON.parse(stdout));
    const { runs } = await openRuns({ repository, environment: env });
    const events = await runs.events({ taskId: manifest.task_id, runId: manifest.run_id });
    const { exit: verified } = await call(["runs", "verify", manifest.run_id]);
    return { exit, manifest, stderr, events, verified };
  };
  return {
    run: (task = sampleTask) =>
      look(["run", "--task", writeTask(task), "--model", "openai:mock-model", "--base-url", baseUrl]),
    tell: (verb, ...flags) => look([verb, "latest", ...flags]),
    diff: async () =>
      z.object({ patch: z.string() }).parse(JSON.parse((await call(["runs", "diff", "latest"])).stdout)).patch,
  };
}

function writeTask(task: TaskSpec): string {
  const file = join(temporaryFolder("task"), `${task.id}.md`);
  writeFileSync(file, `---\n${JSON.stringify(task)}\n---\n`);
  return file;
}
