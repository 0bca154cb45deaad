import { z } from "zod";
import { globProblems } from "./evidence/glob-problems.ts";
import { taskFromGoal } from "./evidence/task-from-goal.ts";
import { sha256 } from "./io/hash.ts";
import type { Goal, RunOptions } from "./orchestrator.ts";
import { Budget } from "./schema/budget.ts";
import { messageOf, OrchestratorError } from "./schema/errors.ts";
import type { Redactor } from "./schema/process-port.ts";
import { ApprovalPoint, TaskSpec } from "./schema/task-spec.ts";

/**
 * The task of a run as it will be recorded. Secrets are replaced before anything is made from them, since an id names a folder and is
 * lower case, where nobody would find them again. Throws as `createTask`.
 */
export async function createRecordedTask(wanted: TaskSpec | Goal, redactor: Pick<Redactor, "json">): Promise<TaskSpec> {
  const shown = await redactor.json(wanted);
  try {
    return createTask(shown);
  } catch (error) {
    if (shown === wanted || !(error instanceof OrchestratorError)) throw error;
    const message = `${messageOf(error)}; a secret in it was replaced first: take it out`;
    throw new OrchestratorError(error.code, message, { cause: error });
  }
}

/** A checked task spec from what a caller gave. Throws `document_invalid` naming the fields, or `usage` for an empty goal. */
export function createTask(wanted: TaskSpec | Goal): TaskSpec {
  if (!isTask(wanted)) return fromGoal(assertGoal(wanted));
  const parsed = TaskSpec.safeParse(wanted);
  const problems = parsed.success ? scopeProblems(parsed.data) : parsed.error.issues;
  if (parsed.success && problems.length === 0) return parsed.data;
  const told = problems.map(({ path, message }) => `${path.join(".") || "task"}: ${message}`);
  throw new OrchestratorError("document_invalid", `the task spec does not fit: ${told.join("; ")}`);
}

function isTask(wanted: TaskSpec | Goal | null): wanted is TaskSpec {
  return typeof wanted === "object" && wanted !== null && "acceptance_criteria" in wanted;
}

/** Callers without types may give anything. */
function assertGoal(wanted: Goal): Goal {
  const parsed = GivenGoal.safeParse(wanted);
  if (parsed.success) return wanted;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw new OrchestratorError(
    "document_invalid",
    `what was given is neither a task spec nor { goal: "…" }: ${problems.join("; ")}`,
  );
}

const GivenGoal = z.looseObject({
  goal: z.string(),
  id: z.string().optional(),
  recipe: z.array(z.string()).optional(),
});

function scopeProblems({ scope }: TaskSpec) {
  return [...globProblems(["scope", "include"], scope.include), ...globProblems(["scope", "exclude"], scope.exclude)];
}

/** Checks how a run is to be started, which callers without types may get wrong. Throws `usage` naming the option. */
export function checkRunOptions({ budget, approvals }: RunOptions): void {
  const parsed = CheckedOptions.safeParse({ budget, approvals });
  if (parsed.success) return;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new OrchestratorError("usage", `the run cannot be started so: ${problems.join("; ")}`);
}

const CheckedOptions = z.object({ budget: Budget.optional(), approvals: z.array(ApprovalPoint).optional() });

function fromGoal({ goal, id, scope, recipe }: Goal): TaskSpec {
  const task = taskFromGoal(goal, id ?? idOf(goal), scope);
  return createTask(recipe === undefined ? task : { ...task, recipe: [...recipe] });
}

/** A readable id that is the same for the same goal: its first words and a few digits of its hash. */
function idOf(goal: string): string {
  const words = goal
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  return `goal-${words === "" ? "" : `${words}-`}${sha256(goal).slice(0, 6)}`;
}
