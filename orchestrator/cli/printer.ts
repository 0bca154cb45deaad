import type { CliIo } from "./cli-io.ts";
import { createPaint, type Paint, wantsColour } from "./text/paint.ts";
import { safeJson } from "./text/safe-text.ts";

const plainWidth = 100;

/** Writes answers to stdout and everything else to stderr. Texts must be safe for a terminal already. */
export interface Printer {
  /** For stdout. */
  readonly paint: Paint;
  /** For stderr. */
  readonly notePaint: Paint;
  /** Columns to wrap at on stdout. */
  readonly width: number;
  /** False once the reader of stdout is gone. */
  print(text: string): boolean;
  /** One document. */
  printJson(value: unknown): boolean;
  /** One document on one line, for a stream. */
  printJsonLine(value: unknown): boolean;
  /** Tells the person at the terminal; no part of the answer. */
  note(text: string): void;
}

/** A printer for the process's own streams. */
export function createPrinter(io: CliIo): Printer {
  return {
    paint: createPaint(wantsColour(io.stdout, io.environment)),
    notePaint: createPaint(wantsColour(io.stderr, io.environment)),
    width: io.stdout.columns ?? plainWidth,
    print: (text) => io.stdout.write(`${text}\n`),
    printJson: (value) => io.stdout.write(`${safeJson(value, 2)}\n`),
    printJsonLine: (value) => io.stdout.write(`${safeJson(value, 0)}\n`),
    note: (text) => void io.stderr.write(`${text}\n`),
  };
}
