import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonDocument } from "./parse-json-document.ts";

test.each([
  ['{\n "a": 1,\n}', "3:1"],
  ['{"a":}', "1:6"],
  ["abc", "1:1"],
  ["{\n  // hi\n}", "2:3"],
  ['{"a": [1, 2,, 3]}', "1:13"],
  ['{"a":1', "1:7"],
  ["", "1:1"],
  ['{"a":1} x', "1:9"],
  ['{"a":"\\q"}', "1:8"],
])("the first mistake in %j stands at %s", (text, position) => {
  expect(() => parseJsonDocument(text, "a/package.json")).toThrow(`a/package.json:${position} is not valid JSON: `);
});

test("a valid document is what it says, with or without a mark for the byte order", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom("", "\uFEFF"), (value, mark) => {
      const text = JSON.stringify(value);
      expect(parseJsonDocument(mark + text, "x")).toEqual(JSON.parse(text));
    }),
  );
});
