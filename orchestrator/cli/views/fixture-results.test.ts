import { expect, test } from "vitest";
import type { FixtureResult } from "../../schema/pattern-workbench.ts";
import { summariseFixtures } from "./fixture-results.ts";

const good: FixtureResult = { pattern: "a", fixture: "case", problems: [], mutants: 3, noticed: 3 };
const bad: FixtureResult = { ...good, problems: ["it was not changed"] };
const untested: FixtureResult = { ...good, fixture: "fixtures", mutants: 0, noticed: 0, untested: "no linter" };

test.each([
  [[good], true, "passed", "1 fixture, which noticed 3 mutants"],
  [[good, bad], false, "1 failed", "2 fixtures, which noticed 6 mutants"],
  [[good, untested, untested], true, "passed", "1 fixture, which noticed 3 mutants; 2 patterns not tested"],
  [[untested], false, "there are no fixtures", "0 fixtures, which noticed 0 mutants; 1 pattern not tested"],
  [[], false, "there are no fixtures", "0 fixtures, which noticed 0 mutants"],
])("%j are summed up", (results, passed, verdict, counts) => {
  expect(summariseFixtures(results)).toMatchObject({ passed, verdict, counts });
});

test("what failed and what was not tested is named, the latter once for each reason", () => {
  expect(summariseFixtures([bad, { ...untested, pattern: "b" }, { ...untested, pattern: "c" }]).lines).toEqual([
    "a/case: it was not changed",
    "not tested: b, c: no linter",
  ]);
});
