import type { Command } from "../schema/command.ts";
import type { RunMetrics } from "../schema/metrics.ts";
import type { LogHead } from "./log-head.ts";

/** What a lease writes to. It gets one call at a time; all but `working` and `close` may throw `disk_failed`. */
export interface LeaseBackend {
  /** Appends one line to the segment by one write. */
  appendLine(line: Buffer): void;
  /** Throws `lease_lost` where another runner has claimed the run, `disk_failed` where that cannot be told. */
  assertHeld(): void;
  /** Notes the last event that is durable, so that a log which is cut later shows it. Never rejects. */
  putHead(head: LogHead): Promise<void>;
  /** Makes lines, blobs and files durable. */
  sync(): Promise<void>;
  putBlob(sha256: string, content: string): Promise<void>;
  /** As `putBlob`, for what is too long to be held. Resolves with its sha256. */
  streamBlob(chunks: AsyncIterable<Uint8Array>): Promise<string>;
  putFile(name: string, bytes: Uint8Array): Promise<void>;
  /** A file of the run, or null where it is not there or cannot be read. Never rejects. */
  getFile(name: string): Promise<Uint8Array | null>;
  putManifest(text: string, isFinal: boolean): Promise<void>;
  /** Adds the line of a finished run, at most once. */
  putMetrics(metrics: RunMetrics): Promise<void>;
  /** Commands that wait, in the order of their arrival. */
  commands(): Promise<readonly Command[]>;
  dropCommand(id: string): Promise<void>;
  working(stepId: string | null): void;
  /** Says that nobody holds the run any more, unless the lease was lost, and closes. Never rejects. */
  close(isLost: boolean): Promise<void>;
}
