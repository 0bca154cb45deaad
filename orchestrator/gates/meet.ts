import type { Budget } from "../schema/budget.ts";
import type { Policy, PolicyLayer } from "../schema/policy.ts";
import type { Scope } from "../schema/primitives.ts";
import type { TaskSpec } from "../schema/task-spec.ts";
import { meetCommands } from "./command-rule.ts";

/**
 * The policy narrowed by one more layer: the smaller number, what both lists allow, all that either protects, every
 * scope. It never allows what either side refuses; the order of layers does not matter, and a layer counts once
 * however often it is given.
 */
export function meet(policy: Policy, layer: PolicyLayer): Policy {
  return {
    scopes: uniqueScopes(layer.scope === undefined ? policy.scopes : [...policy.scopes, layer.scope]),
    protected_paths: sortedUnique([...policy.protected_paths, ...(layer.protected_paths ?? [])]),
    tools: meetTools(policy.tools, layer.tools),
    commands: meetCommands(policy.commands, layer.commands ?? policy.commands),
    network: {
      commands: policy.network.commands && (layer.network?.commands ?? true),
      install: policy.network.install && (layer.network?.install ?? true),
    },
    require_sandbox: policy.require_sandbox || (layer.require_sandbox ?? false),
    budget: meetBudgets(policy.budget, layer.budget ?? {}),
    limits: meetLimits(policy.limits, layer.limits ?? {}),
  };
}

/** What a task spec narrows: the scope and the budget. */
export function layerOfTask(task: Pick<TaskSpec, "scope" | "budget">): PolicyLayer {
  return { scope: task.scope, budget: task.budget };
}

/** The smaller of each limit; an absent one is no limit. */
export function meetBudgets(left: Budget, right: Budget): Budget {
  const limits = Object.entries({
    turns: least(left.turns, right.turns),
    tokens: least(left.tokens, right.tokens),
    cost_usd: least(left.cost_usd, right.cost_usd),
    wall_clock_seconds: least(left.wall_clock_seconds, right.wall_clock_seconds),
    builder_attempts: least(left.builder_attempts, right.builder_attempts),
    planner_attempts: least(left.planner_attempts, right.planner_attempts),
    changed_lines: least(left.changed_lines, right.changed_lines),
  });
  return Object.fromEntries(limits.filter(([, limit]) => limit !== undefined));
}

function meetLimits(limits: Policy["limits"], layer: NonNullable<PolicyLayer["limits"]>): Policy["limits"] {
  return {
    command_timeout_ms: Math.min(limits.command_timeout_ms, layer.command_timeout_ms ?? Number.POSITIVE_INFINITY),
    output_bytes_max: Math.min(limits.output_bytes_max, layer.output_bytes_max ?? Number.POSITIVE_INFINITY),
    turns_per_step: Math.min(limits.turns_per_step, layer.turns_per_step ?? Number.POSITIVE_INFINITY),
  };
}

function meetTools(tools: Policy["tools"], layer: PolicyLayer["tools"]): Policy["tools"] {
  if (tools === null) return layer === undefined ? null : sortedUnique(layer);
  return sortedUnique(layer === undefined ? tools : tools.filter((tool) => layer.includes(tool)));
}

function least(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : Math.min(left, right);
}

/** Sorted, so that equal policies have equal hashes whatever the order of their layers. */
function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function uniqueScopes(scopes: readonly Scope[]): Scope[] {
  const normal = scopes.map(({ include, exclude }) => ({
    include: sortedUnique(include),
    exclude: sortedUnique(exclude),
  }));
  const byText = new Map(normal.map((scope) => [JSON.stringify(scope), scope]));
  return [...byText].sort(([first], [second]) => (first < second ? -1 : 1)).map(([, scope]) => scope);
}
