import type { TaskSpec } from "../../orchestrator/schema/task-spec.ts";

/** The task on the sample package, in the words of a team. */
export const sampleTask: TaskSpec = {
  id: "tidy",
  title: "Tidy the sample up",
  goal: "use the node: protocol, greet with a comma and count by length",
  acceptance_criteria: [{ id: "done", text: "the three changes are made and the tests pass" }],
  scope: { include: ["src/**"], exclude: [] },
  specs: [],
  budget: {},
  approvals: [],
};
