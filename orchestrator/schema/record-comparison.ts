import { type ComparedCase, compareTests, isFlaky, isWorse } from "./compare-tests.ts";
import { CaseChangeKind, type CheckResult, type TestComparison } from "./test-report.ts";

/** Cases that a record holds. */
const casesMax = 1000;

/** Runs of the tests of a base and of a change. */
export interface ComparedRuns {
  readonly baseTree: string;
  /** Each run of the base's tests, also those that left no list. */
  readonly runs: readonly CheckResult[];
  readonly bases: readonly (readonly ComparedCase[])[];
  readonly heads: readonly (readonly ComparedCase[])[];
}

/** What is told of a comparison as a document: the numbers of all, and the cases that say something, those that count against the change first. */
export function recordComparison({ baseTree, runs, bases, heads }: ComparedRuns): TestComparison {
  const base = runs.map(({ status, exit_code, report, counts, reason }) => {
    return { status, exit_code, report, counts, reason };
  });
  if (bases.length === 0) return { base_tree: baseTree, base, counts: null, cases: [], worse_left_out: 0 };
  const { kinds, flaky } = compareTests(bases, heads);
  const told = CaseChangeKind.options.flatMap((kind) =>
    kinds[kind].filter((change) => !silent.includes(kind) || isFlaky(change) || isWorse(change)),
  );
  const worse = told.filter(isWorse);
  const rest = told.filter((change) => !isWorse(change));
  return {
    base_tree: baseTree,
    base,
    counts: {
      pass_to_fail: kinds.pass_to_fail.length,
      removed: kinds.removed.length,
      skipped_now: kinds.skipped_now.length,
      new: kinds.new.length,
      fail_to_fail: kinds.fail_to_fail.length,
      fail_to_pass: kinds.fail_to_pass.length,
      still_skipped: kinds.still_skipped.length,
      pass_to_pass: kinds.pass_to_pass.length,
      flaky: flaky.length,
    },
    cases: [...worse, ...rest].slice(0, casesMax),
    worse_left_out: Math.max(0, worse.length - casesMax),
  };
}

/** Most cases are of these kinds, and their number says all. */
const silent: readonly CaseChangeKind[] = ["pass_to_pass", "still_skipped", "new"];
