import { parsePatch } from "diff";
import { type ComparedCase, compareTests, isWorse } from "../../orchestrator/schema/compare-tests.ts";
import { isFailing } from "../../orchestrator/schema/test-case.ts";
import type { Score } from "../schema/evaluation-log.ts";
import type { Target } from "../schema/sample.ts";
import { type Scorer, type Subject, verdict } from "../scorer.ts";
import { applyUnifiedDiff, replaceText } from "../solvers/known-good-solver.ts";
import { runGoal } from "./run-goal.ts";

const flakyMax = 1_000;

/**
 * Every test that `fail_to_pass` or `pass_to_pass` names is there and passes; one that is skipped, removed or found nowhere does not.
 * Without `pass_to_pass`, the tests of the state before are run too, and none may be worse than there. The test patch of the target is laid
 * over both, so that a solver cannot write its own verdict into those files. Where something speaks against the solver, the state before is
 * run twice: a test that fails now, and about which those two disagree, is flaky and is named so, and speaks against nobody.
 */
export const testsPass: Scorer = {
  id: "tests-pass",
  version: "2",
  kind: "verdict",
  score: async (subject) => {
    const { target } = subject.sample;
    const after = await subject.inCopy((root) => casesOf(subject, root));
    if (typeof after === "string") return verdict(false, after);
    const missed = (target.fail_to_pass ?? []).find((name) => !isPassed(name, after));
    if (missed !== undefined) return verdict(false, `${missed} did not pass`);
    if (!after.some(({ outcome }) => outcome === "passed")) return verdict(false, "no test passed");
    if (target.pass_to_pass === undefined) return compareWithBase(subject, after);
    return scoreNamed(subject, target.pass_to_pass, after);
  },
};

type Cases = readonly ComparedCase[];

async function scoreNamed(subject: Subject, kept: readonly string[], after: Cases): Promise<Score> {
  const count = kept.length + (subject.sample.target.fail_to_pass ?? []).length;
  const missed = kept.filter((name) => !isPassed(name, after));
  if (missed.length === 0) return verdict(count > 0, `${count} named tests passed`);
  const bases = await runBases(subject, 2);
  if (typeof bases === "string") return verdict(false, `${missed[0]} did not pass; before the change: ${bases}`);
  const flaky = missed.filter((name) => isExcused(name, after, bases));
  const broken = missed.find((name) => !flaky.includes(name));
  const reason =
    broken === undefined ? `all named tests passed but ${flaky.length} flaky ones` : `${broken} did not pass`;
  return withFlaky(verdict(broken === undefined && flaky.length < count, reason), flaky);
}

/** A test that fails, and passed in one run of the state before and not in the other. One that is gone or switched off has no excuse. */
function isExcused(name: string, after: Cases, bases: readonly Cases[]): boolean {
  const found = casesMeant(name, after).filter(({ outcome }) => outcome !== "passed");
  const isRed = found.length > 0 && found.every(({ outcome }) => isFailing(outcome));
  return isRed && new Set(bases.map((cases) => isPassed(name, cases))).size > 1;
}

async function compareWithBase(subject: Subject, after: Cases): Promise<Score> {
  const once = await runBases(subject, 1);
  if (typeof once === "string") return verdict(false, `before the change: ${once}`);
  const isGood = worseThan(once, after).length === 0;
  const again = isGood ? [] : await runBases(subject, 1);
  if (typeof again === "string") return verdict(false, `before the change: ${again}`);
  const bases = [...once, ...again];
  const worse = worseThan(bases, after);
  const flaky = compareTests(bases, [after]).flaky.map(({ name }) => name);
  const reason = worse.length === 0 ? "no test is worse than before" : `worse: ${worse.join(", ")}`;
  return withFlaky(verdict(worse.length === 0, reason), flaky);
}

function worseThan(bases: readonly Cases[], after: Cases): readonly string[] {
  const { kinds } = compareTests(bases, [after]);
  return Object.values(kinds)
    .flat()
    .filter(isWorse)
    .map(({ name }) => name);
}

function withFlaky(score: Score, flaky: readonly string[]): Score {
  return flaky.length === 0 ? score : { ...score, flaky: flaky.slice(0, flakyMax) };
}

/** The tests of the state before, each run in a copy of its own; in words why none can be told. */
async function runBases(subject: Subject, times: number): Promise<readonly Cases[] | string> {
  const runs: Cases[] = [];
  while (runs.length < times) {
    const cases = await subject.inBase((root) => casesOf(subject, root));
    if (typeof cases === "string") return cases;
    runs.push(cases);
  }
  return runs;
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

/** A test goes by its name alone, with its suite (`suite > name`) or with its file (`file::name`). */
function casesMeant(wanted: string, cases: Cases): Cases {
  return cases.filter(({ suite, name, file }) =>
    [name, `${suite} > ${name}`, `${suite}::${name}`, `${file}::${name}`].includes(wanted),
  );
}

/** Every one that is meant must pass. */
function isPassed(wanted: string, cases: Cases): boolean {
  const meant = casesMeant(wanted, cases);
  return meant.length > 0 && meant.every(({ outcome }) => outcome === "passed");
}
