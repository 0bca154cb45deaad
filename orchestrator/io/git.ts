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
  /** Git is killed when it takes longer; default without a limit, since a clone may take long. */
  readonly timeoutMs?: number;
  /** Exit codes that are an answer; default only 0. */
  readonly okCodes?: readonly number[];
}

/** What git answered. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
}

/** What holds for each call that does not say otherwise. */
export type GitLimits = Pick<GitOptions, "signal" | "timeoutMs">;

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
  // We name an empty graft file, which git would comment on in each fault.
  "advice.graftFileDeprecated=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "protocol.ext.allow=never",
].flatMap((setting) => ["-c", setting]);

/**
 * Git in `directory`, cut off from the user's configuration and from `GIT_*` variables of the environment. `more` are
 * settings such as `core.ignoreCase=false`.
 */
export function createGit(directory: string, more: readonly string[] = [], limits: GitLimits = {}): Git {
  const run = (args: readonly string[], options: GitOptions = {}) =>
    runGit(directory, more, args, { ...limits, ...options });
  return {
    directory,
    run,
    text: async (args, options) => (await run(args, options)).stdout.toString("utf8").replace(/\n$/, ""),
  };
}

/** Starts git, cut off from the user's configuration. For a program that is talked to; else use `createGit`. */
export function spawnGit(
  directory: string,
  more: readonly string[],
  args: readonly string[],
  { env, signal }: Pick<GitOptions, "env" | "signal"> = {},
): ChildProcessWithoutNullStreams {
  const given = more.flatMap((setting) => ["-c", setting]);
  return spawn("git", [...settings, ...given, ...args], {
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...isolation, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(signal ? { signal } : {}),
  });
}

function runGit(
  directory: string,
  more: readonly string[],
  args: readonly string[],
  options: GitOptions,
): Promise<GitResult> {
  const { bytesMax = 268_435_456, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown) => {
      clearTimeout(timer);
      reject(new OrchestratorError("git_failed", `git ${args.join(" ")} in ${directory}: ${message}`, { cause }));
    };
    if (options.signal?.aborted) return reject(new OrchestratorError("aborted", "stopped before git was started"));
    const child = spawnGit(directory, more, args, options);
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            // A child of its own may hold the pipes open, so the answer does not wait for their end.
            abandon(child);
            fail(tookTooLong(timeoutMs));
          }, timeoutMs);
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
      if (options.signal?.aborted) {
        clearTimeout(timer);
        abandon(child);
        reject(new OrchestratorError("aborted", "git was stopped", { cause: error }));
      } else fail("cannot be started; is git installed and on the PATH?", error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (bytes > bytesMax) fail(`more than ${bytesMax} bytes of output`);
      else if (code !== null && (options.okCodes ?? [0]).includes(code))
        resolve({ code, stdout: Buffer.concat(stdout) });
      else fail(stderr.trim() === "" ? `exit code ${code}` : stderr.trim());
    });
    child.stdin.end(options.stdin);
  });
}

/** What is said of git where it did not end in time. */
export function tookTooLong(timeoutMs: number): string {
  return `no answer within ${timeoutMs / 1000} s, so it was stopped; see whether the disk or the machine is overloaded`;
}

/** Ends a child and lets go of its pipes. */
export function abandon(child: ChildProcessWithoutNullStreams): void {
  child.kill("SIGKILL");
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
}
