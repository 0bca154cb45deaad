import type { Clock } from "../io/clock.ts";
import { newId, randomHex } from "../io/ids.ts";
import type { CommitComparison, ComparedSide, ComparisonRequest } from "../schema/adapter-bench.ts";
import { type ComparedCase, compareTests, isWorse } from "../schema/compare-tests.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Policy } from "../schema/policy.ts";
import { recordComparison } from "../schema/record-comparison.ts";
import type { CheckResult, TestComparison } from "../schema/test-report.ts";
import type { Workbench, WorkbenchSource } from "../schema/workspace-port.ts";
import { inspectRepository } from "../workspace/inspect-repository.ts";

/** What commits are compared with. */
export interface ComparisonParts {
  readonly benches: WorkbenchSource;
  readonly clock: Clock;
  /** What holds for the code of a commit. */
  readonly policyAt: (root: string, commit: string) => Promise<Policy>;
}

/** Compares the tests of two commits, as `AdapterBench.compare` says. */
export async function compareCommits(parts: ComparisonParts, request: ComparisonRequest): Promise<CommitComparison> {
  const head = await withBench(parts, request, request.head, (bench, commit) =>
    runTests(bench, commit, request, () => false),
  );
  const heads = head.lists;
  const base = await withBench(parts, request, request.base, (bench, commit) =>
    runTests(bench, commit, request, (lists) => isInDoubt(lists, heads)),
  );
  const comparison = recordComparison({ baseTree: base.side.tree, runs: base.side.runs, bases: base.lists, heads });
  return { base: base.side, head: head.side, comparison, ...verdictOf(head, base, comparison) };
}

/** True where another run of the base could show that the change is not to blame. */
function isInDoubt(bases: Lists, heads: Lists): boolean {
  return heads.length > 0 && Object.values(compareTests(bases, heads).kinds).flat().some(isWorse);
}

type Lists = readonly (readonly ComparedCase[])[];

interface TestedCommit {
  readonly side: ComparedSide;
  /** The cases of each run that left a list. */
  readonly lists: Lists;
}

async function withBench<T>(
  { benches, clock, policyAt }: ComparisonParts,
  { folder, signal }: ComparisonRequest,
  ref: string,
  work: (bench: Workbench, commit: string) => Promise<T>,
): Promise<T> {
  const repository = await inspectRepository(folder, ref);
  const runId = newId(clock);
  try {
    const policy = await policyAt(repository.root, repository.base_commit);
    const bench = await benches.open({ runId, repository, policy, tree: null, signal });
    return await work(bench, repository.base_commit);
  } finally {
    await benches.discard(runId);
  }
}

async function runTests(
  { check, prepared }: Workbench,
  commit: string,
  { signal, onStart }: ComparisonRequest,
  again: (lists: Lists) => boolean,
): Promise<TestedCommit> {
  if (!prepared.goals.includes("test"))
    throw new OrchestratorError(
      "usage",
      `${commit.slice(0, 12)} has no tests that an adapter knows; see adapters detect`,
    );
  const runs: CheckResult[] = [];
  const lists: (readonly ComparedCase[])[] = [];
  do {
    onStart?.(`the tests of ${commit.slice(0, 12)}`);
    const { cases, ...result } = await check("test", { signal, lineage: randomHex(16) });
    if (signal.aborted) throw new OrchestratorError("aborted", "the comparison was stopped");
    runs.push(result);
    if (cases !== undefined) lists.push(cases);
  } while (runs.length < 2 && again(lists));
  return { side: { commit, tree: prepared.tree, runs }, lists };
}

function verdictOf(
  head: TestedCommit,
  base: TestedCommit,
  { cases, worse_left_out }: TestComparison,
): Pick<CommitComparison, "verdict" | "reason"> {
  for (const [name, { lists, side }] of [
    ["head", head],
    ["base", base],
  ] as const)
    if (lists.length === 0)
      return {
        verdict: "unclear",
        reason: `the ${name} left no list of its tests: ${side.runs.at(-1)?.reason ?? "none ran"}`,
      };
  const worse = cases.filter(isWorse).length + worse_left_out;
  if (worse > 0)
    return {
      verdict: "worse",
      reason: `${worse} ${worse === 1 ? "test" : "tests"} passed before and no longer, or failed from the start`,
    };
  const failure = head.side.runs.find(({ status }) => status !== "exited");
  if (failure !== undefined) return { verdict: "worse", reason: failure.reason };
  return { verdict: "no_worse", reason: "no test that passed on the base fails, is gone or is switched off" };
}
