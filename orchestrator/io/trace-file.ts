import { appendFileSync } from "node:fs";

/** Lines that are written within a second, and dropped where that fails: a trace is a convenience. */
export interface TraceFile {
  /** Never throws. */
  write(line: string): void;
  /** Writes all that was given, or drops it. Never throws. */
  close(): void;
}

/** Characters and milliseconds that may wait to be written. */
const waitingMax = 65_536;
const waitingMsMax = 1000;

/** Characters of one file; a trace that grows beyond them ends there. */
const writtenMax = 16_777_216;

/** A trace file in a folder that exists. Nothing is made before the first lines are written: many by one write. */
export function createTraceFile(path: string): TraceFile {
  let waiting = "";
  let written = 0;
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const text = waiting;
    waiting = "";
    written += text.length;
    if (text !== "") appendOrDrop(path, text);
  };
  return {
    write: (line) => {
      if (written + waiting.length + line.length > writtenMax) return;
      waiting += line;
      if (waiting.length > waitingMax) flush();
      else timer ??= setTimeout(flush, waitingMsMax).unref();
    },
    close: flush,
  };
}

function appendOrDrop(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch {
    // What could not be written is dropped.
  }
}
