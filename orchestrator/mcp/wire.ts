import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

/** Bytes of one message of a server; more is not taken in. */
export const messageBytesMax = 8_388_608;
/** Of what a server said, so much is kept to be looked at: what may be shown, and more than the longest secret after it. */
export const rawBytesMax = 81_920;

/** What a server said that is no answer. `raw` is the beginning of it. */
export interface UnusableAnswer {
  readonly reason: string;
  readonly raw: string;
}

/** Hears what the protocol does not tell. */
export interface WireListener {
  unusable(answer: UnusableAnswer): void;
  /** The server is gone, or the way to it. */
  lost(reason: string): void;
}

/** A way to a server. */
export interface Wire {
  readonly transport: Transport;
  /** Of the server's process; null where it is not ours. */
  readonly pid: number | null;
  hear(listener: WireListener): void;
  /** The beginning of what the server said last, as far as it is kept. */
  lastSaid(): string;
  /** Ends the server where it is ours, with all that it started. Never rejects. */
  end(): Promise<void>;
}
