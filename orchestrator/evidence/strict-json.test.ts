import fc from "fast-check";
import { expect, test } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

test("what is written by JSON.stringify is read as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each(['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"b":{"a":"{\\"a\\":", "a" : 2}}]', '{"a":{"x":1},"b":[],"a":2}'])(
  "%s is refused, since a key stands twice in one object",
  (text) => {
    expect(() => parseStrictJson(text)).toThrow("stands twice");
  },
);

test.each(['{"a":{"a":1}}', '[{"a":1},{"a":1}]', '{"a":"a","b":["a","a"]}', '{"\\"a\\":":1,"a":2}'])(
  "%s is read, since no object has a key twice",
  (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  },
);
