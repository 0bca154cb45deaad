import { appendFile } from "node:fs/promises";

/** Lines that are written some time soon, and dropped where that fails: a trace is a convenience. */
export interface TraceFile {
  /** Never throws. */
  write(line: string): void;
  /** Resolves when all that was given is written, or dropped. Never rejects. */
  close(): Promise<void>;
}

/** Characters that may wait to be written; beyond them lines are dropped. */
const waitingMax = 1_048_576;

/** Characters of one file; a trace that grows beyond them ends there. */
const writtenMax = 16_777_216;

/** A trace file in a folder that exists. Nothing is made before the first line. */
export function createTraceFile(path: string): TraceFile {
  let waiting = "";
  let written = 0;
  let writing: Promise<void> | null = null;
  const flush = async () => {
    while (waiting !== "") {
      const text = waiting;
      waiting = "";
      written += text.length;
      await appendFile(path, text, { mode: 0o600 }).catch(() => {});
    }
    writing = null;
  };
  return {
    write: (line) => {
      if (waiting.length + line.length > waitingMax || written > writtenMax) return;
      waiting += line;
      writing ??= Promise.resolve().then(flush);
    },
    close: async () => {
      await writing;
    },
  };
}
