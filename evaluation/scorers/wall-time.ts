import type { Scorer } from "../scorer.ts";

/** How long the solver took, in milliseconds. */
export const wallTime: Scorer = {
  id: "wall-time",
  version: "1",
  kind: "measure",
  score: async ({ durationMs }) => ({ value: durationMs, reason: "milliseconds" }),
};
