import { lastReset } from "../flow/next-move.ts";
import { treeAtBase } from "../flow/run-state.ts";
import { isSameProject, labelOf, type ProjectLabel, projectsIn } from "../schema/checked-project.ts";
import { type ComparedCase, casesIn, compareTests, isWorse } from "../schema/compare-tests.ts";
import { recordComparison } from "../schema/record-comparison.ts";
import type { CaseList, CheckResult, TestComparison } from "../schema/test-report.ts";
import type { Workbench } from "../schema/workspace-port.ts";
import { baseTestsTool, runBaseTestsDurably } from "../tools/check-tools.ts";
import type { DurableToolOptions } from "../tools/durable-tool.ts";
import type { RunContext } from "./run-context.ts";

/** How often the tests of the base are run in one round of a run. */
const baseRunsMax = 2;

/** What a check on record showed. */
export interface CheckOnRecord {
  readonly stepId: string;
  readonly check: CheckResult;
  /** All cases of its report, where they are on record. */
  readonly cases: CaseList | undefined;
}

type Journaled = Pick<RunContext, "journal">;

/** What checks showed of a tree. A person who grants another round lets them begin anew: the fault may have lain outside of the files. */
export function checksOn(run: Journaled, tree: string): readonly CheckOnRecord[] {
  return checksIn(run, ({ tool, tree: after }) => tool !== baseTestsTool && after === tree);
}

function checksIn(
  { journal }: Journaled,
  isWanted: (call: { readonly tool: string; readonly tree: string | null }) => boolean,
): readonly CheckOnRecord[] {
  const since = lastReset(journal.state);
  return journal.lease.events.flatMap((event) => {
    if (event.event !== "tool_finished" || event.seq <= since) return [];
    const { check, cases, more_checks: more = [], step_id: stepId } = event.payload;
    if (check === null || !isWanted(event.payload)) return [];
    return [{ stepId, check, cases }, ...more.map((each) => ({ stepId, check: each.check, cases: each.cases }))];
  });
}

/**
 * What the tests of a tree say beside those of the base, project by project. The base's tests are run once in a run, after those of the first
 * change; a second time where something speaks against a change, or still fails, so that what is flaky on the base is known. A project of
 * which a run of the change's tests left no list of its cases is not compared. Null where none is.
 */
export async function compareWithBase(
  run: Journaled & { readonly bench: Workbench; readonly durable: DurableToolOptions },
  tree: string,
): Promise<TestComparison | null> {
  const heads = byProject(checksOn(run, tree).filter(({ check }) => check.goal === "test")).filter(isListed);
  if (heads.length === 0) return null;
  const baseTree = treeAtBase(run.journal.state);
  let bases = runsOfBase(run);
  for (let nth = 1; nth <= baseRunsMax; nth += 1) {
    const done = mostRuns(bases);
    if (done >= nth) continue;
    if (!heads.some((head) => isInDoubt(runsOf(bases, head.label), head))) break;
    await runBaseTestsDurably(run.bench, baseTree, nth, run.durable);
    bases = runsOfBase(run);
    if (mostRuns(bases) === done) throw new TypeError("a run of the base's tests left no result on record");
  }
  return recordComparison(
    baseTree,
    heads.map((head) => {
      const { checks } = runsOf(bases, head.label);
      return {
        label: labelOf(head.label),
        runs: checks.map(({ check }) => check),
        bases: listsIn(checks),
        heads: listsIn(head.checks),
      };
    }),
  );
}

/** The runs of the tests of one project. */
interface ProjectRuns {
  readonly label: ProjectLabel;
  readonly checks: readonly CheckOnRecord[];
}

function byProject(checks: readonly CheckOnRecord[]): readonly ProjectRuns[] {
  return projectsIn(checks.map(({ check }) => check)).map((label) => ({
    label,
    checks: checks.filter(({ check }) => isSameProject(check, label)),
  }));
}

function runsOf(all: readonly ProjectRuns[], label: ProjectLabel): ProjectRuns {
  return all.find((each) => isSameProject(each.label, label)) ?? { label, checks: [] };
}

function isListed({ checks }: ProjectRuns): boolean {
  return checks.every(({ cases }) => cases !== undefined);
}

/** Each run of the base's tests is of all projects. */
function mostRuns(bases: readonly ProjectRuns[]): number {
  return Math.max(0, ...bases.map(({ checks }) => checks.length));
}

function runsOfBase(run: Journaled): readonly ProjectRuns[] {
  return byProject(checksIn(run, ({ tool }) => tool === baseTestsTool));
}

function listsIn(checks: readonly CheckOnRecord[]): readonly ComparedCase[][] {
  return checks.flatMap(({ cases }) => (cases === undefined ? [] : [casesIn(cases)]));
}

/** True where another run of the base could show that a change is not to blame, or that what failed before does not fail each time. */
function isInDoubt(base: ProjectRuns, head: ProjectRuns): boolean {
  const lists = listsIn(base.checks);
  if (lists.length === 0) return true;
  const { kinds } = compareTests(lists, listsIn(head.checks));
  return kinds.fail_to_fail.length > 0 || Object.values(kinds).flat().some(isWorse);
}
