import type { Command } from "./command.ts";
import type { Heartbeat, Liveness } from "./heartbeat.ts";
import type { PatternUse } from "./pattern-use.ts";
import type { EventDraft, KnownEvent, RunEvent } from "./run-event.ts";
import type { RunManifest, RunStatus } from "./run-manifest.ts";

/** Names one run. */
export interface RunKey {
  readonly taskId: string;
  readonly runId: string;
}

/** One row of `runs list`. A damaged run is listed with the reason. */
export type RunRow =
  | {
      readonly key: RunKey;
      readonly damaged: false;
      readonly status: RunStatus;
      readonly title: string;
      readonly createdAt: string;
      readonly finishedAt: string | null;
      readonly liveness: Liveness;
      /** Those that it used; absent where there is none. */
      readonly patterns?: readonly PatternUse[];
    }
  | { readonly key: RunKey; readonly damaged: true; readonly reason: string };

export interface RunQuery {
  readonly taskId?: string;
  readonly status?: RunStatus;
  readonly limit: number;
  readonly cursor?: string;
}

/** A log that was read whole: its events, and what was found wrong with it. */
export interface RunLog {
  readonly events: readonly RunEvent[];
  /** What does not fit, first one first: a line that is cut, an unknown event, a broken hash. Empty for a sound log. */
  readonly problems: readonly LogProblem[];
}

export interface LogProblem {
  readonly segment: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/**
 * The right to write to one run. One at a time: the claim is the log's next segment, created exclusively.
 */
export interface RunLease {
  readonly key: RunKey;
  readonly epoch: number;
  /** The events so far, payloads resolved, with those that this lease appended. */
  readonly events: readonly KnownEvent[];
  /**
   * Redacts and writes one event; it survives `kill -9` when this resolves, and a power cut after `sync`. Resolves with the
   * event as recorded (redacted). Throws `lease_lost` where a newer segment exists, `disk_failed`.
   */
  append(draft: EventDraft): Promise<KnownEvent>;
  /** Makes all that was appended durable, then looks for a newer segment. Throws `lease_lost`, `disk_failed`. */
  sync(): Promise<void>;
  /** Replaces the manifest by the fold of the events so far. */
  writeManifest(): Promise<RunManifest>;
  /** Stores an artifact beside the log (mode 0600), records it by an event. The text is redacted unless `raw`. */
  putArtifact(
    name: string,
    content: Uint8Array | string,
    mediaType: string,
    options?: { raw?: boolean },
  ): Promise<void>;
  /** Keeps bytes that are redacted already as `blobs/<sha256>`, durable with the next `sync`. Resolves with the sha256. */
  putBlob(content: AsyncIterable<Uint8Array>): Promise<string>;
  /** Commands waiting for this run, in the order of their arrival; each must be taken by `settle` once its event is written. */
  pending(): Promise<readonly Command[]>;
  settle(commandId: string): Promise<void>;
  /** Says in the next heartbeat which step is under way. */
  working(stepId: string | null): void;
  /** Ends the heartbeat and lets go. Never rejects for a lease that is lost. */
  release(): Promise<void>;
}

/** Where runs are kept. Async and without paths, so that a database or a server can stand behind it. */
export interface RunStore {
  create(key: RunKey, first: EventDraft): Promise<RunLease>;
  /** Takes over a run that nobody holds. Throws `run_held` naming the holder, `run_not_found`, `run_damaged`. */
  acquire(key: RunKey, reason: string, actor: RunEvent["actor"]): Promise<RunLease>;
  read(key: RunKey): Promise<RunLog>;
  /** Known events with payloads resolved, as they are appended; ends when the run is finished or `signal` aborts. */
  watch(key: RunKey, options: { fromSeq?: number; signal?: AbortSignal }): AsyncIterable<KnownEvent>;
  manifest(key: RunKey): Promise<RunManifest>;
  heartbeat(key: RunKey): Promise<{ heartbeat: Heartbeat | null; liveness: Liveness }>;
  submit(key: RunKey, command: Command): Promise<void>;
  /** The commands that no runner has taken yet, in the order in which they arrived. */
  waiting(key: RunKey): Promise<readonly Command[]>;
  list(query: RunQuery): Promise<{ rows: readonly RunRow[]; cursor: string | null }>;
  readArtifact(key: RunKey, name: string): Promise<Uint8Array>;
  readBlob(key: RunKey, sha256: string): Promise<Uint8Array | null>;
}
