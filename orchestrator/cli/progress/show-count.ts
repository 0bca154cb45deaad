import type { CliIo } from "../cli-io.ts";
import { formatCount } from "../text/quantities.ts";

/** What takes less than this is not worth a word. */
const silentMs = 1_000;
const redrawMs = 120;
const linesEveryMs = 5_000;

/** How far something is, and what it is doing. */
export interface Count {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** Shows on stderr how far a count is. */
export interface CountProgress {
  show(progress: Count): void;
  /** Takes the line off the screen. Safe to call twice. */
  end(): void;
}

/** One line that is drawn again and again on a terminal, a line every few seconds elsewhere, nothing where `isQuiet`. */
export function showCount({ stderr, clock, environment }: CliIo, isQuiet: boolean): CountProgress {
  const isLive = stderr.isTerminal && environment["TERM"] !== "dumb";
  let dueMs = clock.monotonicMs() + silentMs;
  let isShown = false;
  return {
    show({ phase, done, total }) {
      const nowMs = clock.monotonicMs();
      if (isQuiet || nowMs < dueMs) return;
      dueMs = nowMs + (isLive ? redrawMs : linesEveryMs);
      const line = `${phase} ${formatCount(done)} of ${formatCount(total)}`;
      stderr.write(isLive ? `\r\u001b[K${line}` : `${line}\n`);
      isShown = isLive;
    },
    end() {
      if (isShown) stderr.write("\r\u001b[K");
      isShown = false;
    },
  };
}
