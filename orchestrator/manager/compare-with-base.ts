import { lastReset } from "../flow/next-move.ts";
import { treeAtBase } from "../flow/run-state.ts";
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
    const { check, cases, step_id: stepId } = event.payload;
    return check === null || !isWanted(event.payload) ? [] : [{ stepId, check, cases }];
  });
}

/**
 * What the tests of a tree say beside those of the base. The base's tests are run once in a run, after those of the first change; a second
 * time where something speaks against a change, or still fails, so that what is flaky on the base is known. Null where a run of the
 * change's tests left no list of its cases: then there is nothing to compare.
 */
export async function compareWithBase(
  run: Journaled & { readonly bench: Workbench; readonly durable: DurableToolOptions },
  tree: string,
): Promise<TestComparison | null> {
  const tests = checksOn(run, tree).filter(({ check }) => check.goal === "test");
  const heads = listsIn(tests);
  if (heads.length === 0 || heads.length < tests.length) return null;
  const baseTree = treeAtBase(run.journal.state);
  let bases = runsOfBase(run);
  while (bases.length < baseRunsMax && isInDoubt(bases, heads)) {
    await runBaseTestsDurably(run.bench, baseTree, bases.length + 1, run.durable);
    const more = runsOfBase(run);
    if (more.length === bases.length) throw new TypeError("a run of the base's tests left no result on record");
    bases = more;
  }
  const runs = bases.map(({ check }) => check);
  return recordComparison({ baseTree, runs, bases: listsIn(bases), heads });
}

function runsOfBase(run: Journaled): readonly CheckOnRecord[] {
  return checksIn(run, ({ tool }) => tool === baseTestsTool);
}

function listsIn(checks: readonly CheckOnRecord[]): readonly ComparedCase[][] {
  return checks.flatMap(({ cases }) => (cases === undefined ? [] : [casesIn(cases)]));
}

/** True where another run of the base could show that a change is not to blame, or that what failed before does not fail each time. */
function isInDoubt(bases: readonly CheckOnRecord[], heads: readonly ComparedCase[][]): boolean {
  const lists = listsIn(bases);
  if (lists.length === 0) return true;
  const { kinds } = compareTests(lists, heads);
  return kinds.fail_to_fail.length > 0 || Object.values(kinds).flat().some(isWorse);
}
