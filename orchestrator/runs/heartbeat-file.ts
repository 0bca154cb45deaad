import { join } from "node:path";
import type { Clock } from "../io/clock.ts";
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
  /** True when another runner has taken over: then this one must be silent. */
  readonly isLost: () => boolean;
  readonly report: (message: string) => void;
}

/** Writes `heartbeat.json` until it is stopped. */
export interface BeatingHeart {
  working(stepId: string | null): void;
  /** Ends the beats; where `sayNobody`, the last one says that the run is free. Resolves false where that could not be written. */
  stop(sayNobody: boolean): Promise<boolean>;
}

/**
 * Writes a first heartbeat, then one at each interval. The timer runs on the main thread: a step that blocks it for longer than
 * the stale time looks stale from another machine, though not on this one, where the process itself is looked up. It does not
 * keep the process alive. A beat that cannot be written is reported, never thrown.
 */
export async function startHeartbeat(parts: HeartbeatParts): Promise<BeatingHeart> {
  const { directory, settings, clock, isLost, report } = parts;
  const fixed = {
    schema_version: 1,
    epoch: parts.epoch,
    interval_seconds: settings.intervalSeconds,
    stale_after_seconds: settings.staleAfterSeconds,
  } as const;
  let stepId: string | null = null;
  let beat = 0;
  let writing: Promise<boolean> | null = null;

  const write = async (holder: string): Promise<boolean> => {
    try {
      if (isLost()) return true;
      const at = clock.now().toISOString();
      const heartbeat: Heartbeat = { ...fixed, holder, step_id: stepId, at, beat };
      beat += 1;
      await replaceSmallFile(join(directory, "heartbeat.json"), `${JSON.stringify(heartbeat)}\n`);
      return true;
    } catch (error) {
      report(`the heartbeat was not written: ${messageOf(error)}`);
      return false;
    }
  };
  const tick = () => {
    writing ??= write(parts.holder).finally(() => {
      writing = null;
    });
  };
  await write(parts.holder);
  const timer = setInterval(tick, settings.intervalSeconds * 1000).unref();
  return {
    working(step) {
      stepId = step;
    },
    async stop(sayNobody) {
      clearInterval(timer);
      await writing;
      stepId = null;
      return sayNobody ? write(nobody) : true;
    },
  };
}
