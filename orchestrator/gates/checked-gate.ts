import type { z } from "zod";
import type { Gate } from "../schema/gate.ts";
import type { Decision, Finding } from "../schema/verdict.ts";

/**
 * A gate that says what its evidence must look like, so that what a collector brings can be checked before it is
 * believed.
 */
export interface CheckedGate<Evidence> extends Gate<Evidence> {
  readonly evidence: z.ZodType<Evidence>;
}

/** Refuses with the findings, or passes where there is none, with the notes for a reader. */
export function decisionOf(findings: readonly Finding[], notes: readonly string[] = []): Decision {
  if (findings.length > 0) return { decision: "refuse", findings: [...findings] };
  return notes.length === 0 ? { decision: "pass" } : { decision: "pass", notes: [...notes] };
}
