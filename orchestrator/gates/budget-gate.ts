import { z } from "zod";
import { Budget, Usage } from "../schema/budget.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";

/** What a run has used of each thing that a budget limits. */
export const BudgetUse = z.strictObject({
  usage: Usage,
  cost_known: z.boolean().describe("false: some model call had no price, so `usage.cost_usd` is too low"),
  wall_clock_seconds: z.number().nonnegative(),
  builder_attempts: z.number().int().nonnegative().describe("for the plan at hand"),
  planner_attempts: z.number().int().nonnegative(),
  changed_lines: z.number().int().nonnegative(),
});
export type BudgetUse = z.infer<typeof BudgetUse>;

/** What the budget gate looks at. */
export const BudgetEvidence = z.strictObject({ limits: Budget, used: BudgetUse });
export type BudgetEvidence = z.infer<typeof BudgetEvidence>;

interface Meter {
  readonly limit: keyof Budget;
  readonly name: string;
  /** True for what each model call uses more of. */
  readonly perCall: boolean;
  read(used: BudgetUse): number;
}

const meters: readonly Meter[] = [
  { limit: "turns", name: "model calls", perCall: true, read: ({ usage }) => usage.turns },
  { limit: "tokens", name: "tokens", perCall: true, read: ({ usage }) => usage.input_tokens + usage.output_tokens },
  { limit: "cost_usd", name: "US dollars", perCall: true, read: ({ usage }) => usage.cost_usd },
  { limit: "wall_clock_seconds", name: "seconds of work", perCall: true, read: (used) => used.wall_clock_seconds },
  { limit: "builder_attempts", name: "builder attempts", perCall: false, read: (used) => used.builder_attempts },
  { limit: "planner_attempts", name: "planner attempts", perCall: false, read: (used) => used.planner_attempts },
  { limit: "changed_lines", name: "changed lines", perCall: false, read: (used) => used.changed_lines },
];

/** Refuses a run that used more than a limit allows, or whose cost is limited and not known. */
export const budgetGate: CheckedGate<BudgetEvidence> = {
  name: "budget",
  version: "1",
  evidence: BudgetEvidence,
  decide: ({ limits, used }) =>
    decisionOf([
      ...unknownCost(limits, used),
      ...meters.flatMap((meter) => overrun(meter, limits, used, (use, limit) => use > limit)),
    ]),
};

/**
 * Why the next model call must not be made; empty where it may. A limit on calls, tokens, money or time that is
 * reached is spent. A single call may still overrun tokens, money or time, since its size is known only after it.
 */
export function budgetFindings(limits: Budget, used: BudgetUse): Finding[] {
  const perCall = meters.filter((meter) => meter.perCall);
  return [
    ...unknownCost(limits, used),
    ...perCall.flatMap((meter) => overrun(meter, limits, used, (use, limit) => use >= limit)),
  ];
}

/** What is left under each limit, never below zero; a thing without a limit is absent. */
export function remainingBudget(limits: Budget, used: BudgetUse): Readonly<Partial<Record<keyof Budget, number>>> {
  const left = meters.flatMap((meter): [string, number][] => {
    const limit = limits[meter.limit];
    return limit === undefined ? [] : [[meter.limit, Math.max(0, limit - meter.read(used))]];
  });
  return Object.fromEntries(left);
}

function unknownCost(limits: Budget, used: BudgetUse): Finding[] {
  if (limits.cost_usd === undefined || used.cost_known) return [];
  const message = "the cost is limited, but the model has no price; set one under `settings.prices`";
  return [{ rule: "budget/cost-unknown", message }];
}

function overrun(
  meter: Meter,
  limits: Budget,
  used: BudgetUse,
  isOver: (use: number, limit: number) => boolean,
): Finding[] {
  const limit = limits[meter.limit];
  const use = meter.read(used);
  if (limit === undefined || !isOver(use, limit)) return [];
  const rule = `budget/${meter.limit.replaceAll("_", "-")}`;
  return [{ rule, message: `${use} ${meter.name} used, the limit is ${limit}` }];
}
