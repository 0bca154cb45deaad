import { isSameProject } from "./checked-project.ts";
import { type ComparedCase, compareTests, isFlaky, isWorse } from "./compare-tests.ts";
import {
  type CaseChange,
  CaseChangeKind,
  type CheckResult,
  type ComparisonCounts,
  type TestComparison,
} from "./test-report.ts";

/** Cases that a record holds. */
const casesMax = 1000;

/** Runs of the tests of one project of a base and of a change. */
export interface ComparedRuns {
  /** What stands on the results of the project. */
  readonly label: Pick<CaseChange, "root" | "adapter">;
  /** Each run of the base's tests, also those that left no list. */
  readonly runs: readonly CheckResult[];
  readonly bases: readonly (readonly ComparedCase[])[];
  readonly heads: readonly (readonly ComparedCase[])[];
}

/**
 * What is told of a comparison as a document: the numbers of all, and the cases that say something, those that count against the change first.
 * The cases of a project are compared with its own alone, whatever those of another are called.
 */
export function recordComparison(baseTree: string, projects: readonly ComparedRuns[]): TestComparison {
  const compared = projects.map(compareProject);
  const told = compared.flatMap(({ cases }) => cases);
  const ordered = CaseChangeKind.options.flatMap((wanted) => told.filter(({ kind }) => kind === wanted));
  const worse = ordered.filter(isWorse);
  const rest = ordered.filter((change) => !isWorse(change));
  const counted = compared.flatMap(({ counts }) => counts ?? []);
  return {
    base_tree: baseTree,
    base: projects.flatMap(({ label, runs }) =>
      runs.map(({ status, exit_code, report, counts, reason }) => {
        return { ...label, status, exit_code, report, counts, reason };
      }),
    ),
    counts: counted.length === 0 ? null : counted.reduce(sumOf),
    ...(projects.every(({ label }) => isSameProject(label, {}))
      ? {}
      : { projects: compared.map(({ label, counts }) => ({ ...label, counts })) }),
    cases: [...worse, ...rest].slice(0, casesMax),
    worse_left_out: Math.max(0, worse.length - casesMax),
  };
}

interface ComparedProject {
  readonly label: ComparedRuns["label"];
  readonly counts: ComparisonCounts | null;
  readonly cases: readonly CaseChange[];
}

function compareProject({ label, bases, heads }: ComparedRuns): ComparedProject {
  if (bases.length === 0) return { label, counts: null, cases: [] };
  const { kinds, flaky } = compareTests(bases, heads);
  const told = CaseChangeKind.options.flatMap((kind) =>
    kinds[kind].filter((change) => !silent.includes(kind) || isFlaky(change) || isWorse(change)),
  );
  const counts = {
    pass_to_fail: kinds.pass_to_fail.length,
    removed: kinds.removed.length,
    skipped_now: kinds.skipped_now.length,
    new: kinds.new.length,
    fail_to_fail: kinds.fail_to_fail.length,
    fail_to_pass: kinds.fail_to_pass.length,
    still_skipped: kinds.still_skipped.length,
    pass_to_pass: kinds.pass_to_pass.length,
    flaky: flaky.length,
  };
  return { label, counts, cases: told.map(({ kind, ...change }) => ({ kind, ...label, ...change })) };
}

function sumOf(one: ComparisonCounts, other: ComparisonCounts): ComparisonCounts {
  return {
    pass_to_fail: one.pass_to_fail + other.pass_to_fail,
    removed: one.removed + other.removed,
    skipped_now: one.skipped_now + other.skipped_now,
    new: one.new + other.new,
    fail_to_fail: one.fail_to_fail + other.fail_to_fail,
    fail_to_pass: one.fail_to_pass + other.fail_to_pass,
    still_skipped: one.still_skipped + other.still_skipped,
    pass_to_pass: one.pass_to_pass + other.pass_to_pass,
    flaky: one.flaky + other.flaky,
  };
}

/** Most cases are of these kinds, and their number says all. */
const silent: readonly CaseChangeKind[] = ["pass_to_pass", "still_skipped", "new"];
