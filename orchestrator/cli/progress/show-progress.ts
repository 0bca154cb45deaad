import type { KnownEvent } from "../../schema/run-event.ts";
import type { CliIo } from "../cli-io.ts";
import { createPaint, wantsColour } from "../text/paint.ts";
import { eventLine, isMilestone } from "../views/event-line.ts";
import { progressBlock } from "./progress-block.ts";
import { addProgress, noProgress } from "./progress-state.ts";

/** Shows on stderr how a run gets on. */
export interface Progress {
  add(event: KnownEvent): void;
  /** Takes the live view off the screen. Safe to call twice. */
  end(): void;
}

const redrawMs = 120;

/** What is shown. The events of earlier runners count, but are not told again. */
export interface ProgressOptions {
  readonly isQuiet: boolean;
  readonly eventsBefore: number;
}

/** A short block that is drawn again and again on a terminal, one line for each milestone elsewhere, and nothing where `isQuiet`. */
export function showProgress(io: CliIo, { isQuiet, eventsBefore }: ProgressOptions): Progress {
  if (isQuiet) return { add: () => {}, end: () => {} };
  return io.stderr.isTerminal && io.environment["TERM"] !== "dumb" ? liveProgress(io) : plainProgress(io, eventsBefore);
}

function plainProgress(io: CliIo, eventsBefore: number): Progress {
  const paint = createPaint(wantsColour(io.stderr, io.environment));
  return {
    add: (event) => {
      if (event.seq >= eventsBefore && isMilestone(event))
        io.stderr.write(`${eventLine(event, paint)}
`);
    },
    end: () => {},
  };
}

function liveProgress(io: CliIo): Progress {
  const paint = createPaint(wantsColour(io.stderr, io.environment));
  const startedMs = io.clock.monotonicMs();
  let state = noProgress;
  let frame = 0;
  let linesDrawn = 0;
  const erase = () => (linesDrawn === 0 ? "" : `\u001b[${linesDrawn}A\r\u001b[0J`);
  const draw = () => {
    const elapsedSeconds = (io.clock.monotonicMs() - startedMs) / 1000;
    const lines = progressBlock(state, { elapsedSeconds, frame, width: io.stderr.columns ?? 80, paint });
    io.stderr.write(`${erase()}${lines.join("\n")}\n`);
    linesDrawn = lines.length;
    frame += 1;
  };
  draw();
  const timer = setInterval(draw, redrawMs);
  return {
    add: (event) => {
      state = addProgress(state, event);
    },
    end: () => {
      clearInterval(timer);
      if (linesDrawn > 0) io.stderr.write(erase());
      linesDrawn = 0;
    },
  };
}
