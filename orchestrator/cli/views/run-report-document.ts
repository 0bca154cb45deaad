import type { Heartbeat, Liveness } from "../../schema/heartbeat.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";

/** A manifest joined with the sign of life of the run's holder. */
export interface RunReport {
  readonly manifest: RunManifest;
  readonly heartbeat: Heartbeat | null;
  readonly liveness: Liveness;
}
