import { join } from "node:path";
import { isPresent, readFrom } from "../io/append-file.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { RunEvent } from "../schema/run-event.ts";
import { readEventLine } from "./event-line.ts";
import { findMisfit } from "./event-log.ts";
import { readLog } from "./run-directory.ts";
import { segmentName } from "./segment-name.ts";

const roundBytesMax = 16_777_216;

/** Reads a log while it grows. */
export interface LogTail {
  /** The events since the last call, in order, none twice. Throws `run_damaged` naming the place, `disk_failed`. */
  read(): Promise<readonly RunEvent[]>;
}

interface Position {
  readonly epoch: number;
  readonly offset: number;
  readonly last: RunEvent;
}

/** The log in `directory` from its beginning. Only what is new is read, but for the moment at which another runner takes over. */
export function createLogTail(directory: string): LogTail {
  let position: Position | null = null;
  return {
    async read() {
      const found: Progress =
        (position && (await readOn(directory, position))) ?? (await readWhole(directory, position));
      position = found.position;
      return found.events;
    },
  };
}

interface Progress {
  readonly position: Position | null;
  readonly events: readonly RunEvent[];
}

/** What was appended to the segment; null where a newer segment exists, which may fence off some of it. */
async function readOn(directory: string, { epoch, offset, last }: Position): Promise<Progress | null> {
  const bytes = await readFrom(join(directory, segmentName(epoch)), offset, roundBytesMax);
  // Looked for after the read: what was there before the claim is part of the run for certain.
  if (bytes === null || isPresent(join(directory, segmentName(epoch + 1)))) return null;
  const events: RunEvent[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    const read = readEventLine(bytes.subarray(start, end));
    const previous = events.at(-1) ?? last;
    const misfit = read.event === null ? read.reason : findMisfit(read.event, previous, epoch);
    if (misfit !== null || read.event === null)
      throw damaged(`${segmentName(epoch)}, after seq ${previous.seq}: ${misfit}`);
    events.push(read.event);
    start = end + 1;
  }
  return { events, position: { epoch, offset: offset + start, last: events.at(-1) ?? last } };
}

async function readWhole(directory: string, position: Position | null): Promise<Progress> {
  const log = await readLog(directory);
  const damage = log.problems.find(({ kind }) => kind === "damaged");
  if (damage !== undefined) throw damaged(`${damage.segment} line ${damage.line} ${damage.message}`);
  const isClaimOpen = log.lastEpoch > log.end.epoch;
  const last = log.events.at(-1)?.event;
  // Until the new runner has said where it goes on, what the old one wrote may yet be fenced off.
  if (last === undefined || (isClaimOpen && position !== null)) return { position, events: [] };
  const events = log.events.map(({ event }) => event).filter(({ seq }) => seq > (position?.last.seq ?? -1));
  return { events, position: { ...log.end, last } };
}

function damaged(message: string): OrchestratorError {
  return new OrchestratorError("run_damaged", `the log cannot be followed: ${message}`);
}
