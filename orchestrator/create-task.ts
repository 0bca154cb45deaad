import { taskFromGoal } from "./evidence/task-from-goal.ts";
import { sha256 } from "./io/hash.ts";
import type { Goal } from "./orchestrator.ts";
import { messageOf, OrchestratorError } from "./schema/errors.ts";
import type { Redactor } from "./schema/process-port.ts";
import { TaskSpec } from "./schema/task-spec.ts";

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
