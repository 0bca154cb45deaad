import { whyMissing } from "../../orchestrator/io/find-program.ts";
import type { Sample } from "../schema/sample.ts";

/** Why a sample cannot be tried on this machine, in one sentence; null where every program that it needs is there. Starts nothing. */
export async function whyNeedsUnmet({ needs = [] }: Pick<Sample, "needs">, path: string): Promise<string | null> {
  for (const program of needs) {
    if ((await whyMissing(program, "/", path)) !== null) return `the sample needs ${program}, which is not on the PATH`;
  }
  return null;
}
