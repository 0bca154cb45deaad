import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { isOrchestratorError, messageOf } from "../schema/errors.ts";
import type { CommandOutcome, CommandRequest, Redactor } from "../schema/process-port.ts";
import { type Clock, systemClock } from "./clock.ts";
import { exists, hasCode } from "./files.ts";
import { identifyProcess } from "./host.ts";
import { findLineage, killLineage, type Lineage, lineageVariable, signalProcesses } from "./lineage.ts";
import { createOutputSink, type OutputSink, type OutputSource } from "./process-output.ts";

/** How a program ended, without its output. */
export type Ending = Pick<CommandOutcome, "status" | "exitCode" | "signal" | "detail">;

type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** Between the request to end (SIGTERM) and the end (SIGKILL). */
const graceMs = 2_000;
/** How long after the program's end its output may still come, if it comes every second. */
const drainSecondsMax = 5;

/** Waits for one line, then becomes the program: with the same process id, and what follows the line as its standard input. */
export const gate = ["/bin/sh", "-c", 'IFS= read -r _ && exec "$@"', "sh"] as const;

/**
 * Runs a program in a process group of its own, without a shell, and keeps its redacted output. After the program's end, at the
 * deadline and on abort, no process of the group is left. Never rejects for what the program did; throws `disk_failed` where the
 * output cannot be written, and what `onStarted` throws. A process that leaves the group (`setsid`) is ended as well where the request
 * has a `lineage` and the system a `/proc`; elsewhere it is out of reach, and a sandbox holds it.
 */
export async function runProcess(
  request: CommandRequest,
  redactor: Redactor,
  clock: Clock = systemClock,
): Promise<CommandOutcome> {
  const sink = await createOutputSink(redactor, request.outputBytesMax, request.outputFile);
  const startedMs = clock.monotonicMs();
  try {
    const ending = await runInto(request, sink);
    const durationMs = clock.monotonicMs() - startedMs;
    const { tail, bytes, truncated } = await sink.finish();
    return { ...ending, durationMs, outputTail: tail, outputBytes: bytes, outputTruncated: truncated };
  } finally {
    await sink.close();
  }
}

/** As `runProcess`, but the output goes to a sink of the caller's. */
export async function runInto(request: CommandRequest, sink: Pick<OutputSink, "write">): Promise<Ending> {
  if (request.signal?.aborted) return unstarted("aborted", `${request.argv[0]} was not started: the work was stopped`);
  const child = await launch(request);
  if (child instanceof Error) return unstarted("failed_to_start", await whyNotStarted(request, child));
  const exited = new Promise<Exit>((resolve) => child.once("exit", (code, signal) => resolve([code, signal])));
  const output = readOutput(child, sink);
  const lineage = await lineageOf(request, child);
  const stopper = createStopper(request, child, lineage);
  output.done.catch(() => stopper.kill());
  const opened = await openGate(request, child);
  if (opened !== null) stopper.kill();
  const exit = await exited;
  stopper.end();
  if (lineage !== null) await killLineage(lineage);
  await drain(child, output);
  if (opened !== null) throw opened.fault;
  return endingOf(request, stopper.reason(), exit);
}

/** Lets the program go once its process is on record. Resolves with what went wrong, or null. */
async function openGate(
  { onStarted, stdin }: CommandRequest,
  child: ChildProcessWithoutNullStreams,
): Promise<{ readonly fault: unknown } | null> {
  if (onStarted === undefined) return null;
  try {
    await onStarted(child.pid ?? 0);
    child.stdin.end(`\n${stdin ?? ""}`);
    return null;
  } catch (fault) {
    return { fault };
  }
}

async function lineageOf(
  { lineage }: CommandRequest,
  { pid }: ChildProcessWithoutNullStreams,
): Promise<Lineage | null> {
  if (lineage === undefined || pid === undefined) return null;
  const { start } = await identifyProcess(pid);
  return { mark: lineage, leader: pid, start: start === null ? null : Number(start), isGroupKnown: true };
}

function unstarted(status: "aborted" | "failed_to_start", detail: string): Ending {
  return { status, exitCode: null, signal: null, detail };
}

