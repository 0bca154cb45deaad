import { expect, test } from "vitest";
import { createTestIo } from "../cli-io.test-support.ts";
import { main } from "../main.ts";
import { readBudget } from "./run-command.ts";

test("limits are read by name", () => {
  expect(readBudget(["turns=50", "cost_usd=1.5"])).toEqual({ turns: 50, cost_usd: 1.5 });
  expect(readBudget([])).toBeNull();
});

test.each([
  [["turn=5"], "no limit is called turn; limits are turns, tokens"],
  [["turns"], "write name=number"],
  [["turns=-1"], "write name=number"],
  [["turns=1.5"], "turns: "],
  [["turns=1", "turns=2"], "turns is given twice"],
  [["builder_attempts=0"], "builder_attempts: "],
])("the limits %j are refused with what would be right", (parts, message) => {
  expect(() => readBudget(parts)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(message) }),
  );
});

test.each([
  [["run"], "say what is to be done"],
  [["run", "--scope", "src/**"], "say what is to be done"],
  [["run", "a goal", "--task", "t1"], "exclude each other"],
  [["run", "--task", "t1", "--scope", "src/**"], "a task file says its own scope"],
  [["run", "a goal", "--approve", "build"], "--approve takes plan, finish"],
  [["run", "use", "node:"], "put the whole <goal> in quotes"],
])("%j is refused before anything is opened", async (argv, message) => {
  const io = createTestIo({ cwd: "/nowhere/at/all" });
  expect(await main(argv, io)).toBe(2);
  expect(io.errors()).toContain(message);
});
