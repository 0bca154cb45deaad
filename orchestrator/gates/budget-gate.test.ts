import fc from "fast-check";
import { expect, test } from "vitest";
import type { Budget } from "../schema/budget.ts";
import { type BudgetUse, budgetFindings, budgetGate, remainingBudget } from "./budget-gate.ts";

const used: BudgetUse = {
  usage: { turns: 10, input_tokens: 600, output_tokens: 400, cost_usd: 2 },
  cost_known: true,
  wall_clock_seconds: 60,
  builder_attempts: 3,
  planner_attempts: 2,
  changed_lines: 100,
};

const rulesOf = (limits: Budget, use: BudgetUse) => {
  const decision = budgetGate.decide({ limits, used: use });
  return decision.decision === "refuse" ? decision.findings.map((finding) => finding.rule) : decision.decision;
};

test.each<[string, Budget]>([
  ["no limit", {}],
  [
    "limits that are just reached",
    {
      turns: 10,
      tokens: 1000,
      cost_usd: 2,
      wall_clock_seconds: 60,
      builder_attempts: 3,
      planner_attempts: 2,
      changed_lines: 100,
    },
  ],
])("a run with %s passes", (_, limits) => {
  expect(rulesOf(limits, used)).toBe("pass");
});

test.each<[keyof Budget, number, string]>([
  ["turns", 9, "10 model calls used, the limit is 9"],
  ["tokens", 999, "1000 tokens used, the limit is 999"],
  ["cost_usd", 1.99, "2 US dollars used, the limit is 1.99"],
  ["wall_clock_seconds", 59, "60 seconds of work used, the limit is 59"],
  ["builder_attempts", 2, "3 builder attempts used, the limit is 2"],
  ["planner_attempts", 1, "2 planner attempts used, the limit is 1"],
  ["changed_lines", 0, "100 changed lines used, the limit is 0"],
])("a run over its limit of %s is refused, naming use and limit", (limit, value, message) => {
  const rule = `budget/${limit.replaceAll("_", "-")}`;
  expect(budgetGate.decide({ limits: { [limit]: value }, used })).toEqual({
    decision: "refuse",
    findings: [{ rule, message }],
  });
});

test("a limited cost that is not known is refused, and an unlimited one is not", () => {
  expect(rulesOf({ cost_usd: 5 }, { ...used, cost_known: false })).toEqual(["budget/cost-unknown"]);
  expect(rulesOf({ turns: 10 }, { ...used, cost_known: false })).toBe("pass");
});

test("each exceeded limit is a finding of its own", () => {
  expect(rulesOf({ turns: 1, tokens: 1, changed_lines: 1 }, used)).toHaveLength(3);
});

test("the next model call is refused once a limit is reached, and not before", () => {
  expect(budgetFindings({ turns: 11 }, used)).toEqual([]);
  expect(budgetFindings({ turns: 10 }, used)).toEqual([
    { rule: "budget/turns", message: "10 model calls used, the limit is 10" },
  ]);
  expect(budgetFindings({ turns: 0 }, { ...used, usage: { ...used.usage, turns: 0 } })).toHaveLength(1);
  expect(budgetFindings({ tokens: 1000, cost_usd: 2, wall_clock_seconds: 60 }, used)).toHaveLength(3);
  expect(budgetFindings({ cost_usd: 100 }, { ...used, cost_known: false })).toHaveLength(1);
});

test("attempts and changed lines do not hold back a model call", () => {
  expect(budgetFindings({ builder_attempts: 1, planner_attempts: 1, changed_lines: 1 }, used)).toEqual([]);
});

test("what remains is never negative and absent where there is no limit", () => {
  expect(remainingBudget({ turns: 12, tokens: 10 }, used)).toEqual({ turns: 2, tokens: 0 });
});

test("using more never turns a refusal into a pass", () => {
  const amount = fc.nat(20);
  const use = fc.record({
    usage: fc.record({ turns: amount, input_tokens: amount, output_tokens: amount, cost_usd: amount }),
    cost_known: fc.boolean(),
    wall_clock_seconds: amount,
    builder_attempts: amount,
    planner_attempts: amount,
    changed_lines: amount,
  });
  const limits = fc.record(
    { turns: amount, tokens: amount, cost_usd: amount, changed_lines: amount },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(limits, use, amount, (bounds, before, more) => {
      const after = {
        ...before,
        usage: { ...before.usage, turns: before.usage.turns + more, output_tokens: before.usage.output_tokens + more },
        changed_lines: before.changed_lines + more,
      };
      if (rulesOf(bounds, before) !== "pass") expect(rulesOf(bounds, after)).not.toBe("pass");
      expect(budgetFindings(bounds, after).length).toBeGreaterThanOrEqual(budgetFindings(bounds, before).length);
    }),
  );
});
