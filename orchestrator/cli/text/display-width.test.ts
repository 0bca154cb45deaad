import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth, padText, truncateText } from "./display-width.ts";
import { createPaint } from "./paint.ts";

test.each([
  ["abc", 3],
  ["größe", 5],
  ["gro\u0308ße", 5],
  ["東京", 4],
  ["🚀", 2],
  ["✓ spec", 6],
  ["", 0],
])("%s takes %d columns", (text, width) => expect(displayWidth(text)).toBe(width));

test("colours take no columns", () => {
  expect(displayWidth(createPaint(true).red("abc"))).toBe(3);
});

test("what does not fit is cut and says so", () => {
  expect(truncateText("abcdef", 4)).toBe("abc…");
  expect(truncateText("東京都", 4)).toBe("東…");
  expect(truncateText("abc", 3)).toBe("abc");
  expect(truncateText("abc", 0)).toBe("");
});

test("cut text fits, and padded text is exactly as wide or as wide as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 20 }), (text, width) => {
      expect(displayWidth(truncateText(text, width))).toBeLessThanOrEqual(width);
      expect(displayWidth(padText(text, width))).toBe(Math.max(width, displayWidth(text)));
    }),
  );
});
