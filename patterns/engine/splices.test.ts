import fc from "fast-check";
import { expect, test } from "vitest";
import { applySplices, findConflict, findJoined, inTextOrder } from "./splices.ts";

test("splices are applied wherever they were found first", () => {
  const ordered = inTextOrder([
    { start: 4, end: 4, text: "D" },
    { start: 1, end: 3, text: "" },
    { start: 0, end: 0, text: "<" },
    { start: 4, end: 5, text: "!" },
  ]);
  expect(findConflict(ordered, 6)).toBeNull();
  expect(applySplices("abcdef", ordered)).toBe("<adD!f");
});

test.each([
  [
    "overlaps",
    [
      { start: 0, end: 3, text: "" },
      { start: 2, end: 4, text: "" },
    ],
    2,
  ],
  [
    "lies within another",
    [
      { start: 0, end: 5, text: "" },
      { start: 2, end: 2, text: "x" },
    ],
    2,
  ],
  [
    "is inserted where another is",
    [
      { start: 2, end: 2, text: "a" },
      { start: 2, end: 2, text: "b" },
    ],
    2,
  ],
  ["ends before it starts", [{ start: 3, end: 2, text: "" }], 3],
  ["begins before the text", [{ start: -1, end: 2, text: "" }], -1],
  ["ends after the text", [{ start: 5, end: 7, text: "" }], 5],
] as const)("a splice that %s is a conflict", (_, splices, start) => {
  expect(findConflict(inTextOrder([...splices]), 6)?.start).toBe(start);
});

test("a splice may begin where the one before ends", () => {
  expect(
    findConflict(
      [
        { start: 0, end: 2, text: "a" },
        { start: 2, end: 4, text: "b" },
      ],
      4,
    ),
  ).toBeNull();
});

test("every character outside of the splices stays, in any text", () => {
  const unit = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(
    fc.property(unit, fc.array(fc.tuple(fc.nat(40), fc.nat(5), unit), { maxLength: 6 }), (text, wanted) => {
      const ordered = inTextOrder(wanted.map(([start, length, put]) => ({ start, end: start + length, text: put })));
      fc.pre(findConflict(ordered, text.length) === null);
      const marked = applySplices(text, ordered);
      const back: { start: number; end: number; text: string }[] = [];
      let shift = 0;
      for (const { start, end, text: put } of ordered) {
        back.push({ start: start + shift, end: start + shift + put.length, text: text.slice(start, end) });
        shift += put.length - (end - start);
      }
      expect(applySplices(marked, back)).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["return!a", "!a", "b"],
  ["case(a):", "(a)", "b"],
  ["x = typeof(a)", "(a)", "b.c"],
  ["return a", " ", ""],
  ["(a)in b", "(a)", "c"],
  ["for (x of[a]) ;", "[a]", "b"],
])("in %j, %j cannot become %j, which would run into the word beside it", (text, part, put) => {
  const start = text.indexOf(part);
  const splice = { start, end: start + part.length, text: put };
  expect(findJoined(text, [splice])).toEqual(splice);
});

test.each([
  ["return!a", "!a", " b"],
  ["return!a", "!a", "(b)"],
  ["return a", "a", "b"],
  ["x.return!a", "!a", "b"],
  ["inUse = 1", "Use", "Work"],
  ["returns(a)", "(a)", "b"],
  ["a in b", "a", "c"],
])("in %j, %j may become %j", (text, part, put) => {
  const start = text.indexOf(part);
  expect(findJoined(text, [{ start, end: start + part.length, text: put }])).toBeNull();
});
