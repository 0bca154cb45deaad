import fc from "fast-check";
import { expect, test } from "vitest";
import { type ComparedCase, casesIn, compareTests, isFlaky, isLost, isWorse, listCases } from "./compare-tests.ts";
import { type CaseChangeKind, CaseOutcome } from "./test-report.ts";

const of = (name: string, outcome: CaseOutcome, more: Partial<ComparedCase> = {}): ComparedCase => ({
  suite: "s",
  name,
  outcome,
  ...more,
});

/** The only case of a comparison. */
function only(base: readonly (readonly ComparedCase[])[], head: readonly (readonly ComparedCase[])[]) {
  const { kinds } = compareTests(base, head);
  const all = Object.values(kinds).flat();
  const [first] = all;
  if (first === undefined || all.length > 1) throw new Error(`${all.length} cases`);
  return first;
}

test.each<[CaseOutcome | null, CaseOutcome | null, CaseChangeKind, "worse" | "no worse"]>([
  ["passed", "passed", "pass_to_pass", "no worse"],
  ["passed", "failed", "pass_to_fail", "worse"],
  ["passed", "crashed", "pass_to_fail", "worse"],
  ["passed", "skipped", "skipped_now", "worse"],
  ["passed", "todo", "skipped_now", "worse"],
  ["passed", "xfail", "skipped_now", "worse"],
  ["passed", null, "removed", "worse"],
  ["xfail", "xfail", "pass_to_pass", "no worse"],
  ["xfail", "passed", "pass_to_pass", "no worse"],
  ["xfail", "error", "pass_to_fail", "worse"],
  ["failed", "passed", "fail_to_pass", "no worse"],
  ["failed", "timeout", "fail_to_fail", "no worse"],
  ["failed", "skipped", "skipped_now", "worse"],
  ["failed", "xfail", "skipped_now", "worse"],
  ["failed", null, "removed", "worse"],
  ["skipped", "todo", "still_skipped", "no worse"],
  ["skipped", "passed", "new", "no worse"],
  ["skipped", "failed", "new", "worse"],
  ["skipped", null, "removed", "no worse"],
  [null, "passed", "new", "no worse"],
  [null, "failed", "new", "worse"],
  [null, "skipped", "new", "no worse"],
])("a case that was %s and is %s is %s, and the change %s for it", (before, after, kind, verdict) => {
  const runOf = (outcome: CaseOutcome | null) => [outcome === null ? [] : [of("a", outcome)]];
  const change = only(runOf(before), runOf(after));
  expect(change).toMatchObject({ kind, base: [before], head: after });
  expect(isWorse(change)).toBe(verdict === "worse");
});

test("what a run of the base shows as well does not speak against the change, and is flaky", () => {
  const base = [[of("a", "passed"), of("b", "passed")], [of("a", "failed")]];
  const { kinds, flaky } = compareTests(base, [[of("a", "failed")]]);
  expect(kinds.pass_to_fail).toMatchObject([{ name: "a", base: ["passed", "failed"] }]);
  expect(kinds.removed).toMatchObject([{ name: "b", base: ["passed", null] }]);
  expect(flaky.map(({ name }) => name)).toEqual(["a", "b"]);
  expect([...kinds.pass_to_fail, ...kinds.removed].some(isWorse)).toBe(false);
});

test("a flaky case of the base that is taken away is lost all the same", () => {
  const change = only([[of("a", "passed")], [of("a", "failed")]], [[]]);
  expect([isFlaky(change), isLost(change)]).toEqual([true, true]);
});

test("of several runs of the change, the worst counts", () => {
  const worst = (...outcomes: CaseOutcome[]) =>
    only(
      [[of("a", "passed")]],
      outcomes.map((outcome) => [of("a", outcome)]),
    ).head;
  expect(worst("passed", "failed", "skipped")).toBe("failed");
  expect(worst("skipped", "passed")).toBe("skipped");
  expect(only([[of("a", "passed")]], [[of("a", "passed")], []])).toMatchObject({ kind: "removed", head: null });
});

test("cases of one name are counted, the best with the best, and root and suite tell cases apart", () => {
  const base = [[of("a", "failed"), of("a", "passed"), of("a", "passed")]];
  const { kinds } = compareTests(base, [[of("a", "passed"), of("a", "failed")]]);
  expect([kinds.pass_to_pass, kinds.pass_to_fail, kinds.removed].map(({ length }) => length)).toEqual([1, 1, 1]);
  const apart = [of("b", "passed", { root: "x" }), of("b", "passed", { root: "y" }), of("b", "passed", { suite: "t" })];
  expect(compareTests([apart], [apart.slice(1)]).kinds.removed).toMatchObject([{ root: "x", name: "b" }]);
});

const someCase = fc.record({
  suite: fc.constantFrom("s", "t", "__proto__"),
  name: fc.constantFrom("a", "b", "c", "constructor"),
  outcome: fc.constantFrom(...CaseOutcome.options),
});
const someRun = fc.array(someCase, { maxLength: 12 });

test("every case of either side is of one kind, and a change of nothing is never worse", () => {
  fc.assert(
    fc.property(someRun, someRun, (base, head) => {
      const { kinds } = compareTests([base], [head]);
      const all = Object.values(kinds).flat();
      expect(all.filter((change) => change.base[0] !== null)).toHaveLength(base.length);
      expect(all.filter((change) => change.head !== null)).toHaveLength(head.length);
      const same = compareTests([base], [[...base].reverse()]);
      expect(Object.values(same.kinds).flat().filter(isWorse)).toEqual([]);
      expect(same.flaky).toEqual([]);
    }),
  );
});

test("a list in short gives the same cases again", () => {
  const inOrder = (cases: readonly ComparedCase[]) => cases.map((each) => JSON.stringify(each)).sort();
  fc.assert(
    fc.property(someRun, (cases) => {
      expect(inOrder(casesIn(listCases(cases)).map(({ suite, name, outcome }) => ({ suite, name, outcome })))).toEqual(
        inOrder(cases),
      );
    }),
  );
});
