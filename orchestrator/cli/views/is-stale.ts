import type { Liveness } from "../../schema/heartbeat.ts";

/** True where the holder gave no sign of life for too long, or its process is gone: the run is to be resumed. Unknown is not stale. */
export function isStale(liveness: Liveness): boolean {
  return liveness === "stale" || liveness === "dead";
}
