import { taskFromGoal } from "./evidence/task-from-goal.ts";
import { sha256 } from "./io/hash.ts";
import type { Goal } from "./orchestrator.ts";
import { OrchestratorError } from "./schema/errors.ts";
import { TaskSpec } from "./schema/task-spec.ts";

/** A checked task spec from what a caller gave. Throws `document_invalid` naming the fields, or `usage` for an empty goal. */
export function createTask(wanted: TaskSpec | Goal): TaskSpec {
  if (!("acceptance_criteria" in wanted)) return fromGoal(wanted);
  const parsed = TaskSpec.safeParse(wanted);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "task"}: ${message}`);
  throw new OrchestratorError("document_invalid", `the task spec does not fit: ${problems.join("; ")}`);
}

function fromGoal({ goal, id, scope, recipe }: Goal): TaskSpec {
  const task = taskFromGoal(goal, id ?? idOf(goal), scope);
  return recipe === undefined ? task : createTask({ ...task, recipe: [...recipe] });
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
