import { join } from "node:path";
import { readCheck } from "../evidence/read-check.ts";
import { ensureDirectory, exists, removeTree } from "../io/files.ts";
import { searchPath, whyMissing } from "../io/find-program.ts";
import { runProcess } from "../io/run-process.ts";
import { type Environment, filteredEnvironment } from "../io/sandbox.ts";
import type { CommandPlan, LanguageAdapter, Project, RepositoryReader } from "../schema/adapter-port.ts";
import { labelAmong, labelled, projectName } from "../schema/checked-project.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { PipelineCommand } from "../schema/pipeline.ts";
import type { Policy } from "../schema/policy.ts";
import type { CommandOutcome, Redactor, Sandbox, SandboxRequest } from "../schema/process-port.ts";
import type { Enforcement } from "../schema/run-event.ts";
import type { CheckResult, PlanGoal } from "../schema/test-report.ts";
import type { CommandExecutor, ExecutedCommand, ReadyCommand, StartOptions } from "./command-executor.ts";
import type { GuardProgram } from "./guard-program.ts";

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
  /** What `spec-guard` means where its file is there; else it is looked for as any program. */
  readonly guard: GuardProgram;
  /** The projects of the repository. */
  readonly projects: () => Promise<readonly Project[]>;
}

/** As the port, but a command on this machine always tells how it ended. */
export interface LocalExecutor extends CommandExecutor {
  prepare(command: PipelineCommand): Promise<Prepared>;
}

/** Kept of one command's output, whatever the policy allows, since it is in memory once. */
const outputBytesMax = 33_554_432;

/** Bytes that are kept of one command's output. */
export function localOutputBytesMax({ limits }: Policy): number {
  return Math.min(limits.output_bytes_max, outputBytesMax);
}

/** Commands in the user's working copy, bounded by the policy. */
export function createLocalExecutor(parts: LocalExecutorParts): LocalExecutor {
  return {
    prepare: (command) => (command.argv === undefined ? prepareCheck(parts, command) : prepareProgram(parts, command)),
    close: async () => {},
  };
}

/** A command on this machine always tells how it ended. */
export interface LocalCommand extends ReadyCommand {
  start(options: StartOptions): Promise<ExecutedCommand>;
}

export type Prepared = LocalCommand | { readonly missing: string };

/** The command of one of the repository's own checks, and the adapter that reads what it shows. */
export interface PlannedCheck {
  readonly adapter: LanguageAdapter;
  readonly plan: CommandPlan;
  /** The folder of its report. */
  readonly reports: string;
  /** What stands on its result. */
  readonly label: Pick<CheckResult, "root" | "adapter">;
}

/** Finds the command of a check in the project that is named, or in the only one that has it; or says in one sentence why there is none. */
export async function planCheck(
  { projects, reader, folder }: Pick<LocalExecutorParts, "projects" | "reader" | "folder">,
  goal: PlanGoal,
  { project, adapter: wanted }: Pick<PipelineCommand, "project" | "adapter"> = {},
): Promise<PlannedCheck | { readonly missing: string }> {
  const all = await projects();
  const meant = all.filter(({ root, adapter }) => root === (project ?? root) && adapter.id === (wanted ?? adapter.id));
  const [first] = meant;
  if (first === undefined)
    return { missing: `no adapter knows ${all.length === 0 ? "this repository" : `a project in ${project ?? "it"}`}` };
  const reports = join(folder, "reports");
  await ensureDirectory(reports);
  const planned: PlannedCheck[] = [];
  for (const each of meant) {
    const plan = await each.adapter.plan(reader, goal, reports);
    const label = labelAmong({ root: each.root, adapter: each.adapter.id }, placesOf(all));
    if (plan !== null) planned.push({ adapter: each.adapter, plan, reports, label });
  }
  const [only, ...more] = planned;
  if (only === undefined) return { missing: missingCheck(first.adapter.id, goal) };
  if (more.length === 0) return only;
  const names = planned.map(({ label }) => projectName(label) || ".").join(", ");
  return { missing: `several projects have a ${goal} command (${names}); name one as 'project'` };
}

