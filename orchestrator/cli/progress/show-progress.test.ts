import { expect, test } from "vitest";
import { createTestIo } from "../cli-io.test-support.ts";
import { finding, sampleEvent, sampleVerdict } from "../views/sample-run.test-support.ts";
import { showProgress } from "./show-progress.ts";

const refusal = sampleEvent("gate_refused", sampleVerdict("test", [finding]), 7);
const options = { isQuiet: false, eventsBefore: 0 };

test("where stderr is no terminal, each milestone is a plain line", () => {
  const io = createTestIo();
  const progress = showProgress(io, options);
  progress.add(refusal);
  progress.end();
  expect(io.errors()).toBe(
    "03:04:05Z  ✗ test gate on tester.1 refused: test/a.test.js:7: adds wrongly [test/failed]\n",
  );
  expect(io.output()).toBe("");
});

test("what earlier runners did is not told again", () => {
  const io = createTestIo();
  showProgress(io, { ...options, eventsBefore: 8 }).add(refusal);
  expect(io.errors()).toBe("");
});

test("quiet shows nothing, on a terminal neither", () => {
  const io = createTestIo({ columns: 80 });
  const progress = showProgress(io, { ...options, isQuiet: true });
  progress.add(refusal);
  progress.end();
  expect(io.errors()).toBe("");
});

test("on a terminal a block is drawn, and taken off the screen at the end, once", () => {
  const io = createTestIo({ columns: 80, environment: { NO_COLOR: "1" } });
  const progress = showProgress(io, options);
  progress.end();
  progress.end();
  expect(io.errors()).toBe("⠋ starting  0.0 s\n\u001b[1A\r\u001b[0J");
});

test("a dumb terminal gets plain lines", () => {
  const io = createTestIo({ columns: 80, environment: { TERM: "dumb" } });
  const progress = showProgress(io, options);
  progress.add(refusal);
  progress.end();
  expect(io.errors()).not.toContain("\u001b");
});
