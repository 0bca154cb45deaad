import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth } from "./display-width.ts";
import { indentText, layFields, layTable, wrapText } from "./layout.ts";

test("fields have their values in one column, wrapped below each other; empty ones are left out", () => {
  const text = layFields(
    [
      ["a", "one two three four five six seven"],
      ["none", ""],
      ["long", "x\ny"],
    ],
    2,
    30,
  );
  expect(text).toBe(["  a     one two three four", "        five six seven", "  long  x", "        y"].join("\n"));
});

test("a table aligns all columns but the last, also for wide characters", () => {
  expect(
    layTable(
      [
        ["a", "bb", "end"],
        ["東京", "b", "x"],
      ],
      1,
    ),
  ).toBe(" a     bb  end\n 東京  b   x");
});

test("a table cuts its last column where a width is given", () => {
  expect(layTable([["id", "a very long title that goes on"]], 0, 20)).toBe("id  a very long tit…");
});

test("an empty table is no text", () => expect(layTable([], 2)).toBe(""));

test("a word that is too long stays whole, so that it can be copied", () => {
  expect(wrapText("see /a/very/long/path/indeed now", 10)).toEqual(["see", "/a/very/long/path/indeed", "now"]);
});

test("line breaks and the first indent of a line are kept", () => {
  expect(wrapText("one\n\n  two three", 7)).toEqual(["one", "", "  two", "  three"]);
});

test("wrapping loses no word, and no line is too long but for one word alone", () => {
  const words = fc.array(fc.stringMatching(/^[a-zé東]{1,9}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 30 }), (list, width) => {
      const lines = wrapText(list.join(" "), width);
      expect(lines.join(" ").split(" ")).toEqual(list);
      for (const line of lines) if (line.includes(" ")) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test("indented text keeps within its width and leaves empty lines empty", () => {
  expect(indentText("aaa bbb ccc ddd eee fff ggg hhh\n\nx", 4, 30)).toBe(
    "    aaa bbb ccc ddd eee fff\n    ggg hhh\n\n    x",
  );
});
