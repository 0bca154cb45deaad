import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { isOrchestratorError, messageOf } from "../schema/errors.ts";
import type { CommandOutcome, CommandRequest, Redactor } from "../schema/process-port.ts";
import { type Clock, systemClock } from "./clock.ts";
import { exists, hasCode } from "./files.ts";
import { createOutputSink, type OutputSink, type OutputSource } from "./process-output.ts";

/** How a program ended, without its output. */
type Ending = Pick<CommandOutcome, "status" | "exitCode" | "signal" | "detail">;

type Exit = readonly [code: number | null, signal: NodeJS.Signals | null];

/** Between the request to end (SIGTERM) and the end (SIGKILL). */
const graceMs = 2_000;
/** How long after the program's end its output may still come, if it comes every second. */
const drainSecondsMax = 5;

/**
 * Runs a program in a process group of its own, without a shell, and keeps its redacted output. After the program's end, at the
 * deadline and on abort, no process of the group is left. Never rejects for what the program did; throws `disk_failed` where the
 * output cannot be written. A process that leaves the group (`setsid`) is out of reach here: a sandbox holds it.
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

async function runInto(request: CommandRequest, sink: OutputSink): Promise<Ending> {
  if (request.signal?.aborted) return unstarted("aborted", `${request.argv[0]} was not started: the work was stopped`);
  const child = await launch(request);
  if (child instanceof Error) return unstarted("failed_to_start", await whyNotStarted(request, child));
  const exited = new Promise<Exit>((resolve) => child.once("exit", (code, signal) => resolve([code, signal])));
  const output = readOutput(child, sink);
  const stopper = createStopper(request, child);
  output.done.catch(() => stopper.kill());
  const exit = await exited;
  stopper.end();
  await drain(child, output);
  return endingOf(request, stopper.reason(), exit);
}

function unstarted(status: "aborted" | "failed_to_start", detail: string): Ending {
  return { status, exitCode: null, signal: null, detail };
}

/** The child with a process id, or why there is none. */
async function launch(request: CommandRequest): Promise<ChildProcessWithoutNullStreams | Error> {
  const [program, ...args] = request.argv;
  try {
    const child = spawn(program, args, { cwd: request.cwd, env: request.env, detached: true, stdio: "pipe" });
    child.stdin.on("error", () => {});
    if (child.pid === undefined) return await new Promise<Error>((resolve) => child.once("error", resolve));
    child.on("error", () => {});
    child.stdin.end(request.stdin);
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

/** Ends the process group at the deadline, on abort, and for good after the program's own end. */
function createStopper(request: CommandRequest, child: ChildProcessWithoutNullStreams) {
  let reason: "timed_out" | "aborted" | null = null;
  let killTimer: NodeJS.Timeout | undefined;
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch (error) {
      if (!hasCode(error, "ESRCH", "EPERM")) throw error;
    }
  };
  const stop = (why: "timed_out" | "aborted"): void => {
    if (reason !== null) return;
    reason = why;
    signalGroup("SIGTERM");
    killTimer = setTimeout(() => signalGroup("SIGKILL"), graceMs);
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

function readOutput(child: ChildProcessWithoutNullStreams, sink: OutputSink): OutputReading {
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
