import { constants } from "node:fs";
import { access, realpath, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { OrchestratorError } from "../schema/errors.ts";
import type { CommandOutcome, CommandRequest, Redactor, Sandbox, SandboxRequest } from "../schema/process-port.ts";
import { runProcess } from "./run-process.ts";
import { bubblewrapArguments } from "./sandbox/bubblewrap-arguments.ts";
import type { Environment } from "./sandbox/filtered-environment.ts";
import { type HostView, isWithin, lookAtHost, pathFolders, programFolders, shownTools } from "./sandbox/host-view.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

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
  const request = {
    argv: ["sh", "-c", ":"] as const,
    cwd: "/",
    env: { PATH: environment["PATH"] ?? "" },
    timeoutMs: 10_000,
    outputBytesMax: 4_096,
  };
  const outcome = await runInside(program, host, redactor, request, { writable: [], readOnly: [], network: false });
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
    run: async (command, bounds) => named(command, program, await runInside(program, host, redactor, command, bounds)),
  };
}

async function runInside(
  program: string,
  host: HostView,
  redactor: Redactor,
  command: CommandRequest,
  request: SandboxRequest,
): Promise<CommandOutcome> {
  const resolved = await resolveBounds(host, command, request);
  return withTemporaryFolder("accounts", async (accounts) => {
    await writeAccounts(accounts);
    const argv = [program, ...bubblewrapArguments(host, { ...resolved, accounts }), ...command.argv] as const;
    const env = { ...command.env, PATH: await withRealFolders(command.env["PATH"] ?? "") };
    return runProcess({ ...command, argv, env, cwd: "/" }, redactor);
  });
}

/** The one user there is inside. Programs ask for the name of their own; who else has an account here is not theirs to know. */
async function writeAccounts(folder: string): Promise<void> {
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  await writeFile(join(folder, "passwd"), `user:x:${user}:${group}:user:/nonexistent:/bin/sh\n`);
  await writeFile(join(folder, "group"), `user:x:${group}:\n`);
}

/** Inside, a folder is at its real place alone, so a link on the PATH is followed here. */
async function withRealFolders(path: string): Promise<string> {
  const folders = path.split(":");
  const real = await Promise.all(pathFolders(path).map((folder) => realpath(folder).catch(() => folder)));
  return [...folders, ...new Set(real.filter((folder) => !folders.includes(folder)))].join(":");
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
  const hidden = await Promise.all((bounds.hidden ?? []).map((path) => realpath(path).catch(() => path)));
  const resolve = (path: string) => resolveBound(path, bounds.writable, [...host.hiddenFolders, ...hidden]);
  const programs = await shownTools(programFolders(command.env["PATH"]), host.hiddenFolders);
  const isForeign = (path: string) =>
    !hidden.some((folder) => isWithin(folder, path) || (isWithin(path, folder) && !host.node.includes(path)));
  return {
    writable: await Promise.all(bounds.writable.map(resolve)),
    readOnly: await Promise.all(bounds.readOnly.map(resolve)),
    hidden,
    network: bounds.network,
    shown: [...host.tools, ...programs].filter(isForeign).filter((path) => !isSystem(host, path)),
    resolver: bounds.network ? await realpath("/etc/resolv.conf").catch(() => null) : null,
    cwd: await realpath(command.cwd).catch(() => command.cwd),
  };
}

function isSystem(host: HostView, path: string): boolean {
  return host.system.some((folder) => isWithin(path, folder));
}

/**
 * The real path of what is to be mounted. Throws `path_refused` for what does not exist, what a link inside a writable folder
 * leads to outside of it (foreign code may have planted it), and for a folder around what is hidden.
 */
async function resolveBound(path: string, writable: readonly string[], hidden: readonly string[]): Promise<string> {
  const refuse = (why: string) =>
    new OrchestratorError("path_refused", `${path} cannot be mounted in the sandbox: ${why}`);
  if (!isAbsolute(path)) throw refuse("it is not absolute");
  const real = await realpath(path).catch(() => {
    throw refuse("it does not exist");
  });
  for (const folder of writable.filter((folder) => folder !== path && isWithin(path, folder))) {
    if (!isWithin(real, await realpath(folder))) throw refuse(`a link leads out of ${folder}`);
  }
  if (hidden.some((folder) => isWithin(folder, real))) throw refuse("it would show what the sandbox hides");
  return real;
}
