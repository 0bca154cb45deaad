import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, hashJson } from "./hash.ts";

test("the canonical text is that of the reference implementation, for any JSON value", () => {
  const key = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.nat().map(String),
    fc.constantFrom("__proto__", "é", "\u{1f600}"),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, fc.jsonValue(), fc.dictionary(key, tie("tree")), fc.array(tie("tree"))),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value));
    }),
  );
});

test("numbers, dates and what is left out are written as RFC 8785 and JSON say", () => {
  const numbers = [-0, 1e21, 1e-7, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, 5e-324];
  expect(canonicalJson(numbers)).toBe("[0,1e+21,1e-7,0.30000000000000004,9007199254740991,5e-324]");
  expect(canonicalJson({ b: undefined, a: new Date(0), "": [undefined, "\u20ac\n"] })).toBe(
    '{"":[null,"€\\n"],"a":"1970-01-01T00:00:00.000Z"}',
  );
  expect(canonicalJson({ "10": 1, "9": 2, a: [] })).toBe('{"10":1,"9":2,"a":[]}');
  const twice = { same: 1 };
  expect(canonicalJson([twice, twice])).toBe('[{"same":1},{"same":1}]');
});

test("what JSON cannot say has no hash", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  for (const value of [
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "\ud800",
    { "\udc00": 1 },
    circle,
    1n,
    () => 1,
  ]) {
    expect(() => hashJson(value)).toThrow(TypeError);
  }
});
