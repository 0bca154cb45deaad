import fc from "fast-check";
import { expect, test } from "vitest";
import type { Budget, Usage } from "../schema/budget.ts";
import { type BudgetUse, budgetGate, outputTokensLeft } from "./budget-gate.ts";

const used: BudgetUse = {
  usage: { turns: 10, input_tokens: 600, output_tokens: 400, cost_usd: 2 },
  cost_known: true,
  unreported_calls: 0,
  wall_clock_seconds: 60,
  builder_attempts: 3,
  planner_attempts: 2,
  changed_lines: 100,
};

const call: Usage = { turns: 1, input_tokens: 50, output_tokens: 50, cost_usd: 0.5 };

const rulesOf = (limits: Budget, use: BudgetUse, next_call: Usage | null = null) => {
  const decision = budgetGate.decide({ limits, used: use, next_call });
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
  expect(budgetGate.decide({ limits: { [limit]: value }, used, next_call: null })).toEqual({
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

test("the next model call is refused where what it may use does not fit, and not before", () => {
  expect(rulesOf({ turns: 11, tokens: 1100, cost_usd: 2.5, wall_clock_seconds: 61 }, used, call)).toBe("pass");
  expect(rulesOf({ turns: 10, tokens: 1099, cost_usd: 2.49, wall_clock_seconds: 60 }, used, call)).toEqual([
    "budget/turns",
    "budget/tokens",
    "budget/cost-usd",
    "budget/wall-clock-seconds",
  ]);
  expect(budgetGate.decide({ limits: { tokens: 1099 }, used, next_call: call })).toMatchObject({
    findings: [{ message: "1000 tokens used, and the next model call may use 100 or more, the limit is 1099" }],
  });
});

test("attempts and changed lines do not hold back a model call that they allow themselves", () => {
  expect(rulesOf({ builder_attempts: 3, planner_attempts: 2, changed_lines: 100 }, used, call)).toBe("pass");
});

test("calls whose use was not reported refuse where tokens or money are limited, and only there", () => {
  const unknown = { ...used, unreported_calls: 1 };
  expect(rulesOf({ tokens: 1_000_000 }, unknown)).toEqual(["budget/unreported-usage"]);
  expect(rulesOf({ cost_usd: 100 }, unknown)).toEqual(["budget/unreported-usage"]);
  expect(rulesOf({ turns: 100, wall_clock_seconds: 100 }, unknown)).toBe("pass");
});

test("an answer as long as is left stays inside the limits on tokens and money, and one token more does not", () => {
  const amount = fc.integer({ min: 0, max: 5000 });
  const price = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(amount, amount, amount, price, price, (tokens, money, inputTokens, inputPrice, outputPrice) => {
      const limits = { tokens: 1000 + tokens, cost_usd: 2 + money };
      const costOf = (input: number, output: number) => input * inputPrice + output * outputPrice;
      const left = outputTokensLeft({ limits, used }, { inputTokens, outputTokensMax: 1000, costOf });
      const after = (output: number): BudgetUse => ({
        ...used,
        usage: {
          turns: 11,
          input_tokens: 600 + inputTokens,
          output_tokens: 400 + output,
          cost_usd: 2 + costOf(inputTokens, output),
        },
      });
      if (left > 0) expect(rulesOf(limits, after(left))).toBe("pass");
      if (left < 1000) expect(rulesOf(limits, after(left + 1))).not.toBe("pass");
    }),
  );
});

test("where the price is not known, a limit on money leaves no output", () => {
  const call = { inputTokens: 1, outputTokensMax: 1000, costOf: () => null };
  expect(outputTokensLeft({ limits: { cost_usd: 100 }, used }, call)).toBe(0);
  expect(outputTokensLeft({ limits: {}, used }, call)).toBe(1000);
});

test("using more never turns a refusal into a pass", () => {
  const amount = fc.nat(20);
  const use = fc.record({
    usage: fc.record({ turns: amount, input_tokens: amount, output_tokens: amount, cost_usd: amount }),
    cost_known: fc.boolean(),
    unreported_calls: fc.nat(1),
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
      for (const next of [null, call]) {
        if (rulesOf(bounds, before, next) !== "pass") expect(rulesOf(bounds, after, next)).not.toBe("pass");
      }
      if (rulesOf(bounds, before) !== "pass") expect(rulesOf(bounds, before, call)).not.toBe("pass");
    }),
  );
});
