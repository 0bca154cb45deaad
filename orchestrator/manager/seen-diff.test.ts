import fc from "fast-check";
import { expect, test } from "vitest";
import { diffPageCharacters as page } from "../schema/handoff.ts";
import { type DiffPage, pathsNotShown } from "./seen-diff.ts";

const sections = [
  { path: "a", start: 0, end: page + 10 },
  { path: "b", start: page + 10, end: 3 * page },
];

const whole = (offset: number): DiffPage => ({ path: null, offset });
const ofPath = (path: string, offset: number): DiffPage => ({ path, offset });

test.each<[string, DiffPage[], string[]]>([
  ["nothing was asked for", [], ["a", "b"]],
  ["only the first page of a path was read", [ofPath("a", 0)], ["a", "b"]],
  ["a path was read to its end", [ofPath("a", 0), ofPath("a", page)], ["b"]],
  ["the end was read and the beginning was not", [ofPath("a", page)], ["a", "b"]],
  ["the whole diff was read page by page", [whole(0), whole(page), whole(2 * page)], []],
  ["pages came in any order", [ofPath("a", page), whole(page), ofPath("a", 0), whole(2 * page)], []],
  ["a page was left out", [whole(0), whole(2 * page)], ["a", "b"]],
  ["a path that is not changed was asked for", [ofPath("c", 0)], ["a", "b"]],
])("where %s, the paths that were not shown whole are named", (_, pages, paths) => {
  expect(pathsNotShown(sections, pages)).toEqual(paths);
});

test("a path counts as shown exactly where each of its characters is on some page", () => {
  const offsets = fc.array(fc.integer({ min: 0, max: 3 * page }), { maxLength: 6 });
  fc.assert(
    fc.property(offsets, (starts) => {
      const pages = starts.map(whole);
      const isOnPage = (at: number) => starts.some((start) => start <= at && at < start + page);
      const edges = [
        ...starts,
        ...starts.map((start) => start + page),
        ...sections.flatMap(({ start, end }) => [start, end]),
      ];
      const missing = sections.filter(({ start, end }) =>
        [...edges, start, end - 1].some((at) => at >= start && at < end && !isOnPage(at)),
      );
      expect(pathsNotShown(sections, pages)).toEqual(missing.map(({ path }) => path));
    }),
  );
});
