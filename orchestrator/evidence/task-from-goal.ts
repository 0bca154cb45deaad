import { OrchestratorError } from "../schema/errors.ts";
import type { Scope } from "../schema/primitives.ts";
import { TaskSpec } from "../schema/task-spec.ts";

const titleCharactersMax = 80;
const criterionCharactersMax = 2000;

/**
 * The task that a bare goal stands for: one acceptance criterion, the goal itself, in the given scope or the whole
 * repository. Throws `usage` for a goal or id that no task can have.
 */
export function taskFromGoal(goal: string, id: string, scope: Scope = { include: ["**"], exclude: [] }): TaskSpec {
  const text = goal.trim();
  const task = TaskSpec.safeParse({
    id,
    title: shorten(text.split(/\r?\n/)[0] ?? "", titleCharactersMax),
    goal: text,
    acceptance_criteria: [{ id: "goal", text: shorten(text, criterionCharactersMax) }],
    scope,
  });
  if (task.success) return task.data;
  const problems = task.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new OrchestratorError("usage", `the goal cannot be made into a task: ${[...new Set(problems)].join("; ")}`);
}

function shorten(text: string, charactersMax: number): string {
  const characters = [...text];
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join("")}…`;
}
