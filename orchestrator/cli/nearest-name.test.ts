import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearestName } from "./nearest-name.ts";

const names = ["run", "resume", "pause", "cancel", "approve"];

test.each([
  ["resmue", "resume"],
  ["aprove", "approve"],
  ["RUN", "run"],
  ["can", "cancel"],
  ["deploy", null],
  ["x", null],
  ["", null],
])("%s is taken for %s", (typed, name) => expect(nearestName(typed, names)).toBe(name));

test("without names there is none to take it for", () => expect(nearestName("run", [])).toBeNull());

test("a swap of neighbours is one mistake", () => expect(editDistance("lsit", "list")).toBe(1));

test("the distance is symmetric, zero for the same word only, and at most the longer length", () => {
  const word = fc.stringMatching(/^[abc]{0,6}$/);
  fc.assert(
    fc.property(word, word, (left, right) => {
      const distance = editDistance(left, right);
      expect(distance).toBe(editDistance(right, left));
      expect(distance === 0).toBe(left === right);
      expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length));
    }),
  );
});
