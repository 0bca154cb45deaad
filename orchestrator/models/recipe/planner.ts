import { z } from "zod";
import { escapeGlob, isGlobInside } from "../../gates/glob.ts";
import { PlannerInput } from "../../schema/handoff.ts";
import type { Plan } from "../../schema/plan.ts";
import type { Scope } from "../../schema/primitives.ts";
import type { Conversation, Decision } from "./conversation.ts";

/**
 * One plan item for each pattern that the task names, or that the library finds in its goal. Files that a gate wants named are named: a
 * pattern changes nothing but what it is for.
 */
export function decideAsPlanner({ document, results }: Conversation): Decision {
  const { task, scopes, findings } = PlannerInput.parse(document);
  const matched = results.find(({ tool }) => tool === "match_patterns");
  if (task.recipe === undefined && matched === undefined) {
    return { kind: "call", tool: "match_patterns", arguments: { goal: task.goal } };
  }
  const patterns =
    task.recipe ??
    z
      .array(z.object({ id: z.string() }))
      .parse(JSON.parse(matched?.result ?? "[]"))
      .map(({ id }) => id);
  const named = findings.flatMap(({ rule, path }) =>
    rule === "test/check-changed" && path !== undefined ? [escapeGlob(path)] : [],
  );
  const criteria = task.acceptance_criteria.map(({ id }) => id);
  const plan: Plan = {
    summary: `Apply ${patterns.join(", ")}.`,
    items: patterns.map((pattern, index) => ({
      id: `item-${index + 1}`,
      description: `Apply the pattern ${pattern}.`,
      criteria,
      paths: [...narrowest(scopes, task.scope.include), ...named],
      pattern,
      depends_on: index === 0 ? [] : [`item-${index}`],
    })),
  };
  return { kind: "finish", document: plan };
}

/** The globs that lie inside every scope; the task's own where none of the lists provably does, for the gate to judge. */
function narrowest(scopes: readonly Scope[], fallback: readonly string[]): readonly string[] {
  const lists = [fallback, ...scopes.map(({ include }) => include)];
  const isInside = (globs: readonly string[]) =>
    globs.every((glob) => scopes.every(({ include }) => include.some((outer) => isGlobInside(glob, outer))));
  return lists.find(isInside) ?? fallback;
}
