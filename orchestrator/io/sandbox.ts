import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { OrchestratorError } from "../schema/errors.ts";
import type { CommandOutcome, CommandRequest, Redactor, Sandbox, SandboxRequest } from "../schema/process-port.ts";
import { runProcess } from "./run-process.ts";
import { bubblewrapArguments } from "./sandbox/bubblewrap-arguments.ts";
import type { Environment } from "./sandbox/filtered-environment.ts";
import { type HostView, isWithin, lookAtHost, pathFolders, shownTools } from "./sandbox/host-view.ts";

export { type Environment, filteredEnvironment } from "./sandbox/filtered-environment.ts";

export interface SandboxOptions {
  readonly redactor: Redactor;
  /** The user's own environment, unfiltered: it says where bubblewrap, the home and the toolchains are. None of it is passed on. */
  readonly environment: Environment;
  /** Refuse to go without bubblewrap. */
  readonly require?: boolean;
}

/**
 * Bubblewrap where a trial run with it works, otherwise process groups alone. Throws `sandbox_unavailable` where bubblewrap is required
 * and does not work.
 */
export async function createSandbox({ redactor, environment, require = false }: SandboxOptions): Promise<Sandbox> {
  const host = await lookAtHost(environment);
  const probe = await probeBubblewrap(host, redactor, environment);
  if (probe.works) return bubblewrapSandbox(probe.program, host, redactor, probe.reason);
  if (!require) return processGroupSandbox(redactor, probe.reason);
  const remedy = "install bubblewrap and allow user namespaces, or set require_sandbox: false";
  throw new OrchestratorError("sandbox_unavailable", `a sandbox is required, but ${probe.reason}; ${remedy}`);
}

type Probe = { works: true; program: string; reason: string } | { works: false; reason: string };

async function probeBubblewrap(host: HostView, redactor: Redactor, environment: Environment): Promise<Probe> {
  if (process.platform !== "linux") return { works: false, reason: "bubblewrap is for Linux only" };
  const program = await findProgram("bwrap", environment["PATH"]);
  if (program === null) return { works: false, reason: "bubblewrap (bwrap) is not on the PATH" };
  const bounds = { writable: [], readOnly: [], network: false, shown: [], cwd: "/" };
  const request = {
    argv: [program, ...bubblewrapArguments(host, bounds), "sh", "-c", ":"] as const,
    cwd: "/",
    env: { PATH: environment["PATH"] ?? "" },
    timeoutMs: 10_000,
    outputBytesMax: 4_096,
  };
  const outcome = await runProcess(request, redactor);
  if (outcome.exitCode === 0) return { works: true, program, reason: "a trial run with bubblewrap worked" };
  const said = outcome.outputTail.trim().split("\n").at(-1) || outcome.detail || `exit code ${outcome.exitCode}`;
  return { works: false, reason: `a trial run with bubblewrap failed: ${said}` };
}

async function findProgram(name: string, path: string | undefined): Promise<string | null> {
  for (const folder of pathFolders(path)) {
    const program = join(folder, name);
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return null;
}

function processGroupSandbox(redactor: Redactor, reason: string): Sandbox {
  const enforcement = { network_blocked: false, writes_confined: false, environment_filtered: true, reason };
  return {
    enforcement: () => ({ sandbox: "process-group", ...enforcement }),
    run: (command) => runProcess(command, redactor),
  };
}

function bubblewrapSandbox(program: string, host: HostView, redactor: Redactor, reason: string): Sandbox {
  return {
    enforcement: (network) => ({
      sandbox: "bubblewrap",
      network_blocked: !network,
      writes_confined: true,
      environment_filtered: true,
      reason,
    }),
    run: async (command, bounds) => {
      const inside = bubblewrapArguments(host, await resolveBounds(host, command, bounds));
      const argv = [program, ...inside, ...command.argv] as const;
      return named(command, program, await runProcess({ ...command, argv, cwd: "/" }, redactor));
    },
  };
}

/** The outcome with the program's name in place of bubblewrap's, and bubblewrap's own failure as what it is. */
function named(command: CommandRequest, program: string, outcome: CommandOutcome): CommandOutcome {
  const said = /^bwrap: (.*)/.exec(outcome.outputTail)?.[1];
  if (outcome.status === "exited" && outcome.exitCode === 1 && said !== undefined) {
    const detail = `${command.argv[0]} cannot be started in the sandbox: ${said}`;
    return { ...outcome, status: "failed_to_start", exitCode: null, detail };
  }
  return { ...outcome, detail: outcome.detail.replace(program, () => command.argv[0]) };
}

async function resolveBounds(host: HostView, command: CommandRequest, bounds: SandboxRequest) {
  const writable = await Promise.all(bounds.writable.map((path) => resolveBound(host, path, bounds.writable)));
  const readOnly = await Promise.all(bounds.readOnly.map((path) => resolveBound(host, path, bounds.writable)));
  const resolver = bounds.network ? await realpath("/etc/resolv.conf").catch(() => null) : null;
  const tools = await shownTools(pathFolders(command.env["PATH"]), host.hiddenFolders);
  const hiddenResolver = host.hiddenFolders.some((folder) => resolver !== null && isWithin(resolver, folder));
  return {
    writable,
    readOnly,
    network: bounds.network,
    shown: resolver !== null && hiddenResolver ? [...tools, resolver] : tools,
    cwd: await realpath(command.cwd).catch(() => command.cwd),
  };
}

/**
 * The real path of a folder that is to be mounted. Throws `path_refused` for one that does not exist, that a link inside a writable
 * folder leads out of it (foreign code may have planted it), or that would show what is hidden.
 */
async function resolveBound(host: HostView, path: string, writable: readonly string[]): Promise<string> {
  const refuse = (why: string) =>
    new OrchestratorError("path_refused", `${path} cannot be mounted in the sandbox: ${why}`);
  if (!isAbsolute(path)) throw refuse("it is not absolute");
  const real = await realpath(path).catch(() => {
    throw refuse("it does not exist");
  });
  for (const folder of writable.filter((folder) => folder !== path && isWithin(path, folder))) {
    if (!isWithin(real, await realpath(folder))) throw refuse(`a link leads out of ${folder}`);
  }
  if (host.hiddenFolders.some((hidden) => isWithin(hidden, real))) throw refuse("it would show what the sandbox hides");
  return real;
}
