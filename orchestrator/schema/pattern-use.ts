import { z } from "zod";
import { Sha256 } from "./primitives.ts";

/** A pattern that a run used, as exactly as it can be named. */
export const PatternUse = z.strictObject({
  /** With the name of its library and `/` before it, where it is of another library than this package. */
  id: z.string(),
  version: z.string(),
  /** Of its source, as in `patterns/index.json`; of the whole library, where it is of another one. */
  sha256: Sha256,
  library: z.string().nullable(),
});
export type PatternUse = z.infer<typeof PatternUse>;

/** In how many runs a pattern was used, and how many of them passed. */
export interface PatternAdoption {
  readonly runs: number;
  readonly passed: number;
}

/** What adoption needs of a manifest. */
export interface RunWithPatterns {
  readonly status: string;
  readonly patterns?: readonly Pick<PatternUse, "id">[] | undefined;
}

/** Counts the runs of each pattern, whatever its version. A run counts once for a pattern. */
export function countAdoption(runs: readonly RunWithPatterns[]): ReadonlyMap<string, PatternAdoption> {
  const adoption = new Map<string, PatternAdoption>();
  for (const { status, patterns = [] } of runs) {
    for (const id of new Set(patterns.map((pattern) => pattern.id))) {
      const before = adoption.get(id) ?? neverUsed;
      adoption.set(id, { runs: before.runs + 1, passed: before.passed + (status === "passed" ? 1 : 0) });
    }
  }
  return adoption;
}

/** The adoption of a pattern that no run used. */
export const neverUsed: PatternAdoption = { runs: 0, passed: 0 };
