import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineCutter } from "./bounded-lines.ts";

function cut(text: Buffer, places: readonly number[], bytesMax = 20): unknown[] {
  const cutter = createLineCutter(bytesMax, 4);
  const ends = [...places].map((place) => place % (text.length + 1)).sort((left, right) => left - right);
  return [...ends, text.length].flatMap((end, index) => cutter.push(text.subarray(ends[index - 1] ?? 0, end)));
}

test("however a stream is cut into chunks, the lines are the same", () => {
  const line = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ minLength: 18, maxLength: 60 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.nat(500), { maxLength: 8 }), (lines, places) => {
      const text = Buffer.from(lines.map((each) => `${each.replaceAll(/[\r\n]/g, "")}\n`).join(""));
      expect(cut(text, places)).toEqual(cut(text, []));
    }),
  );
});

test("a line that is too long is told at once by its beginning, and the next one is whole", () => {
  const cutter = createLineCutter(5, 3);
  expect(cutter.push(Buffer.from("ab\n123456"))).toEqual([
    { text: "ab", isWhole: true },
    { text: "123", isWhole: false },
  ]);
  expect(cutter.push(Buffer.from("789".repeat(1000)))).toEqual([]);
  expect(cutter.push(Buffer.from("x\nnext\r\n12345\n"))).toEqual([
    { text: "next", isWhole: true },
    { text: "12345", isWhole: true },
  ]);
});
