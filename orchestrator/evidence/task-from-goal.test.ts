import { expect, test } from "vitest";
import { TaskSpec } from "../schema/task-spec.ts";
import { taskFromGoal } from "./task-from-goal.ts";

test("a bare goal becomes a task whose one criterion is the goal, in the whole repository", () => {
  const task = taskFromGoal("  Use node: imports\nin all files ", "goal-1");
  expect(task).toEqual({
    id: "goal-1",
    title: "Use node: imports",
    goal: "Use node: imports\nin all files",
    acceptance_criteria: [{ id: "goal", text: "Use node: imports\nin all files" }],
    scope: { include: ["**"], exclude: [] },
    specs: [],
    budget: {},
    approvals: [],
  });
  expect(TaskSpec.parse(task)).toEqual(task);
});

test("a scope can be given", () => {
  const scope = { include: ["src/**"], exclude: ["src/gen/**"] };
  expect(taskFromGoal("do it", "a", scope).scope).toEqual(scope);
});

test("a long goal keeps its whole text, with a short title and criterion", () => {
  const goal = "\u{1F600}".repeat(5000);
  const task = taskFromGoal(goal, "a");
  expect(task.goal).toBe(goal);
  expect([...task.title]).toHaveLength(80);
  expect(task.acceptance_criteria[0]?.text.endsWith("\u2026")).toBe(true);
});

test.each([
  ["an empty goal", "  \n ", "a", "goal"],
  ["a goal that is far too long", "x".repeat(20_001), "a", "goal"],
  ["an id that is no name", "do it", "../a", "id"],
])("%s is refused as wrong usage", (_, goal, id, field) => {
  expect(() => taskFromGoal(goal, id)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(`${field}: `) }),
  );
});
