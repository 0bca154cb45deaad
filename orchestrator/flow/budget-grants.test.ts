import { expect, test } from "vitest";
import { acceptsUnreportedUsage, effectiveBudget } from "./budget-grants.ts";
import { begin } from "./run-story.test-support.ts";

const budget = { turns: 10, tokens: 100, cost_usd: 2, wall_clock_seconds: 60, changed_lines: 5 };

test("an approval grants the original amount of the limits that were asked about, and of no other", () => {
  const story = begin({ budget });
  story.asked("budget_spent", "run", ["tokens"]);
  expect(effectiveBudget(story.state)).toEqual(budget);
  story.answered("approve", null);
  expect(effectiveBudget(story.state)).toEqual({ ...budget, tokens: 200 });
  story.asked("budget_spent", "run", ["tokens", "cost_usd"]);
  story.answered("approve", null);
  expect(effectiveBudget(story.state)).toEqual({ ...budget, tokens: 300, cost_usd: 4 });
});

test("a rejection, another question, or a spent budget that names no limit grants nothing", () => {
  const story = begin({ budget });
  story.asked("stuck", "run", ["turns"]);
  story.answered("approve", null);
  story.asked("budget_spent", "run");
  story.answered("approve", null);
  story.asked("budget_spent", "run", ["turns"]);
  story.answered("reject", null);
  expect(effectiveBudget(story.state)).toEqual(budget);
});

test("a limit that there is not stays absent when it is granted", () => {
  const story = begin({ budget: { turns: 1 } });
  story.asked("budget_spent", "run", ["turns", "tokens"]);
  story.answered("approve", null);
  expect(effectiveBudget(story.state)).toEqual({ turns: 2 });
});

test("calls of unknown use go on only after a person approved just that", () => {
  const story = begin({ budget });
  story.asked("budget_spent", "run", ["tokens"]);
  story.answered("approve", null);
  expect(acceptsUnreportedUsage(story.state)).toBe(false);
  story.asked("budget_spent", "run", ["unreported_usage"]);
  story.answered("approve", null);
  expect(acceptsUnreportedUsage(story.state)).toBe(true);
});
