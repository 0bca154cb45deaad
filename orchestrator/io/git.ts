import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { OrchestratorError } from "../schema/errors.ts";

/** How git is called. */
export interface GitOptions {
  readonly stdin?: string | Uint8Array;
  /** Added to the isolated environment, such as `GIT_INDEX_FILE`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Refuse more output than this; default 256 MiB. */
  readonly bytesMax?: number;
  readonly signal?: AbortSignal;
  /** Exit codes that are an answer; default only 0. */
  readonly okCodes?: readonly number[];
}

/** What git answered. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
}

/** Git in one folder. */
export interface Git {
  readonly directory: string;
  /** Throws `git_failed` with the arguments and what git said, or `aborted`. */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** The output as text without its last newline. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
}

/**
 * No user or system config, no prompts, no hooks, no pager, no replaced objects and no grafts, no lock on the index of
 * a repository that is only read.
 */
const isolation = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: "/dev/null",
  GIT_PAGER: "cat",
  LC_ALL: "C",
} as const;

const settings = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  "core.autocrlf=false",
  "core.longPaths=true",
  "commit.gpgSign=false",
  "diff.external=",
  "gc.auto=0",
  "maintenance.auto=false",
  "protocol.ext.allow=never",
].flatMap((setting) => ["-c", setting]);

/**
 * Git in `directory`, cut off from the user's configuration and from `GIT_*` variables of the environment. `more` are
 * settings such as `core.ignoreCase=false`.
 */
export function createGit(directory: string, more: readonly string[] = []): Git {
  const given = more.flatMap((setting) => ["-c", setting]);
  const run = (args: readonly string[], options: GitOptions = {}) => runGit(directory, [...given, ...args], options);
  return {
    directory,
    run,
    text: async (args, options) => (await run(args, options)).stdout.toString("utf8").replace(/\n$/, ""),
  };
}

/** Starts git, cut off from the user's configuration. For a program that is talked to; else use `createGit`. */
export function spawnGit(
  directory: string,
  args: readonly string[],
  { env, signal }: Pick<GitOptions, "env" | "signal"> = {},
): ChildProcessWithoutNullStreams {
  return spawn("git", [...settings, ...args], {
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...isolation, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(signal ? { signal } : {}),
  });
}

function runGit(directory: string, args: readonly string[], options: GitOptions): Promise<GitResult> {
  const bytesMax = options.bytesMax ?? 268_435_456;
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown) =>
      reject(new OrchestratorError("git_failed", `git ${args.join(" ")} in ${directory}: ${message}`, { cause }));
    if (options.signal?.aborted) return reject(new OrchestratorError("aborted", "stopped before git was started"));
    const child = spawnGit(directory, args, options);
    const stdout: Buffer[] = [];
    let bytes = 0;
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) child.kill("SIGKILL");
      else stdout.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (stderr.length < 8192) stderr += chunk.toString("utf8");
    });
    child.stdin.on("error", () => {});
    child.on("error", (error) => {
      if (options.signal?.aborted) reject(new OrchestratorError("aborted", "git was stopped", { cause: error }));
      else fail("cannot be started; is git installed and on the PATH?", error);
    });
    child.on("close", (code) => {
      if (bytes > bytesMax) fail(`more than ${bytesMax} bytes of output`);
      else if (code !== null && (options.okCodes ?? [0]).includes(code))
        resolve({ code, stdout: Buffer.concat(stdout) });
      else fail(stderr.trim() === "" ? `exit code ${code}` : stderr.trim());
    });
    child.stdin.end(options.stdin);
  });
}
