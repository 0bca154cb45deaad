import fc from "fast-check";
import { expect, test } from "vitest";
import { readLinePlaces } from "./line-places.ts";

/** Character by character, as the definition has it. */
function placesOneByOne(text: string): { byte: number; line: number; column: number }[] {
  let [line, column] = [1, 1];
  return [...text].map((character, index, all) => {
    const place = { byte: Buffer.byteLength(all.slice(0, index).join("")), line, column };
    const isEnd = /[\n\r\u2028\u2029]/.test(character) && !(character === "\r" && all[index + 1] === "\n");
    if (isEnd) [line, column] = [line + 1, 1];
    else if (index > 0 || character !== "\uFEFF") column += character.length;
    return place;
  });
}

test("the place of each character is that of counting one by one", () => {
  const characters = fc.constantFrom("a", "é", "😀", "\n", "\r", "\r\n", "\u2028", "\uFEFF");
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 30 }), (parts) => {
      const text = parts.join("");
      const placeOf = readLinePlaces(Buffer.from(text));
      for (const { byte, line, column } of placesOneByOne(text)) expect(placeOf(byte)).toEqual({ line, column });
    }),
  );
});
