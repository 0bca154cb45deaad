import { z } from "zod";
import { Budget, Usage } from "../schema/budget.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";

/** What a run has used of each thing that a budget limits. */
export const BudgetUse = z.strictObject({
  usage: Usage,
  cost_known: z.boolean().describe("false: some model call had no price, so `usage.cost_usd` is too low"),
  unreported_calls: z
    .number()
    .int()
    .nonnegative()
    .describe("model calls whose use the provider did not report and no person accepted"),
  wall_clock_seconds: z.number().nonnegative(),
  builder_attempts: z.number().int().nonnegative().describe("for the plan at hand"),
  planner_attempts: z.number().int().nonnegative(),
  changed_lines: z.number().int().nonnegative(),
});
export type BudgetUse = z.infer<typeof BudgetUse>;

/** What the budget gate looks at. */
export const BudgetEvidence = z.strictObject({
  limits: Budget,
  used: BudgetUse,
  next_call: Usage.nullable().describe(
    "the least that the next model call must be given; null where none is asked for",
  ),
});
export type BudgetEvidence = z.infer<typeof BudgetEvidence>;

interface Meter {
  readonly limit: keyof Budget;
  readonly name: string;
  read(used: BudgetUse): number;
  /** What a model call adds; absent for what no call uses. */
  readonly ofCall?: (call: Usage) => number;
}

const tokensOf = (usage: Usage) => usage.input_tokens + usage.output_tokens;

const meters: readonly Meter[] = [
  { limit: "turns", name: "model calls", read: ({ usage }) => usage.turns, ofCall: ({ turns }) => turns },
  { limit: "tokens", name: "tokens", read: ({ usage }) => tokensOf(usage), ofCall: tokensOf },
  { limit: "cost_usd", name: "US dollars", read: ({ usage }) => usage.cost_usd, ofCall: ({ cost_usd }) => cost_usd },
  // A call takes some time, however short: none is left where the limit is reached.
  {
    limit: "wall_clock_seconds",
    name: "seconds of work",
    read: (used) => used.wall_clock_seconds,
    ofCall: () => 0.001,
  },
  { limit: "builder_attempts", name: "builder attempts", read: (used) => used.builder_attempts },
  { limit: "planner_attempts", name: "planner attempts", read: (used) => used.planner_attempts },
  { limit: "changed_lines", name: "changed lines", read: (used) => used.changed_lines },
];

/**
 * Refuses a run that used more than a limit allows, or that has too little left for the next model call; and one whose cost or
 * tokens are limited and not known.
 */
export const budgetGate: CheckedGate<BudgetEvidence> = {
  name: "budget",
  version: "2",
  evidence: BudgetEvidence,
  decide: (evidence) => decisionOf([...unknownUse(evidence), ...meters.flatMap((meter) => overrun(meter, evidence))]),
};

/**
 * The most output tokens, up to `outputTokensMax`, with which a call of `inputTokens` stays inside the limits on tokens and
 * money. `costOf` must not fall when tokens rise; where it gives null, the money is not known and none is left.
 */
export function outputTokensLeft(
  { limits, used }: Pick<BudgetEvidence, "limits" | "used">,
  call: {
    readonly inputTokens: number;
    readonly outputTokensMax: number;
    readonly costOf: (inputTokens: number, outputTokens: number) => number | null;
  },
): number {
  const tokens = (limits.tokens ?? Number.POSITIVE_INFINITY) - tokensOf(used.usage) - call.inputTokens;
  const most = Math.max(0, Math.min(call.outputTokensMax, Math.floor(tokens)));
  if (limits.cost_usd === undefined) return most;
  const money = limits.cost_usd - used.usage.cost_usd;
  const fits = (outputTokens: number) =>
    (call.costOf(call.inputTokens, outputTokens) ?? Number.POSITIVE_INFINITY) <= money;
  return largestThat(fits, most);
}

/** The largest whole number from 0 to `most` that fits, where every smaller one fits too; 0 where none does. */
function largestThat(fits: (value: number) => boolean, most: number): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function unknownUse({ limits, used }: BudgetEvidence): Finding[] {
  const findings: Finding[] = [];
  if (limits.cost_usd !== undefined && !used.cost_known) {
    const message = "the cost is limited, but the model has no price; set one under `settings.prices`";
    findings.push({ rule: "budget/cost-unknown", message });
  }
  const isLimited = limits.cost_usd !== undefined || limits.tokens !== undefined;
  if (isLimited && used.unreported_calls > 0) {
    const message = `the provider did not report what ${used.unreported_calls} model call(s) used, and tokens or money are limited`;
    findings.push({ rule: "budget/unreported-usage", message });
  }
  return findings;
}

function overrun(meter: Meter, { limits, used, next_call }: BudgetEvidence): Finding[] {
  const limit = limits[meter.limit];
  const use = meter.read(used);
  const more = next_call === null ? 0 : (meter.ofCall?.(next_call) ?? 0);
  if (limit === undefined || use + more <= limit) return [];
  const rule = `budget/${meter.limit.replaceAll("_", "-")}`;
  const isCallTooLarge = use < limit && meter.limit !== "wall_clock_seconds";
  const then = isCallTooLarge ? `, and the next model call may use ${rounded(more)} or more` : "";
  return [{ rule, message: `${rounded(use)} ${meter.name} used${then}, the limit is ${limit}` }];
}

/** Sums of money have digits that say nothing. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
