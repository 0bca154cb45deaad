import type { CommandPlan } from "../orchestrator/schema/adapter-port.ts";

/** Milliseconds that each goal's command may take; the policy of a run may narrow them. */
const timeoutsMs = { install: 600_000, build: 900_000, lint: 600_000, format: 300_000, test: 1_800_000 } as const;

/** A plan at the repository's root. Scripts may write anywhere in the tree, so none runs beside another. */
export function commandPlan(plan: Pick<CommandPlan, "goal" | "argv"> & Partial<CommandPlan>): CommandPlan {
  return {
    cwd: ".",
    env: {},
    timeoutMs: timeoutsMs[plan.goal],
    needsNetwork: false,
    parallelSafe: false,
    reportFile: null,
    ...plan,
  };
}
