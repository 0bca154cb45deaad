import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFrom } from "../io/append-file.ts";
import { lookUpProcess, type ProcessState, parseIdentity } from "../io/host.ts";
import type { Heartbeat, Liveness } from "../schema/heartbeat.ts";
import { readEventLine } from "./event-line.ts";
import { nobody, readHeartbeat } from "./heartbeat-file.ts";
import { parseKnownEvent } from "./known-event.ts";
import { listEpochs } from "./run-directory.ts";
import { damageOrFault } from "./run-refusals.ts";
import { segmentName } from "./segment-name.ts";

const watchMsMax = 3_600_000;

/** Who holds a run, as its folder tells at one moment. */
export interface HolderSight {
  /** The highest epoch that was claimed; 0 where there is no log. */
  readonly epoch: number;
  /** Null where it cannot be told, as in the moment between a claim and its first line. */
  readonly holder: string | null;
  readonly isReleased: boolean;
  /** The heartbeat of this epoch, or null. */
  readonly heartbeat: Heartbeat | null;
}

/** Looks at a run's folder. Throws `run_damaged` where it holds no run, `disk_failed`. */
export async function seeHolder(directory: string): Promise<HolderSight> {
  const [epochs, found] = await Promise.all([listEpochs(directory), readHeartbeat(directory)]);
  const epoch = epochs.at(-1) ?? 0;
  const heartbeat = found?.epoch === epoch ? found : null;
  if (heartbeat?.holder === nobody) return { epoch, holder: null, isReleased: true, heartbeat };
  const holder = heartbeat?.holder ?? (epoch === 0 ? null : await readClaim(directory, epoch));
  return { epoch, holder, isReleased: false, heartbeat };
}

/** The holder that a segment's first lines name. */
async function readClaim(directory: string, epoch: number): Promise<string | null> {
  const bytes = await readFrom(join(directory, segmentName(epoch)), 0, 131_072).catch((error: unknown) => {
    throw damageOrFault(error);
  });
  let start = 0;
  for (let line = 0; line < 2 && bytes !== null; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) return null;
    const { event } = readEventLine(bytes.subarray(start, end));
    const known = event === null ? "" : parseKnownEvent(event, event.payload);
    if (typeof known !== "string" && known.event === "lease_acquired") return known.payload.holder;
    start = end + 1;
  }
  return null;
}

/** The state of the holder's process. Never rejects. */
export async function lookUpHolder(holder: string | null): Promise<ProcessState> {
  const identity = holder === null ? null : parseIdentity(holder);
  return identity === null ? "unknown" : lookUpProcess(identity);
}

/**
 * How a run's holder looks, for people. Where its process cannot be looked up from here, the age of the heartbeat is taken by
 * the wall clock; a claim is never decided this way.
 */
export async function judgeLiveness(sight: HolderSight, now: Date): Promise<Liveness> {
  if (sight.epoch === 0 || sight.isReleased) return "none";
  const state = await lookUpHolder(sight.holder);
  if (state === "alive" || state === "dead") return state;
  if (sight.heartbeat === null) return "unknown";
  const age = now.getTime() - Date.parse(sight.heartbeat.at);
  return age > sight.heartbeat.stale_after_seconds * 1000 ? "stale" : "alive";
}

/**
 * Watches a run whose holder cannot be looked up, for as long as its heartbeat says that it may be silent. True at the first
 * sign of life. The time is counted in pauses that were really waited, so no jump of a clock and no sleep of the machine
 * shortens it. Throws `disk_failed`.
 */
export async function showsLife(directory: string, sight: HolderSight, staleAfterSeconds: number): Promise<boolean> {
  const quietMs = Math.min((sight.heartbeat?.stale_after_seconds ?? staleAfterSeconds) * 1000, watchMsMax);
  const pauseMs = Math.min(Math.max(quietMs / 10, 10), 500);
  for (let waitedMs = 0; waitedMs < quietMs; waitedMs += pauseMs) {
    await sleep(pauseMs);
    const now = await seeHolder(directory);
    if (now.isReleased) return false;
    if (now.epoch !== sight.epoch) return true;
    if (now.heartbeat !== null && now.heartbeat.beat !== sight.heartbeat?.beat) return true;
  }
  return false;
}

/** The holder in words. */
export function describeHolder({ holder, epoch, heartbeat }: HolderSight): string {
  const identity = holder === null ? null : parseIdentity(holder);
  const who =
    identity === null ? (holder ?? "a runner that has just claimed it") : `process ${identity.pid} on ${identity.host}`;
  const seen = heartbeat === null ? "" : `, last seen ${heartbeat.at}`;
  return `${who} (epoch ${epoch}${seen})`;
}
