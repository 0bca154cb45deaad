import { systemClock } from "../io/clock.ts";
import { hasCode } from "../io/files.ts";
import { messageOf } from "../schema/errors.ts";
import type { CliIo, OutputSink, StopSignal } from "./cli-io.ts";
import { exitCodes } from "./exit-code.ts";
import { faultText, printableFault } from "./report-fault.ts";

/** Milliseconds that something left open may keep the process from ending. */
const lingerMs = 2000;

type Listener = (signal: StopSignal) => void;

/** The first signal asks the command to stop; the second ends the process at once. */
function catchSignals(): (listener: Listener) => () => void {
  const listeners = new Set<Listener>();
  let count = 0;
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      count += 1;
      if (count > 1 || listeners.size === 0) process.exit(exitCodes[signal]);
      for (const listener of listeners) listener(signal);
    });
  }
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

interface Sink extends OutputSink {
  /** Resolves when all was handed over, with what went wrong, or null. A reader that went away is nothing wrong. */
  flush(): Promise<Error | null>;
}

function createSink(stream: NodeJS.WriteStream): Sink {
  let isOpen = true;
  let broken: Error | null = null;
  stream.on("error", (error) => {
    isOpen = false;
    if (!hasCode(error, "EPIPE")) broken ??= error;
  });
  return {
    write(data) {
      if (isOpen) stream.write(data);
      return isOpen;
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : null;
    },
    flush: () =>
      new Promise((resolve) => {
        if (!isOpen) return resolve(broken);
        stream.once("error", () => resolve(broken));
        stream.write("", () => resolve(broken));
      }),
  };
}

/** Runs a command line in this process: its streams, its signals, its exit code. */
export async function runInProcess(main: (argv: readonly string[], io: CliIo) => Promise<number>): Promise<void> {
  // The signals come first: what is loaded later must not find them without a listener.
  const onSignal = catchSignals();
  process.on("uncaughtException", async (error) => {
    process.stderr.write(`${faultText(await printableFault(error, process.env), null)}\n`);
    process.exit(exitCodes.fault);
  });
  const [stdout, stderr] = [createSink(process.stdout), createSink(process.stderr)];
  process.exitCode = await main(process.argv.slice(2), {
    stdout,
    stderr,
    stdin: () => process.stdin,
    environment: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
    nodeVersion: process.version,
    onSignal,
  });
  const unwritten = await stdout.flush();
  if (unwritten !== null) {
    stderr.write(`stdout cannot be written: ${messageOf(unwritten)}\n`);
    process.exitCode = exitCodes.fault;
  }
  await stderr.flush();
  setTimeout(() => process.exit(), lingerMs).unref();
}
