import { expect, test } from "vitest";
import { createBoundedMatch, parsePattern } from "./bounded-match.ts";

test("the indexes of the texts that match are answered, a global pattern included", () => {
  expect(createBoundedMatch(/a/g)(["a", "b", "xa", "a"])).toEqual([0, 2, 3]);
});

test("a pattern that backtracks without end is stopped and refused", () => {
  const match = createBoundedMatch(/^(a+)+$/, 100);
  expect(() => match([`${"a".repeat(50)}!`])).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining("simpler") }),
  );
  expect(match(["aaa"])).toEqual([0]);
});

test("what is no pattern is refused with a sentence", () => {
  expect(() => parsePattern("(", "")).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining("plain text") }),
  );
  expect(() => parsePattern("a".repeat(1001), "")).toThrow(expect.objectContaining({ code: "usage" }));
  expect(parsePattern("\\d+\\-", "i").test("12-")).toBe(true);
});
