import { parsePatch } from "diff";
import { type ComparedCase, compareTests, isWorse } from "../../orchestrator/schema/compare-tests.ts";
import type { Target } from "../schema/sample.ts";
import { type Scorer, type Subject, verdict } from "../scorer.ts";
import { applyUnifiedDiff, replaceText } from "../solvers/known-good-solver.ts";
import { runGoal } from "./run-goal.ts";

/**
 * Every test that `fail_to_pass` or `pass_to_pass` names is there and passes; one that is skipped, removed or found nowhere does not.
 * Without `pass_to_pass`, the tests of the state before are run too, and none may be worse than there. The test patch of the target is laid
 * over both, so that a solver cannot write its own verdict into those files.
 */
export const testsPass: Scorer = {
  id: "tests-pass",
  version: "1",
  kind: "verdict",
  score: async (subject) => {
    const { target } = subject.sample;
    const after = await subject.inCopy((root) => casesOf(subject, root));
    if (typeof after === "string") return verdict(false, after);
    const named = [...(target.fail_to_pass ?? []), ...(target.pass_to_pass ?? [])];
    const missed = named.find((name) => !isPassed(name, after));
    if (missed !== undefined) return verdict(false, `${missed} did not pass`);
    if (!after.some(({ outcome }) => outcome === "passed")) return verdict(false, "no test passed");
    return target.pass_to_pass === undefined ? compareWithBase(subject, after) : passedAll(named);
  },
};

function passedAll(named: readonly string[]) {
  return verdict(named.length > 0, `${named.length} named tests passed`);
}

async function compareWithBase(subject: Subject, after: readonly ComparedCase[]) {
  const before = await subject.inBase((root) => casesOf(subject, root));
  if (typeof before === "string") return verdict(false, `before the change: ${before}`);
  const { kinds } = compareTests([before], [after]);
  const worse = Object.values(kinds).flat().filter(isWorse);
  const reason =
    worse.length === 0 ? "no test is worse than before" : `worse: ${worse.map(({ name }) => name).join(", ")}`;
  return verdict(worse.length === 0, reason);
}

/** Every test below a folder; in words why none can be told. */
async function casesOf(subject: Subject, root: string): Promise<readonly ComparedCase[] | string> {
  await layTests(subject, root, subject.sample.target);
  const runs = await runGoal(subject, root, "test");
  if (typeof runs === "string") return runs;
  const unread = runs.find(({ status, result }) => status !== "exited" || result?.report == null);
  if (unread !== undefined) return unread.reason;
  return runs.flatMap(({ cases, root: project }) => cases.map((each) => ({ ...each, root: project })));
}

async function layTests({ before }: Subject, root: string, { test_patch: patch }: Target): Promise<void> {
  if (patch === undefined) return;
  for (const { oldFileName = "", newFileName = "" } of parsePatch(patch)) {
    for (const path of new Set([oldFileName, newFileName].filter((name) => name !== "/dev/null"))) {
      const inside = path.replace(/^[ab]\//, "");
      await replaceText(root, inside, await before(inside));
    }
  }
  await applyUnifiedDiff(root, patch);
}

/** A test goes by its name alone, with its suite (`suite > name`) or with its file (`file::name`); every one that is meant must pass. */
function isPassed(wanted: string, cases: readonly ComparedCase[]): boolean {
  const meant = cases.filter(({ suite, name, file }) =>
    [name, `${suite} > ${name}`, `${suite}::${name}`, `${file}::${name}`].includes(wanted),
  );
  return meant.length > 0 && meant.every(({ outcome }) => outcome === "passed");
}
