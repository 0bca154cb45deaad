import { expect, test } from "vitest";
import { begin } from "../flow/run-story.test-support.ts";
import { countCalls, tapeOf } from "./tool-tape.ts";

const hash = "a".repeat(64);
const [before, after] = ["b".repeat(40), "c".repeat(40)];
const taped = { tool: "run_command", argumentsSha256: hash, tree: before };

/** A recorded run with one call for each tree that a command left. */
function recordOf(effect: "command" | "edit", treesAfter: readonly string[]) {
  const story = begin();
  for (const [index, tree] of treesAfter.entries()) {
    const call = { step_id: "builder.1", call_id: `${index}.c`, tool: "run_command", arguments_sha256: hash };
    story.tell("tool_started", { ...call, effect, idempotency_key: hash, tree: before });
    const outcome = {
      outcome: "ok",
      result: `result ${index}`,
      check: null,
      error_file: null,
      duration_ms: 1,
    } as const;
    story.tell("tool_finished", { ...call, ...outcome, tree });
  }
  return story.events;
}

test("the results of the same command on the same files come in the order of the record, and then no more", () => {
  const tape = tapeOf("run-1", recordOf("command", [before, before]));
  expect([0, 1, 2].map((nth) => tape.find(taped, nth)?.result)).toEqual(["result 0", "result 1", undefined]);
});

test("another tool, other arguments or other files have no result in the record", () => {
  const tape = tapeOf("run-1", recordOf("command", [before]));
  expect(tape.find({ ...taped, tool: "run_check" }, 0)).toBeNull();
  expect(tape.find({ ...taped, argumentsSha256: "d".repeat(64) }, 0)).toBeNull();
  expect(tape.find({ ...taped, tree: after }, 0)).toBeNull();
});

test("a command that changed files, and every edit, must be made again", () => {
  expect(tapeOf("run-1", recordOf("command", [after])).find(taped, 0)).toBeNull();
  expect(tapeOf("run-1", recordOf("edit", [before])).find(taped, 0)).toBeNull();
});

test("a run's own log says how often such a call was made", () => {
  expect(countCalls(recordOf("command", [before, after]), taped)).toBe(2);
  expect(countCalls(recordOf("command", [before]), { ...taped, tree: after })).toBe(0);
});
