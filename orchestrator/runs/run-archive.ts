import type { MetricsTable } from "../schema/metrics.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunKey, RunStore } from "../schema/run-store.ts";

/** A store that can also be looked through without holding a run. */
export interface RunArchive extends RunStore {
  /** Every run, newest first, without reading any. */
  keys(): Promise<readonly RunKey[]>;
  /**
   * All events of a run with payloads resolved. Throws `run_not_found`, and `run_damaged` for a log with an event that is broken
   * or unknown to this version; what a crash left half-written at the end is left out.
   */
  events(key: RunKey): Promise<readonly KnownEvent[]>;
  /**
   * The metrics of every finished run, also of those that were pruned. Where a line is missing, since a runner died before it wrote it, it
   * is computed from the record. Throws `disk_failed`.
   */
  metrics(): Promise<MetricsTable>;
}
