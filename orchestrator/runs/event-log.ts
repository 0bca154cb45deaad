import type { RunEvent } from "../schema/run-event.ts";
import type { LogProblem } from "../schema/run-store.ts";
import { firstPrevHash, type ReadLine, readEventLine } from "./event-line.ts";
import { segmentName } from "./segment-name.ts";

/** One segment as it lies on the disk. */
export interface SegmentBytes {
  readonly epoch: number;
  readonly bytes: Buffer;
}

/**
 * What was found wrong. `torn`: bytes at the very end that are no whole event, as a crash leaves them. `fenced`: written by a
 * runner after another one had taken the run over. `damaged`: anything else; what follows is not read.
 */
export interface FoundProblem extends LogProblem {
  readonly kind: "torn" | "fenced" | "damaged";
}

/** An event and where it stands; `line` is 1-based. */
export interface PlacedEvent {
  readonly event: RunEvent;
  readonly segment: string;
  readonly line: number;
}

/** Bytes after the last event of the log, from `offset` of their segment on. */
export interface TornTail {
  readonly epoch: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A log, read over all its segments. */
export interface ScannedLog {
  /** The events up to the first damage. */
  readonly events: readonly PlacedEvent[];
  /** In the order of the log, first one first. */
  readonly problems: readonly FoundProblem[];
  readonly tails: readonly TornTail[];
  /** Bytes in older segments after the line that a later one continues. */
  readonly fenced: readonly TornTail[];
  /** Of all segments together. */
  readonly bytes: number;
  /** The highest epoch that has a segment; 0 where there is none. */
  readonly lastEpoch: number;
  /** Where the last event ends. */
  readonly end: { readonly epoch: number; readonly offset: number };
}

interface Line {
  readonly read: ReadLine;
  readonly end: number;
}

interface Segment extends SegmentBytes {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** A segment and how many of its lines belong to the log. */
interface Link {
  readonly segment: Segment;
  readonly keep: number;
}

/**
 * Reads a log from its segments, given in the order of their epochs. A later segment says by its first line which line it
 * continues; what stands after that line in older segments is fenced off. Never throws.
 */
export function scanLog(segments: readonly SegmentBytes[]): ScannedLog {
  const scanned = segments.map(scanSegment);
  const chain = findChain(scanned);
  const { events, ...read } = walk(chain);
  const damage = read.damage ?? findGap(scanned);
  const lastLink = chain.at(-1);
  const tails = damage === null ? tailsAfter(scanned, lastLink) : [];
  const fenced = damage === null ? fencedAfter(scanned, chain) : [];
  const problems =
    damage === null
      ? [...fenced.map((tail) => fencedProblem(tail, chain)), ...tails.map((tail) => tornProblem(tail, lastLink))]
      : [damage];
  return {
    events,
    problems,
    tails,
    fenced,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes.length, 0),
    lastEpoch: scanned.at(-1)?.epoch ?? 0,
    end: { epoch: lastLink?.segment.epoch ?? 0, offset: lastLink === undefined ? 0 : endOf(lastLink) },
  };
}

function scanSegment({ epoch, bytes }: SegmentBytes): Segment {
  const lines: Line[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    lines.push({ read: readEventLine(bytes.subarray(start, end)), end: end + 1 });
    start = end + 1;
  }
  return { epoch, bytes, name: segmentName(epoch), lines };
}

/** From the last claim back to the first segment, each by the line that its successor continues. */
function findChain(segments: readonly Segment[]): readonly Link[] {
  const chain: Link[] = [];
  const last = segments.findLast((segment) => wholeLines(segment) > 0);
  let link = last === undefined ? null : { segment: last, keep: wholeLines(last) };
  while (link !== null) {
    chain.push(link);
    link = linkBefore(segments, link.segment);
  }
  return chain.reverse();
}

function linkBefore(segments: readonly Segment[], next: Segment): Link | null {
  const older = segments.slice(0, segments.indexOf(next)).reverse();
  const first = next.lines[0]?.read.event;
  for (const segment of first ? older : []) {
    const keep = first ? keepUpTo(segment, first) : 0;
    if (keep > 0) return { segment, keep };
  }
  // The line that is continued is gone or was changed: the walk over everything will find the first place that does not fit.
  const [segment] = older;
  return segment === undefined ? null : { segment, keep: segment.lines.length };
}

/** How many lines of a segment come before the event `next`, or 0 where the line it continues is not here. */
function keepUpTo(segment: Segment, next: RunEvent): number {
  const first = segment.lines[0]?.read.event;
  if (!first) return 0;
  const index = next.seq - 1 - first.seq;
  return segment.lines[index]?.read.event?.hash === next.prev_hash ? index + 1 : 0;
}

/** Lines without the garbage at the end. */
function wholeLines(segment: Segment): number {
  return segment.lines.findLastIndex(({ read }) => read.event !== null || read.isObject) + 1;
}

function endOf({ segment, keep }: Link): number {
  return segment.lines[keep - 1]?.end ?? 0;
}

function walk(chain: readonly Link[]): { events: PlacedEvent[]; damage: FoundProblem | null } {
  const events: PlacedEvent[] = [];
  let isOver = false;
  for (const { segment, keep } of chain) {
    for (const [index, { read }] of segment.lines.slice(0, keep).entries()) {
      const place = { segment: segment.name, line: index + 1 };
      const misfit =
        read.event === null
          ? read.reason
          : (findMisfit(read.event, events.at(-1)?.event, segment.epoch) ?? (isOver ? lateMisfit(read.event) : null));
      if (misfit !== null || read.event === null) {
        return { events, damage: { ...place, kind: "damaged", message: misfit ?? "is no event" } };
      }
      events.push({ ...place, event: read.event });
      isOver ||= read.event.event === "run_finished";
    }
  }
  const damage = { segment: segmentName(1), line: 1, kind: "damaged", message: "holds no event" } as const;
  return { events, damage: events.length === 0 ? damage : null };
}

/** Why an event cannot stand after `previous` (undefined: at the beginning) in the segment of `epoch`; null where it can. */
export function findMisfit(event: RunEvent, previous: RunEvent | undefined, epoch: number): string | null {
  const seq = previous === undefined ? 0 : previous.seq + 1;
  if (event.seq !== seq) return `has seq ${event.seq} where ${seq} is due`;
  if (event.prev_hash !== (previous?.hash ?? firstPrevHash)) return "does not continue the line before it";
  if (event.epoch !== epoch) return `has epoch ${event.epoch} in the segment of epoch ${epoch}`;
  if (previous === undefined)
    return event.event === "run_created" ? null : "is not the run_created event that begins a run";
  if (event.run_id !== previous.run_id || event.task_id !== previous.task_id) return "belongs to another run";
  const opensSegment = previous.epoch !== epoch;
  return opensSegment && event.event !== "lease_acquired" ? "opens a segment without taking the lease" : null;
}

/** Claims are numbered without gaps, and each runner looks for the one after its own: past a gap nobody is fenced off. */
function findGap(segments: readonly Segment[]): FoundProblem | null {
  const index = segments.findIndex(({ epoch }, at) => epoch !== at + 1);
  const found = segments[index];
  if (found === undefined) return null;
  const message = `is the segment of epoch ${found.epoch}, and there is none of epoch ${index + 1}`;
  return { kind: "damaged", segment: found.name, line: 1, message };
}

/** What runners still write of a run that is over: that they took it to tidy up, what came too late, and what went wrong. */
const lateEvents: readonly string[] = ["lease_acquired", "command_received", "run_faulted"];

function lateMisfit({ event }: RunEvent): string | null {
  return lateEvents.includes(event) ? null : `says ${event} after the end of the run, where nothing more can happen`;
}

function tailsAfter(segments: readonly Segment[], last: Link | undefined): readonly TornTail[] {
  if (last === undefined) return [];
  return segments
    .filter((segment) => segment.epoch >= last.segment.epoch)
    .map((segment) => {
      const offset = segment === last.segment ? endOf(last) : 0;
      return { epoch: segment.epoch, offset, bytes: segment.bytes.subarray(offset) };
    })
    .filter(({ bytes }) => bytes.length > 0);
}

function tornProblem({ epoch, bytes }: TornTail, last: Link | undefined): FoundProblem {
  return {
    kind: "torn",
    segment: segmentName(epoch),
    line: last?.segment.epoch === epoch ? last.keep + 1 : 1,
    message: `${bytes.length} bytes at the end are no whole event; the next runner sets them aside`,
  };
}

function fencedAfter(segments: readonly Segment[], chain: readonly Link[]): readonly TornTail[] {
  const last = chain.at(-1)?.segment.epoch ?? 0;
  return segments
    .filter(({ epoch }) => epoch < last)
    .map((segment) => {
      const link = chain.find((one) => one.segment === segment);
      const offset = link === undefined ? 0 : endOf(link);
      return { epoch: segment.epoch, offset, bytes: segment.bytes.subarray(offset) };
    })
    .filter(({ bytes }) => bytes.length > 0);
}

function fencedProblem({ epoch, bytes }: TornTail, chain: readonly Link[]): FoundProblem {
  const link = chain.find(({ segment }) => segment.epoch === epoch);
  const message = `${bytes.length} bytes were written after the lease was lost; they are no part of the run, and the next runner sets them aside`;
  return { kind: "fenced", segment: segmentName(epoch), line: (link?.keep ?? 0) + 1, message };
}
