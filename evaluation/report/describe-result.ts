import type { SampleResult } from "../schema/evaluation-log.ts";

/** How a try ended, as it is told to a reader. */
export type Outcome = "passed" | "not passed" | "out of time" | "infrastructure" | "not tried";

/** The one word, or two, for how a try ended. */
export function outcomeOf(result: SampleResult): Outcome {
  if (result.status === "scored") return result.passed ? "passed" : "not passed";
  return outcomes[result.status];
}

const outcomes = {
  timed_out: "out of time",
  infrastructure_failed: "infrastructure",
  not_tried: "not tried",
} as const satisfies Record<Exclude<SampleResult["status"], "scored">, Outcome>;
