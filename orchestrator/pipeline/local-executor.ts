import { join } from "node:path";
import { readCheck } from "../evidence/read-check.ts";
import { ensureDirectory, removeTree } from "../io/files.ts";
import { searchPath, whyMissing } from "../io/find-program.ts";
import { runProcess } from "../io/run-process.ts";
import { type Environment, filteredEnvironment } from "../io/sandbox.ts";
import type { LanguageAdapter, RepositoryReader } from "../schema/adapter-port.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { PipelineCommand } from "../schema/pipeline.ts";
import type { Policy } from "../schema/policy.ts";
import type { CommandOutcome, Redactor, Sandbox, SandboxRequest } from "../schema/process-port.ts";
import type { Enforcement } from "../schema/run-event.ts";
import type { CheckGoal } from "../schema/test-report.ts";
import type { CommandExecutor, ReadyCommand, StartOptions } from "./command-executor.ts";

/** What commands on this machine are carried out with. */
export interface LocalExecutorParts {
  /** The working copy. */
  readonly root: string;
  /** For a home and reports; removed when the run is finished. */
  readonly folder: string;
  readonly policy: Policy;
  readonly environment: Environment;
  readonly redactor: Redactor;
  /** Made at the first command that wants one. */
  readonly sandbox: () => Promise<Sandbox>;
  readonly reader: RepositoryReader;
  /** The adapter that fits the repository, or null. */
  readonly detect: () => Promise<LanguageAdapter | null>;
}

/** Kept of one command's output, whatever the policy allows, since it is in memory once. */
const outputBytesMax = 33_554_432;

/** Commands in the user's working copy, bounded by the policy. */
export function createLocalExecutor(parts: LocalExecutorParts): CommandExecutor {
  return {
    prepare: (command) => (command.argv === undefined ? prepareCheck(parts, command) : prepareProgram(parts, command)),
    discard: () => removeTree(parts.folder),
  };
}

type Prepared = ReadyCommand | { readonly missing: string };

async function prepareCheck(parts: LocalExecutorParts, command: PipelineCommand): Promise<Prepared> {
  const goal = command.check ?? "test";
  const adapter = await parts.detect();
  if (adapter === null) return { missing: "no adapter knows this repository" };
  const reports = join(parts.folder, "reports");
  await ensureDirectory(reports);
  const plan = await adapter.plan(parts.reader, goal, reports);
  if (plan === null) return { missing: missingCheck(adapter.id, goal) };
  const timeoutMs = command.timeout_ms ?? plan.timeoutMs;
  const ready = await makeReady(parts, { ...command, timeout_ms: timeoutMs }, plan.argv, plan.cwd, plan.env);
  if ("missing" in ready) return ready;
  return {
    ...ready,
    start: async (options) => {
      await removeTree(reports);
      await ensureDirectory(reports);
      const executed = await ready.start(options);
      return { ...executed, check: await readCheck(adapter, plan, executed.outcome, reports) };
    },
  };
}

function missingCheck(adapter: string, goal: CheckGoal): string {
  return `the adapter ${adapter} finds no ${goal} command; add a "${goal}" script`;
}

function prepareProgram(parts: LocalExecutorParts, command: PipelineCommand): Promise<Prepared> {
  const [program = "", ...args] = command.argv ?? [];
  return makeReady(parts, command, [program, ...args], command.cwd, {});
}

async function makeReady(
  parts: LocalExecutorParts,
  command: PipelineCommand,
  argv: readonly [string, ...string[]],
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<Prepared> {
  const cwd = join(parts.root, folder);
  const env = environmentOf(parts, command, variables);
  const missing = await whyMissing(argv[0], cwd, env["PATH"] ?? "");
  if (missing !== null) return { missing };
  const { limits } = parts.policy;
  const timeoutMs = Math.min(command.timeout_ms ?? limits.command_timeout_ms, limits.command_timeout_ms);
  const { enforcement, run } = await boundsOf(parts, command);
  return {
    argv,
    timeoutMs,
    enforcement,
    start: async (options) => {
      const outcome = await run({
        argv,
        cwd,
        env,
        timeoutMs,
        outputBytesMax: Math.min(limits.output_bytes_max, outputBytesMax),
        ...startOf(options),
      });
      return { outcome, check: null, errorFile: null };
    },
  };
}

function startOf({ lineage, outputFile, signal, onStarted }: StartOptions) {
  return { lineage, outputFile, signal, onStarted };
}

function environmentOf(
  { environment, root, folder }: LocalExecutorParts,
  { env, sandbox }: PipelineCommand,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const home = sandbox ? join(folder, "home") : (environment["HOME"] ?? join(folder, "home"));
  const wanted = env.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const filtered = filteredEnvironment(environment, {
    HOME: home,
    CI: "true",
    ...Object.fromEntries(wanted),
    ...variables,
  });
  return { ...filtered, PATH: searchPath(root, filtered["PATH"]) };
}

interface Bounds {
  readonly enforcement: Omit<Enforcement, "reason">;
  readonly run: (command: Parameters<Sandbox["run"]>[0]) => Promise<CommandOutcome>;
}

const unbounded = {
  sandbox: "process-group",
  network_blocked: false,
  writes_confined: false,
  environment_filtered: true,
} as const;

async function boundsOf(parts: LocalExecutorParts, command: PipelineCommand): Promise<Bounds> {
  const { policy, redactor, root, folder } = parts;
  if (!command.sandbox && !policy.require_sandbox) {
    return { enforcement: unbounded, run: (request) => runProcess(request, redactor) };
  }
  const sandbox = await parts.sandbox();
  const network = command.network || policy.network.commands;
  const { reason, ...enforcement } = sandbox.enforcement(network);
  if (policy.require_sandbox && enforcement.sandbox !== "bubblewrap") {
    throw new OrchestratorError("sandbox_unavailable", `the policy requires a sandbox: ${reason}`);
  }
  const home = join(folder, "home");
  await Promise.all([ensureDirectory(home), ensureDirectory(join(folder, "reports"))]);
  const bounds: SandboxRequest = {
    writable: [root, home, join(folder, "reports")],
    readOnly: [join(root, ".git"), join(root, ".runs")],
    network,
  };
  return { enforcement, run: (request) => sandbox.run(request, bounds) };
}
