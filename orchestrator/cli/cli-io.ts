import type { Readable } from "node:stream";
import type { Clock } from "../io/clock.ts";

/** The signals that stop a command in good order. */
export type StopSignal = "SIGHUP" | "SIGINT" | "SIGTERM";

/** Where output goes. */
export interface OutputSink {
  /** False once the reader is gone; what is written then is dropped. */
  write(data: string | Uint8Array): boolean;
  readonly isTerminal: boolean;
  /** The width of a terminal, null elsewhere. */
  readonly columns: number | null;
}

/** All that the commands see of the process they run in. */
export interface CliIo {
  /** Answers: the one document, or the text. */
  readonly stdout: OutputSink;
  /** Everything else: progress, notes, errors. */
  readonly stderr: OutputSink;
  /** What is given to the process; not read before it is asked for. */
  stdin(): Readable;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  /** How this program is started again: Node, its flags, and the script. */
  readonly program: readonly [string, ...string[]];
  /** As `process.version` has it. */
  readonly nodeVersion: string;
  /** Calls back at each stop signal until the returned function is called. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
}
