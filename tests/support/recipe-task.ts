import type { Goal } from "../../orchestrator/orchestrator.ts";

/** A goal on the sample package that the recipe model reaches without a network. */
export const recipeGoal: Goal = {
  id: "prefix",
  goal: "use the node: protocol",
  recipe: ["node-protocol"],
  scope: { include: ["src/**"], exclude: [] },
};
