import type { KnownEvent, RunEvent } from "../schema/run-event.ts";
import { type BlobReader, resolveEvent } from "./known-event.ts";

/** How long a watch waits for a sign before it looks by itself, in milliseconds. */
export const watchPauseMs = 200;

/** What a watch is made of. */
export interface WatchSource {
  /** The events since the last call. */
  read(): Promise<readonly RunEvent[]>;
  readonly readBlob: BlobReader;
  /** Resolves when there may be more, and at the latest after `watchPauseMs`. */
  change(signal: AbortSignal | undefined): Promise<void>;
  close(): void;
}

/**
 * The events of a run as they come, from `fromSeq` on; ends after `run_finished` or when `signal` aborts. An event that this
 * version does not know, or whose payload was pruned, is left out.
 */
export async function* watchEvents(
  source: WatchSource,
  { fromSeq = 0, signal }: { fromSeq?: number; signal?: AbortSignal },
): AsyncGenerator<KnownEvent> {
  try {
    while (!signal?.aborted) {
      for (const event of await source.read()) {
        const known = event.seq < fromSeq ? "not wanted" : await resolveEvent(event, source.readBlob);
        if (typeof known !== "string") yield known;
        if (event.event === "run_finished" || signal?.aborted) return;
      }
      await source.change(signal);
    }
  } finally {
    source.close();
  }
}