/** The child with a process id, or why there is none. */
async function launch(request: CommandRequest): Promise<ChildProcessWithoutNullStreams | Error> {
  const [program, ...args] = request.onStarted === undefined ? request.argv : ([...gate, ...request.argv] as const);
  const env = request.lineage === undefined ? request.env : { ...request.env, [lineageVariable]: request.lineage };
  try {
    const child = spawn(program, args, { cwd: request.cwd, env, detached: true, stdio: "pipe" });
    child.stdin.on("error", () => {});
    if (child.pid === undefined) return await new Promise<Error>((resolve) => child.once("error", resolve));
    child.on("error", () => {});
    if (request.onStarted === undefined) child.stdin.end(request.stdin);
    return child;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function whyNotStarted(request: CommandRequest, error: Error): Promise<string> {
  const { argv, cwd } = request;
  if (!(await exists(cwd))) return `${argv[0]} cannot be started: the folder ${cwd} does not exist`;
  if (hasCode(error, "ENOENT"))
    return `${argv[0]} cannot be started: no such program on the PATH, or its interpreter is missing`;
  if (hasCode(error, "EACCES")) return `${argv[0]} cannot be started: it may not be executed`;
  return `${argv[0]} cannot be started: ${messageOf(error)}`;
}

/** Ends the process group, and what left it, at the deadline, on abort, and for good after the program's own end. */
function createStopper(request: CommandRequest, child: ChildProcessWithoutNullStreams, lineage: Lineage | null) {
  let reason: "timed_out" | "aborted" | null = null;
  let killTimer: NodeJS.Timeout | undefined;
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) signalProcesses([-child.pid], signal);
  };
  const signalAll = (signal: NodeJS.Signals): void => {
    const found = lineage === null ? [] : findLineage(lineage);
    signalProcesses(
      found.flatMap(({ pid, group }) => (group === child.pid ? [] : pid)),
      signal,
    );
    signalGroup(signal);
  };
  const stop = (why: "timed_out" | "aborted"): void => {
    if (reason !== null) return;
    reason = why;
    signalAll("SIGTERM");
    killTimer = setTimeout(() => signalAll("SIGKILL"), graceMs);
  };
  const deadline = setTimeout(() => stop("timed_out"), request.timeoutMs);
  const onAbort = () => stop("aborted");
  request.signal?.addEventListener("abort", onAbort);
  if (request.signal?.aborted) onAbort();
  return {
    reason: () => reason,
    kill: () => signalGroup("SIGKILL"),
    end: (): void => {
      clearTimeout(deadline);
      clearTimeout(killTimer);
      request.signal?.removeEventListener("abort", onAbort);
      signalGroup("SIGKILL");
    },
  };
}

interface OutputReading {
  /** Resolves when both streams have ended, rejects where the sink does. */
  readonly done: Promise<void>;
  /** How many chunks came. */
  count(): number;
}

function readOutput(child: ChildProcessWithoutNullStreams, sink: Pick<OutputSink, "write">): OutputReading {
  let count = 0;
  const read = async (source: OutputSource): Promise<void> => {
    try {
      for await (const chunk of child[source]) {
        count++;
        await sink.write(source, chunk);
      }
    } catch (error) {
      // A stream that is cut off below says so; only the sink's faults matter.
      if (isOrchestratorError(error)) throw error;
    }
  };
  const done = Promise.all([read("stdout"), read("stderr")]).then(() => {});
  return { done, count: () => count };
}

/** Waits for the rest of the output. A process outside the group may hold the pipes open, so not for long. */
async function drain(child: ChildProcessWithoutNullStreams, output: OutputReading): Promise<void> {
  const stopWaiting = new AbortController();
  try {
    for (let second = 0; second < drainSecondsMax; second++) {
      const before = output.count();
      const pause = delay(1_000, false, { signal: stopWaiting.signal }).catch(() => false);
      if (await Promise.race([output.done.then(() => true), pause])) return;
      if (output.count() === before) break;
    }
    child.stdout.destroy();
    child.stderr.destroy();
    await output.done;
  } finally {
    stopWaiting.abort();
  }
}

function endingOf(request: CommandRequest, reason: "timed_out" | "aborted" | null, [exitCode, signal]: Exit): Ending {
  const program = request.argv[0];
  if (reason === "timed_out") {
    return {
      status: reason,
      exitCode,
      signal,
      detail: `${program} took longer than ${request.timeoutMs} ms and was ended`,
    };
  }
  if (reason === "aborted")
    return { status: reason, exitCode, signal, detail: `${program} was ended because the work was stopped` };
  if (signal !== null) return { status: "signalled", exitCode, signal, detail: `${program} was ended by ${signal}` };
  return { status: "exited", exitCode, signal, detail: "" };
}