function placesOf(projects: readonly Project[]) {
  return projects.map(({ root, adapter }) => ({ root, adapter: adapter.id }));
}

/** What the adapter says of a check that ended. */
export async function readPlannedCheck(planned: PlannedCheck, outcome: CommandOutcome): Promise<CheckResult> {
  const { cases: _cases, ...check } = await readCheck(planned.adapter, planned.plan, outcome, planned.reports);
  return labelled(check, planned.label);
}

async function prepareCheck(parts: LocalExecutorParts, command: PipelineCommand): Promise<Prepared> {
  const planned = await planCheck(parts, command.check ?? "test", command);
  if ("missing" in planned) return planned;
  const { plan, reports } = planned;
  const ready = await preparePlan(parts, command, plan);
  if ("missing" in ready) return ready;
  return {
    ...ready,
    start: async (options) => {
      await removeTree(reports);
      await ensureDirectory(reports);
      const executed = await ready.start(options);
      return { ...executed, check: await readPlannedCheck(planned, executed.outcome) };
    },
  };
}

/** Makes a command of an adapter ready to start, bounded as the pipeline's command says; the reason where its program is missing. */
export function preparePlan(parts: LocalExecutorParts, command: PipelineCommand, plan: CommandPlan): Promise<Prepared> {
  const timeoutMs = command.timeout_ms ?? plan.timeoutMs;
  return makeReady(parts, { ...command, timeout_ms: timeoutMs }, plan.argv, plan.cwd, plan.env);
}

function missingCheck(adapter: string, goal: PlanGoal): string {
  return `the adapter ${adapter} finds no ${goal} command; add a "${goal}" script`;
}

async function prepareProgram(parts: LocalExecutorParts, command: PipelineCommand): Promise<Prepared> {
  const [program = "", ...args] = command.argv ?? [];
  const { node, file } = parts.guard;
  const isOwnGuard = program === "spec-guard" && (await exists(file));
  return makeReady(parts, command, isOwnGuard ? [node, file, ...args] : [program, ...args], command.cwd, {});
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
        outputBytesMax: localOutputBytesMax(parts.policy),
        ...startOf(options),
      });
      return { outcome, check: null, failedCall: null };
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

/** What bounds a command on this machine; throws `sandbox_unavailable` where that is less than the policy requires. */
export async function enforcementOf(
  { policy, sandbox: makeSandbox }: Pick<LocalExecutorParts, "policy" | "sandbox">,
  command: Pick<PipelineCommand, "sandbox" | "network">,
): Promise<Bounds["enforcement"]> {
  if (!command.sandbox && !policy.require_sandbox) return unbounded;
  const sandbox = await makeSandbox();
  const { reason, ...enforcement } = sandbox.enforcement(command.network || policy.network.commands);
  if (policy.require_sandbox && enforcement.sandbox !== "bubblewrap") {
    throw new OrchestratorError("sandbox_unavailable", `the policy requires a sandbox: ${reason}`);
  }
  return enforcement;
}

async function boundsOf(parts: LocalExecutorParts, command: PipelineCommand): Promise<Bounds> {
  const { policy, redactor, root, folder } = parts;
  const enforcement = await enforcementOf(parts, command);
  if (!command.sandbox && !policy.require_sandbox) {
    return { enforcement, run: (request) => runProcess(request, redactor) };
  }
  const sandbox = await parts.sandbox();
  const network = command.network || policy.network.commands;
  const home = join(folder, "home");
  await Promise.all([ensureDirectory(home), ensureDirectory(join(folder, "reports"))]);
  const bounds: SandboxRequest = {
    writable: [root, home, join(folder, "reports")],
    readOnly: await existing([join(root, ".git"), join(root, ".runs"), parts.guard.file]),
    network,
  };
  return { enforcement, run: (request) => sandbox.run(request, bounds) };
}

async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(paths.map(exists));
  return paths.filter((_, index) => there[index]);
}
