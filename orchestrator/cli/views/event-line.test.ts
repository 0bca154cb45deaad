import { expect, test } from "vitest";
import { createPaint } from "../text/paint.ts";
import { describeEvent, eventLine, findingText, isMilestone } from "./event-line.ts";
import { finding, sampleEvent, sampleVerdict } from "./sample-run.test-support.ts";

const plain = createPaint(false);

test("a line begins with the time in UTC", () => {
  const event = sampleEvent("run_finished", { status: "passed", detail: "every gate passed" });
  expect(eventLine(event, plain)).toBe("03:04:05Z  ✓ passed: every gate passed");
});

test("a refusal names its first finding and how many more there are", () => {
  const event = sampleEvent("gate_refused", sampleVerdict("test", [finding, finding, finding]));
  expect(describeEvent(event, plain)).toBe(
    "✗ test gate on tester.1 refused: test/a.test.js:7: adds wrongly [test/failed] (and 2 more findings)",
  );
});

test("an answer says who gave it, with their words, and whether it had an effect", () => {
  const command = {
    schema_version: 1,
    id: "c1",
    at: "2026-01-02T03:04:05.678Z",
    actor: { kind: "person", id: "ann", authenticated_by: "local_user" },
    verb: "answer",
    question_id: "q1",
    subject_sha256: "a".repeat(64),
    answer: "reject",
    message: "too wide",
  };
  const taken = sampleEvent("command_received", { command, accepted: true, reason: null });
  const late = sampleEvent("command_received", { command, accepted: false, reason: "it was answered before" });
  expect(describeEvent(taken, plain)).toBe('reject of q1 by ann: "too wide"');
  expect(describeEvent(late, plain)).toBe('reject of q1 by ann: "too wide" had no effect (it was answered before)');
});

test("text from a model or a repository cannot command the terminal", () => {
  const hostile = { ...finding, path: "a\u001b[2Jb", message: "x\u0007\ny" };
  expect(findingText(hostile)).toBe("a\\x1b[2Jb:7: x\\x07 y [test/failed]");
  const failed = sampleEvent("run_faulted", { code: "process_failed", message: "\u001b]0;title\u0007" });
  expect(describeEvent(failed, plain)).not.toMatch(/\p{Cc}/u);
});

test("a run that was stopped by its user is told as stopped, not as broken", () => {
  const stopped = sampleEvent("run_faulted", { code: "aborted", message: "the run was stopped; it can be resumed" });
  expect(describeEvent(stopped, plain)).toBe("! stopped: the run was stopped; it can be resumed");
});

test("model answers and tool calls are detail; steps, gates and the end are milestones", () => {
  const tool = { step_id: "builder.1", call_id: "c", tool: "read_file", arguments_sha256: "a".repeat(64) };
  const done = { ...tool, outcome: "ok", result: "", tree: null, check: null, error_file: null, duration_ms: 1 };
  expect(isMilestone(sampleEvent("tool_finished", done))).toBe(false);
  expect(isMilestone(sampleEvent("gate_passed", sampleVerdict("scope")))).toBe(true);
  expect(isMilestone(sampleEvent("run_finished", { status: "refused", detail: "x" }))).toBe(true);
});
