import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth } from "../text/display-width.ts";
import { createPaint } from "../text/paint.ts";
import { finding, sampleEvent, sampleVerdict } from "../views/sample-run.test-support.ts";
import { progressBlock } from "./progress-block.ts";
import { addProgress, noProgress } from "./progress-state.ts";

const events = [
  sampleEvent("gate_passed", sampleVerdict("spec")),
  sampleEvent("gate_passed", sampleVerdict("scope")),
  sampleEvent("gate_refused", sampleVerdict("test", [finding, finding])),
  sampleEvent("tool_finished", {
    step_id: "builder.2",
    call_id: "c",
    tool: "apply_pattern",
    arguments_sha256: "a".repeat(64),
    outcome: "ok",
    result: "",
    tree: null,
    check: null,
    error_file: null,
    duration_ms: 1,
  }),
];
const state = { ...events.reduce(addProgress, noProgress), doing: "builder.2", turns: 5 };
const view = { elapsedSeconds: 12, frame: 0, width: 80, paint: createPaint(false) };

test("the block says what is done now, for how long, and what the gates said so far", () => {
  expect(progressBlock(state, view)).toEqual([
    "⠋ builder.2  12 s  apply_pattern done  5 turns",
    "  ✓ spec  ✓ scope  ✗ test (2 findings)",
  ]);
});

test("a gate that passes at last takes the place of its refusal", () => {
  const later = addProgress(state, sampleEvent("gate_passed", sampleVerdict("test")));
  expect(progressBlock(later, view)[1]).toBe("  ✓ spec  ✓ scope  ✓ test");
});

test("on a terminal of any width no line wraps", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100 }), fc.boolean(), (width, isColoured) => {
      for (const line of progressBlock(state, { ...view, width, paint: createPaint(isColoured) })) {
        expect(displayWidth(line)).toBeLessThan(width);
      }
    }),
  );
});

test("a tool's name from a model cannot command the terminal", () => {
  const [line] = progressBlock({ ...state, detail: "\u001b[2J" }, view);
  expect(line).toContain("\\x1b[2J");
});
