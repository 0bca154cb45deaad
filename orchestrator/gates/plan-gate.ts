import { z } from "zod";
import { Plan, type PlanItem } from "../schema/plan.ts";
import { Glob, Scope } from "../schema/primitives.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";
import { compileGlobRule, type GlobRule } from "./path-rule.ts";

/** What the plan gate looks at: the plan, and what it must fit. */
export const PlanEvidence = z.strictObject({
  plan: Plan,
  criteria: z.array(z.string()).min(1).describe("ids of the task's acceptance criteria"),
  scopes: z.array(Scope),
  protected_paths: z.array(Glob),
  patterns: z.array(z.string()).describe("ids of the patterns in the library"),
});
export type PlanEvidence = z.infer<typeof PlanEvidence>;

/**
 * Refuses a plan that leaves a criterion unserved, names a criterion, pattern or item that does not exist, works
 * where the policy does not allow it, or whose items wait for each other in a circle.
 */
export const planGate: CheckedGate<PlanEvidence> = {
  name: "plan",
  version: "1",
  evidence: PlanEvidence,
  decide: (evidence) => {
    const { items } = evidence.plan;
    const refuse = compileGlobRule(evidence);
    const perItem = items.flatMap((item) => [
      ...unknownNames(item, evidence),
      ...refusedPaths(item, refuse),
      ...unknownDependencies(item, items),
    ]);
    return decisionOf([...unservedCriteria(evidence), ...repeatedIds(items), ...perItem, ...cycle(items)]);
  },
};

function unservedCriteria({ criteria, plan }: PlanEvidence): Finding[] {
  const served = new Set(plan.items.flatMap((item) => item.criteria));
  return criteria
    .filter((id) => !served.has(id))
    .map((id) => ({ rule: "plan/criterion-unserved", message: `no item serves the acceptance criterion "${id}"` }));
}

function repeatedIds(items: readonly PlanItem[]): Finding[] {
  const ids = items.map((item) => item.id);
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...repeated].map((id) => ({ rule: "plan/repeated-id", message: `more than one item has the id "${id}"` }));
}

function unknownNames(item: PlanItem, { criteria, patterns }: PlanEvidence): Finding[] {
  const findings = item.criteria
    .filter((id) => !criteria.includes(id))
    .map((id) => ({
      rule: "plan/unknown-criterion",
      message: `item "${item.id}" serves "${id}", which is no acceptance criterion; there are ${criteria.join(", ")}`,
    }));
  if (item.pattern === null || patterns.includes(item.pattern)) return findings;
  return [
    ...findings,
    { rule: "plan/unknown-pattern", message: `item "${item.id}" uses the unknown pattern "${item.pattern}"` },
  ];
}

function refusedPaths(item: PlanItem, refuse: GlobRule): Finding[] {
  return item.paths.flatMap((path) => {
    const refusal = refuse(path);
    if (refusal === null) return [];
    return [{ rule: `plan/${refusal.reason}-path`, path, message: `item "${item.id}": ${refusal.message}` }];
  });
}

function unknownDependencies(item: PlanItem, items: readonly PlanItem[]): Finding[] {
  return item.depends_on
    .filter((id) => !items.some((other) => other.id === id))
    .map((id) => ({
      rule: "plan/unknown-dependency",
      message: `item "${item.id}" depends on "${id}", which is no item`,
    }));
}

function cycle(items: readonly PlanItem[]): Finding[] {
  const ids = findCycle(items);
  if (ids === null) return [];
  return [{ rule: "plan/cycle", message: `items wait for each other: ${ids.join(" → ")}` }];
}

/**
 * The ids of one circle, the first one again at the end, or null. Items that depend on nothing left are taken away
 * until none is.
 */
function findCycle(items: readonly PlanItem[]): readonly string[] | null {
  const waiting = new Map(items.map((item) => [item.id, item.depends_on]));
  for (let round = 0; round <= items.length; round++) {
    for (const [id, needs] of waiting) if (!needs.some((need) => waiting.has(need))) waiting.delete(id);
  }
  const [start] = [...waiting.keys()].sort();
  return start === undefined ? null : followToCircle(start, waiting);
}

/** Each waiting item needs another waiting one, so following the needs comes back to an item that was seen. */
function followToCircle(start: string, waiting: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const seen: string[] = [];
  let current = start;
  while (!seen.includes(current)) {
    seen.push(current);
    current = [...(waiting.get(current) ?? [])].sort().find((need) => waiting.has(need)) ?? current;
  }
  return [...seen.slice(seen.indexOf(current)), current];
}
