import { BuilderInput, type BuildSummary } from "../../schema/handoff.ts";
import type { Conversation, Decision } from "./conversation.ts";

/** Applies the pattern of each plan item in order; an item without a pattern is left, and said to be. */
export function decideAsBuilder({ document, results }: Conversation): Decision {
  const { plan } = BuilderInput.parse(document);
  const withPattern = plan.items.filter(({ pattern }) => pattern !== null);
  const next = withPattern[results.length];
  if (next?.pattern != null) {
    return { kind: "call", tool: "apply_pattern", arguments: { pattern: next.pattern, paths: [...next.paths] } };
  }
  const left = plan.items.filter(({ pattern }) => pattern === null).map(({ id }) => id);
  const summary: BuildSummary = {
    summary: `Applied ${withPattern.length} pattern(s)${left.length === 0 ? "" : `; ${left.length} item(s) name no pattern`}.`,
    items_done: withPattern.map(({ id }) => id),
    items_left: left,
  };
  return { kind: "finish", document: summary };
}
