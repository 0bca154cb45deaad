import { expect, test } from "vitest";
import type { OutputSink } from "../cli-io.ts";
import { createPaint, wantsColour } from "./paint.ts";

const terminal: OutputSink = { write: () => true, isTerminal: true, columns: 80 };

test("colours are for terminals, unless NO_COLOR or a dumb terminal says otherwise", () => {
  expect(wantsColour(terminal, {})).toBe(true);
  expect(wantsColour(terminal, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColour(terminal, { NO_COLOR: "" })).toBe(true);
  expect(wantsColour(terminal, { TERM: "dumb" })).toBe(false);
  expect(wantsColour({ ...terminal, isTerminal: false }, {})).toBe(false);
});

test("a paint that is off leaves text alone", () => {
  expect(createPaint(false).red("a")).toBe("a");
  expect(createPaint(true).red("a")).toBe("\u001b[31ma\u001b[39m");
  expect(createPaint(true).red("")).toBe("");
});
