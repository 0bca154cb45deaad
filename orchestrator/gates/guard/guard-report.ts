import type { Finding } from "../../schema/verdict.ts";

/** A finding with its rule's id and weight. */
export interface GuardFinding extends Finding {
  readonly id: string;
  readonly severity: "error" | "warning";
}

/** A finding that a waiver took back. */
export interface WaivedFinding extends GuardFinding {
  readonly waiver: { readonly id: string; readonly owner: string; readonly reason: string; readonly expires: string };
}

/** What the guard found, in an order that depends on nothing but the findings. */
export interface GuardReport {
  readonly findings: readonly GuardFinding[];
  readonly waived: readonly WaivedFinding[];
  readonly decision: "pass" | "refuse";
}
