import { Readable } from "node:stream";
import type { CliIo, OutputSink, StopSignal } from "./cli-io.ts";

/** A process made of memory. */
export interface TestIo extends CliIo {
  output(): string;
  errors(): string;
  raise(signal: StopSignal): void;
}

/** What a test wants to be otherwise. `columns` makes both streams terminals. */
export interface TestIoOptions {
  readonly columns?: number;
  readonly stdin?: Readable;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion?: string;
  readonly program?: readonly [string, ...string[]];
}

/** A process that keeps what is written to it. Its clock stands still. */
export function createTestIo(options: TestIoOptions = {}): TestIo {
  const [stdout, stderr] = [createSink(options.columns), createSink(options.columns)];
  const listeners = new Set<(signal: StopSignal) => void>();
  return {
    stdout,
    stderr,
    stdin: () => options.stdin ?? Readable.from([]),
    environment: options.environment ?? {},
    cwd: options.cwd ?? "/",
    clock: { now: () => new Date("2026-01-02T03:04:05.678Z"), monotonicMs: () => 0 },
    program: options.program ?? ["false"],
    nodeVersion: options.nodeVersion ?? "v20.19.0",
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    output: stdout.text,
    errors: stderr.text,
    raise(signal) {
      for (const listener of listeners) listener(signal);
    },
  };
}

function createSink(columns: number | undefined): OutputSink & { text(): string } {
  const chunks: Uint8Array[] = [];
  return {
    write(data) {
      chunks.push(typeof data === "string" ? Buffer.from(data) : data);
      return true;
    },
    isTerminal: columns !== undefined,
    columns: columns ?? null,
    text: () => Buffer.concat(chunks).toString("utf8"),
  };
}
