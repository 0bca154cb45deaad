import { isFailing } from "./test-case.ts";
import type { CaseChange, CaseChangeKind, CaseList, CaseOutcome, TestCase } from "./test-report.ts";

/** A case as far as a comparison looks at it. `root` is the project that it is of, where there are several. */
export type ComparedCase = Pick<TestCase, "suite" | "name" | "outcome" | "file"> & { readonly root?: string };

/** What the tests of a change say beside those of its base: each case once, and those that the runs of the base disagree about. */
export interface CaseComparison {
  readonly kinds: Readonly<Record<CaseChangeKind, readonly CaseChange[]>>;
  /** Those of them about which the runs of the base disagree. */
  readonly flaky: readonly CaseChange[];
}

/** What an outcome comes down to, from the strongest: it shows that something works, or is expected not to, ..., or is not there. */
const classes = ["passed", "expected", "failing", "idle", "gone"] as const;
type OutcomeClass = (typeof classes)[number];

/** From the most to the least that speaks against a change. */
const worst: readonly OutcomeClass[] = ["failing", "gone", "idle", "expected", "passed"];

/**
 * Compares all cases of each run of the base's tests with all of each run of the change's. A case is the same where root, suite and name
 * are; of several alike, the best is compared with the best. Where runs disagree, the base counts as its best and the change as its
 * worst run. A base without a run makes every case new.
 */
export function compareTests(
  base: readonly (readonly ComparedCase[])[],
  head: readonly (readonly ComparedCase[])[],
): CaseComparison {
  const [bases, heads] = [base.map(indexCases), head.map(indexCases)];
  const kinds: Record<CaseChangeKind, CaseChange[]> = {
    ...{ pass_to_fail: [], removed: [], skipped_now: [], new: [], fail_to_fail: [] },
    ...{ fail_to_pass: [], still_skipped: [], pass_to_pass: [] },
  };
  const flaky: CaseChange[] = [];
  for (const [key, found] of new Map([...bases, ...heads].flatMap((index) => [...index]))) {
    const change = changeOf(
      found,
      bases.map((index) => index.get(key)?.outcome ?? null),
      heads.map((index) => index.get(key)?.outcome ?? null),
    );
    kinds[change.kind].push(change);
    if (isFlaky(change)) flaky.push(change);
  }
  return { kinds, flaky };
}

/** Cases by what names them; the second of two alike, in the order of their strength, has a key of its own. */
function indexCases(cases: readonly ComparedCase[]): ReadonlyMap<string, ComparedCase> {
  const alike = new Map<string, ComparedCase[]>();
  for (const each of cases) {
    const key = JSON.stringify([each.root ?? ".", each.suite, each.name]);
    const found = alike.get(key);
    if (found === undefined) alike.set(key, [each]);
    else found.push(each);
  }
  const index = new Map<string, ComparedCase>();
  for (const [key, found] of alike) {
    if (found.length > 1) found.sort((left, right) => strengthOf(left.outcome) - strengthOf(right.outcome));
    for (const [at, each] of found.entries()) index.set(at === 0 ? key : `${key}${at}`, each);
  }
  return index;
}

function classOf(outcome: CaseOutcome | null): OutcomeClass {
  if (outcome === null) return "gone";
  if (outcome === "passed") return "passed";
  if (outcome === "xfail") return "expected";
  return isFailing(outcome) ? "failing" : "idle";
}

function strengthOf(outcome: CaseOutcome | null): number {
  return classes.indexOf(classOf(outcome));
}

function changeOf(
  { root, suite, name, file }: ComparedCase,
  base: (CaseOutcome | null)[],
  heads: readonly (CaseOutcome | null)[],
): CaseChange {
  const best = base.reduce((left, right) => (strengthOf(right) < strengthOf(left) ? right : left), null);
  const weight = (outcome: CaseOutcome | null) => worst.indexOf(classOf(outcome));
  const head = heads.reduce((left, right) => (weight(right) < weight(left) ? right : left), heads[0] ?? null);
  return {
    kind: kindOf(classOf(best), classOf(head)),
    ...(root === undefined ? {} : { root }),
    suite,
    name,
    ...(file === undefined ? {} : { file }),
    base,
    head,
  };
}

function kindOf(base: OutcomeClass, head: OutcomeClass): CaseChangeKind {
  if (base === "gone") return "new";
  if (head === "gone") return "removed";
  if (base === "idle") return head === "idle" ? "still_skipped" : "new";
  if (head === "idle" || (head === "expected" && base !== "expected")) return "skipped_now";
  if (base === "failing") return head === "failing" ? "fail_to_fail" : "fail_to_pass";
  return head === "failing" ? "pass_to_fail" : "pass_to_pass";
}

/** True where the runs of the base disagree about a case. */
export function isFlaky({ base }: CaseChange): boolean {
  return new Set(base.map(classOf)).size > 1;
}

/** True where a test is gone or switched off that ran on the base, and no run of the base shows it so. */
export function isLost(change: CaseChange): boolean {
  if (change.kind !== "removed" && change.kind !== "skipped_now") return false;
  return !isSeenOnBase(change) && change.base.some((outcome) => strengthOf(outcome) < strengthOf("skipped"));
}

/** True where a case speaks against the change: it fails and did not, or is lost. What a run of the base shows as well, the change did not do. */
export function isWorse(change: CaseChange): boolean {
  return isLost(change) || (isNowFailing(change) && !isSeenOnBase(change));
}

function isNowFailing({ kind, head }: CaseChange): boolean {
  return kind === "pass_to_fail" || (kind === "new" && classOf(head) === "failing");
}

function isSeenOnBase({ base, head }: CaseChange): boolean {
  return base.some((outcome) => classOf(outcome) === classOf(head));
}

/** The cases of a report in short. */
export function listCases(cases: readonly TestCase[]): CaseList {
  const suites = new Map<string, CaseList[number]>();
  for (const { suite, name, outcome, file } of cases) {
    const key = JSON.stringify([suite, file]);
    const found = suites.get(key) ?? { suite, ...(file === undefined ? {} : { file }), names: {} };
    suites.set(key, found);
    const names = found.names[outcome];
    if (names === undefined) found.names[outcome] = [name];
    else names.push(name);
  }
  return [...suites.values()];
}

/** The cases that a list names. */
export function casesIn(list: CaseList, root?: string): ComparedCase[] {
  return list.flatMap(({ suite, file, names }) =>
    outcomes(names).flatMap(([outcome, all]) =>
      all.map((name) => ({
        ...(root === undefined ? {} : { root }),
        suite,
        name,
        outcome,
        ...(file === undefined ? {} : { file }),
      })),
    ),
  );
}

function outcomes(names: CaseList[number]["names"]): readonly (readonly [CaseOutcome, readonly string[]])[] {
  const all: CaseOutcome[] = ["passed", "failed", "error", "skipped", "todo", "xfail", "timeout", "crashed"];
  return all.map((outcome) => [outcome, names[outcome] ?? []] as const);
}
