import { join } from "node:path";
import { isPresent } from "../io/append-file.ts";
import type { BeatThread, RunningBeat } from "../io/beat-thread.ts";
import type { Clock } from "../io/clock.ts";
import type { Disk } from "../io/disk.ts";
import { readSmallFile, replaceSmallFile } from "../io/small-file.ts";
import { isOrchestratorError, messageOf } from "../schema/errors.ts";
import { Heartbeat } from "../schema/heartbeat.ts";
import { damageOrFault } from "./run-refusals.ts";

/** What stands for the holder in the heartbeat of a lease that was let go. */
export const nobody = "none";

/** How often the holder shows that it is alive, and after how long without a sign others may take over. */
export interface HeartbeatSettings {
  readonly intervalSeconds: number;
  readonly staleAfterSeconds: number;
}

/** The heartbeat of the run in a folder; null where there is none that can be read. Throws `disk_failed`. */
export async function readHeartbeat(directory: string): Promise<Heartbeat | null> {
  const bytes = await readSmallFile(join(directory, "heartbeat.json"), 65_536).catch(nothingOrFault);
  if (bytes === null) return null;
  try {
    return Heartbeat.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? null;
  } catch {
    return null;
  }
}

function nothingOrFault(error: unknown): null {
  const fault = damageOrFault(error);
  if (isOrchestratorError(fault, "run_damaged")) return null;
  throw fault;
}

/** What a beating heart needs. */
export interface HeartbeatParts {
  readonly directory: string;
  readonly holder: string;
  readonly epoch: number;
  readonly settings: HeartbeatSettings;
  readonly clock: Clock;
  readonly thread: BeatThread;
  /** What another runner makes that takes over: once it is there, this one must be silent. */
  readonly nextSegment: string;
  readonly report: (message: string) => void;
  readonly disk: Disk;
}

/** Writes `heartbeat.json` until it is stopped. */
export interface BeatingHeart {
  working(stepId: string | null): void;
  /** Ends the beats; where `sayNobody`, the last one says that the run is free. Resolves false where that could not be written. */
  stop(sayNobody: boolean): Promise<boolean>;
}

/**
 * Writes a first heartbeat, then one at each interval, from a thread that no step can starve. The thread begins after a tenth of an
 * interval, so that short runs do without. A beat that cannot be written is reported, never thrown.
 */
export async function startHeartbeat(parts: HeartbeatParts): Promise<BeatingHeart> {
  const { directory, settings, clock, report } = parts;
  const path = join(directory, "heartbeat.json");
  const fixed = {
    schema_version: 1,
    epoch: parts.epoch,
    interval_seconds: settings.intervalSeconds,
    stale_after_seconds: settings.staleAfterSeconds,
  } as const;
  const startedMs = clock.monotonicMs();
  const heldMs = () => Math.round(clock.monotonicMs() - startedMs);
  let stepId: string | null = null;
  let running: RunningBeat | null = null;

  const write = async (holder: string, beat: number): Promise<boolean> => {
    try {
      if (isPresent(parts.nextSegment)) return true;
      const heartbeat: Heartbeat = {
        ...fixed,
        holder,
        step_id: stepId,
        at: clock.now().toISOString(),
        held_ms: heldMs(),
        beat,
      };
      await replaceSmallFile(path, `${JSON.stringify(heartbeat)}\n`, false, parts.disk);
      return true;
    } catch (error) {
      report(`the heartbeat was not written: ${messageOf(error)}`);
      return false;
    }
  };
  const intervalMs = settings.intervalSeconds * 1000;
  const begin = () => {
    const document = { ...fixed, holder: parts.holder, step_id: stepId };
    running = parts.thread.start({
      path,
      intervalMs,
      silentOnce: parts.nextSegment,
      document,
      beat: 1,
      heldMs: heldMs(),
      report,
    });
  };
  await write(parts.holder, 0);
  const delay = setTimeout(begin, intervalMs / 10).unref();
  return {
    working(step) {
      stepId = step;
      running?.update({ step_id: step });
    },
    async stop(sayNobody) {
      clearTimeout(delay);
      const beat = running?.stop() ?? 1;
      stepId = null;
      return sayNobody ? write(nobody, beat) : true;
    },
  };
}
