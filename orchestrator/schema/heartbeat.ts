import { z } from "zod";
import { Timestamp } from "./primitives.ts";

/** The holder's sign of life. It says nothing of progress: a long tool call is alive. */
export const Heartbeat = z.strictObject({
  schema_version: z.literal(1),
  holder: z.string(),
  epoch: z.number().int().positive(),
  step_id: z.string().nullable(),
  at: Timestamp,
  /** Milliseconds that the holder has held the run, by a clock that does not jump. */
  held_ms: z.number().int().nonnegative(),
  /** Grows by one with each beat, so that life can be told without comparing clocks. */
  beat: z.number().int().nonnegative(),
  interval_seconds: z.number().positive(),
  stale_after_seconds: z.number().positive(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** Whether a run's holder is there. What cannot be looked up is unknown, never dead. */
export const Liveness = z.enum(["none", "alive", "stale", "dead", "unknown"]);
export type Liveness = z.infer<typeof Liveness>;
