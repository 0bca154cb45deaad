import type { SampleResult } from "./schema/evaluation-log.ts";

/** A figure of a team's own over all tries; null where they do not give one. */
export interface Metric {
  readonly id: string;
  of(results: readonly SampleResult[]): number | null;
}
