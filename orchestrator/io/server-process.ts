import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { type BoundedLine, createLineCutter } from "./bounded-lines.ts";
import { identifyProcess } from "./host.ts";
import { findLineage, killLineage, type Lineage, lineageVariable, signalProcesses } from "./lineage.ts";
import { gate } from "./run-process.ts";

/** A program that is talked to in lines. */
export interface ServerProgram {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment, nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** A random mark, in the environment of the program and of all that it starts. */
  readonly lineage: string;
  /** Of one line that it says; a longer one is told by its beginning, of `headBytes`. */
  readonly lineBytesMax: number;
  readonly headBytes: number;
  /** Called when the process exists, before the program runs in it; the program waits for it. */
  readonly onStarted: (pid: number) => Promise<void>;
}

/** A program under way. */
export interface ServerProcess {
  readonly pid: number;
  /** Hears each line that the program says from now on. */
  listen(listener: (line: BoundedLine) => void): void;
  /** Rejects with `mcp_server_failed` where the program takes nothing any more. */
  send(line: string): Promise<void>;
  /** Resolves when nothing of it is left, with how it ended in a few words. Never rejects. */
  readonly ended: Promise<string>;
  /** Closes its input, and ends it with all that it started where it does not end by itself. Never rejects. */
  end(): Promise<void>;
}

/** After the end of its input, and between SIGTERM and SIGKILL. */
const patienceMs = 1_000;
const graceMs = 2_000;
const stderrBytes = 4_096;
const saidLength = 300;

/**
 * Starts a program in a process group of its own, without a shell. When it ends, however it does, what it started is ended too.
 * Throws `mcp_server_failed` where it cannot be started, and what `onStarted` throws.
 */
export async function startServerProcess(program: ServerProgram): Promise<ServerProcess> {
  const child = await launch(program);
  const pid = child.pid ?? 0;
  const { start } = await identifyProcess(pid);
  const lineage = { mark: program.lineage, leader: pid, start: start === null ? null : Number(start) };
  const family: Lineage = { ...lineage, isGroupKnown: true };
  const ended = endOf(child, family, createLastLine(child));
  const listen = readLines(child, program);
  try {
    await program.onStarted(pid);
  } catch (error) {
    signalAll(family, "SIGKILL");
    await ended;
    throw error;
  }
  child.stdin.write("\n");
  return { pid, listen, send: (line) => send(child, line), ended, end: () => end(child, family, ended) };
}

async function launch({ argv, cwd, env, lineage }: ServerProgram): Promise<ChildProcessWithoutNullStreams> {
  const [shell, ...args] = gate;
  const marked = { ...env, [lineageVariable]: lineage };
  const child = spawn(shell, [...args, ...argv], { cwd, env: marked, detached: true, stdio: "pipe" });
  child.stdin.on("error", () => {});
  if (child.pid === undefined) {
    const error = await new Promise<Error>((resolve) => child.once("error", resolve));
    throw new OrchestratorError("mcp_server_failed", `${argv[0]} cannot be started: ${messageOf(error)}`, {
      cause: error,
    });
  }
  child.on("error", () => {});
  return child;
}

function readLines(
  { stdout }: ChildProcessWithoutNullStreams,
  { lineBytesMax, headBytes }: ServerProgram,
): ServerProcess["listen"] {
  const cutter = createLineCutter(lineBytesMax, headBytes);
  let hear: (line: BoundedLine) => void = () => {};
  stdout.on("data", (chunk: Buffer) => {
    for (const line of cutter.push(chunk)) hear(line);
  });
  stdout.on("error", () => {});
  return (listener) => {
    hear = listener;
  };
}

/** The last whole line on stderr: one that is cut could be the rest of a secret that nobody recognises. */
function createLastLine({ stderr }: ChildProcessWithoutNullStreams): () => string {
  let tail = Buffer.alloc(0);
  let isCut = false;
  stderr.on("data", (chunk: Buffer) => {
    const all = Buffer.concat([tail, chunk]);
    isCut ||= all.length > stderrBytes;
    tail = Buffer.from(all.subarray(-stderrBytes));
  });
  stderr.on("error", () => {});
  return () => {
    const lines = tail
      .toString("utf8")
      .split("\n")
      .slice(isCut ? 1 : 0);
    return lines.findLast((line) => line.trim() !== "")?.trim() ?? "";
  };
}

async function endOf(child: ChildProcessWithoutNullStreams, family: Lineage, lastLine: () => string): Promise<string> {
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const how = await new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`));
  });
  signalAll(family, "SIGKILL");
  await killLineage(family);
  // Its last words may still be in the pipes, which something out of reach may hold open.
  await withinMs(closed, patienceMs);
  const said = lastLine();
  return said === "" || said.length > saidLength ? how : `${how}; it said: ${said}`;
}

function signalAll(family: Lineage, signal: NodeJS.Signals): void {
  const others = findLineage(family).flatMap(({ pid, group }) => (group === family.leader ? [] : pid));
  signalProcesses([...others, -family.leader], signal);
}

function send({ stdin }: ChildProcessWithoutNullStreams, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.write(`${line}\n`, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(new OrchestratorError("mcp_server_failed", `the server takes no more: ${messageOf(error)}`));
    });
  });
}

async function end(child: ChildProcessWithoutNullStreams, family: Lineage, ended: Promise<string>): Promise<void> {
  const isOver = (ms: number) => withinMs(ended, ms);
  child.stdin.end();
  if (await isOver(patienceMs)) return;
  signalAll(family, "SIGTERM");
  if (await isOver(graceMs)) return;
  signalAll(family, "SIGKILL");
  await isOver(graceMs);
}

async function withinMs(ended: Promise<unknown>, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const late = sleep(ms, false, { signal: stop.signal }).catch(() => false);
  try {
    return await Promise.race([ended.then(() => true), late]);
  } finally {
    stop.abort();
  }
}
