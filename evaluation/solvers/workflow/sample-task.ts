import type { TaskSpec } from "../../../orchestrator/index.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import { TaskSpec as TaskSchema } from "../../../orchestrator/schema/task-spec.ts";
import type { Sample } from "../../schema/sample.ts";

const titleCharactersMax = 120;

/** The task that a sample sets. Throws `document_invalid` for one without a goal, or whose task does not fit. */
export function taskOf({ id, goal, scope, pattern, workflow }: Sample): TaskSpec {
  const { task = {} } = workflow ?? {};
  const wanted = task.goal ?? goal ?? (pattern === undefined ? undefined : `Apply the pattern ${pattern}.`);
  const parsed = TaskSchema.safeParse({
    id: "sample",
    title: wanted?.split("\n")[0]?.slice(0, titleCharactersMax),
    acceptance_criteria: [{ id: "done", text: wanted?.slice(0, 2_000) }],
    scope: scope ?? { include: ["**"] },
    ...(pattern === undefined ? {} : { recipe: [pattern] }),
    ...task,
    goal: wanted,
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
  throw new OrchestratorError("document_invalid", `the sample ${id} sets no task for a run: ${problems.join("; ")}`);
}
