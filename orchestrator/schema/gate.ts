import type { Decision, GateName } from "./verdict.ts";

/** A pure function from evidence to a decision. Evidence is plain JSON, so that it can be hashed and kept. */
export interface Gate<Evidence> {
  readonly name: GateName;
  /** Changes when the rule changes, so that a verdict says which rule spoke. */
  readonly version: string;
  decide(evidence: Evidence): Decision;
}
