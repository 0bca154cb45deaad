import type { Clock } from "../io/clock.ts";
import { newId, randomHex } from "../io/ids.ts";
import type { CommitComparison, ComparedSide, ComparisonRequest } from "../schema/adapter-bench.ts";
import type { CheckReading } from "../schema/adapter-port.ts";
import { isSameProject, labelAmong, type PlacedProject } from "../schema/checked-project.ts";
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
  const base = await withBench(parts, request, request.base, (bench, commit) =>
    runTests(bench, commit, request, (projects) => pair(projects, head.projects).some(isInDoubt)),
  );
  const pairs = pair(base.projects, head.projects);
  const comparison = recordComparison(
    base.side.tree,
    pairs.map((each) => ({
      ...each,
      label: labelAmong(
        each.place,
        pairs.map(({ place }) => place),
      ),
    })),
  );
  return { base: base.side, head: head.side, comparison, ...verdictOf(pairs, head, comparison) };
}

/** The runs of one project on both sides. */
interface Pair {
  readonly place: PlacedProject;
  /** Each run of the base's tests. */
  readonly runs: readonly CheckResult[];
  readonly bases: Lists;
  readonly heads: Lists;
}

/** A project that one side does not have has no tests there, and that is known. */
function pair(bases: readonly TestedProject[], heads: readonly TestedProject[]): readonly Pair[] {
  const isSame = (one: TestedProject, other: TestedProject) =>
    one.place.root === other.place.root && one.place.adapter === other.place.adapter;
  const kept = bases.map((base): Pair => {
    const head = heads.find((each) => isSame(each, base));
    return { place: base.place, runs: base.runs, bases: base.lists, heads: head === undefined ? [[]] : head.lists };
  });
  const added = heads.filter((head) => !bases.some((base) => isSame(base, head)));
  return [...kept, ...added.map(({ place, lists }): Pair => ({ place, runs: [], bases: [[]], heads: lists }))];
}

/** True where another run of the base could show that the change is not to blame. */
function isInDoubt({ bases, heads }: Pair): boolean {
  return heads.length > 0 && Object.values(compareTests(bases, heads).kinds).flat().some(isWorse);
}

type Lists = readonly (readonly ComparedCase[])[];

/** The tests of one project of a commit. */
interface TestedProject {
  readonly place: PlacedProject;
  readonly runs: readonly CheckResult[];
  /** The cases of each run that left a list. */
  readonly lists: Lists;
}

interface TestedCommit {
  readonly side: ComparedSide;
  readonly projects: readonly TestedProject[];
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
  again: (projects: readonly TestedProject[]) => boolean,
): Promise<TestedCommit> {
  if (!prepared.goals.includes("test"))
    throw new OrchestratorError(
      "usage",
      `${commit.slice(0, 12)} has no tests that an adapter knows; see adapters detect`,
    );
  const readings: CheckReading[] = [];
  let projects: readonly TestedProject[] = [];
  let count = 0;
  do {
    onStart?.(`the tests of ${commit.slice(0, 12)}`);
    readings.push(...(await check("test", { signal, lineage: randomHex(16) })));
    if (signal.aborted) throw new OrchestratorError("aborted", "the comparison was stopped");
    projects = testedProjects(prepared, readings);
    count += 1;
  } while (count < 2 && again(projects));
  return { side: { commit, tree: prepared.tree, runs: projects.flatMap(({ runs }) => runs) }, projects };
}

function testedProjects(
  { projects = [] }: Workbench["prepared"],
  readings: readonly CheckReading[],
): readonly TestedProject[] {
  return projects
    .filter(({ goals }) => goals.includes("test"))
    .map((place) => {
      const own = readings.filter((reading) => isSameProject(reading, labelAmong(place, projects)));
      return {
        place: { root: place.root, adapter: place.adapter },
        runs: own.map(({ cases: _cases, ...result }) => result),
        lists: own.flatMap(({ cases }) => (cases === undefined ? [] : [cases])),
      };
    });
}

function verdictOf(
  pairs: readonly Pair[],
  head: TestedCommit,
  { cases, worse_left_out }: TestComparison,
): Pick<CommitComparison, "verdict" | "reason"> {
  for (const { place, bases, heads, runs } of pairs) {
    const of = place.root === "." ? "" : ` of ${place.root}`;
    const own = head.projects.find((each) => each.place.root === place.root && each.place.adapter === place.adapter);
    for (const [name, lists, last] of [
      ["head", heads, own?.runs.at(-1)],
      ["base", bases, runs.at(-1)],
    ] as const)
      if (lists.length === 0)
        return {
          verdict: "unclear",
          reason: `the ${name} left no list of its tests${of}: ${last?.reason ?? "none ran"}`,
        };
  }
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
