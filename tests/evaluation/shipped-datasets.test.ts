import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type ShippedName, shippedDatasets } from "../../evaluation/datasets/shipped-datasets.ts";
import {
  type Dataset,
  filesContain,
  idempotence,
  knownGoodSolver,
  noOpSolver,
  openMachine,
  runEvaluation,
} from "../../evaluation/index.ts";
import type { EvaluationLog } from "../../evaluation/schema/evaluation-log.ts";
import type { Scorer } from "../../evaluation/scorer.ts";
import { outcomeRead } from "../../evaluation/scorers/outcome-read.ts";
import { scopeKept } from "../../evaluation/scorers/scope-kept.ts";
import { testsPass } from "../../evaluation/scorers/tests-pass.ts";
import type { Solver } from "../../evaluation/solver.ts";
import { createCodemodSolver } from "../../evaluation/solvers/codemod-solver.ts";
import { createKnownBadSolver } from "../../evaluation/solvers/known-bad-solver.ts";

const folder = mkdtempSync(join(tmpdir(), "shipped-datasets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
let evaluations = 0;

/** Without EVAL_WHOLE=1, what must not pass is tried on two samples, one of each half, and what a second solver shows is left out. */
const isWhole = process.env["EVAL_WHOLE"] === "1";

async function evaluate(name: ShippedName, solver: Solver, scorers: readonly Scorer[]): Promise<EvaluationLog> {
  return evaluateOn(await shippedDatasets()[name](), solver, scorers);
}

async function evaluateFew(name: ShippedName, solver: Solver, scorers: readonly Scorer[]): Promise<EvaluationLog> {
  const dataset = await shippedDatasets()[name]();
  const few = [0, dataset.samples.length - 1];
  const samples = dataset.samples.filter((_, index) => isWhole || few.includes(index));
  return evaluateOn({ ...dataset, samples }, solver, scorers);
}

async function evaluateOn(dataset: Dataset, solver: Solver, scorers: readonly Scorer[]): Promise<EvaluationLog> {
  evaluations += 1;
  return runEvaluation({
    ...{ dataset, solver, scorers, machine: await openMachine(process.env) },
    ...{ folder: join(folder, String(evaluations)), signal: new AbortController().signal, concurrency: 2 },
  });
}

/** What a log says of each sample that was tried and ended otherwise than it should. */
function surprises({ results }: EvaluationLog, shouldPass: boolean): readonly unknown[] {
  return results.filter(({ status, passed }) => status !== "not_tried" && passed !== shouldPass);
}

/** Says of what was not tried why, so that a machine without the tools does not look as if it had tried all. */
function sayWhatIsMissing({ results }: EvaluationLog): void {
  for (const result of results) if (result.status === "not_tried") console.warn(`${result.sample}: ${result.reason}`);
}

const fixScorers = [testsPass, scopeKept];
const refactorScorers = [testsPass, filesContain, scopeKept];

test("each pattern has a text that it changes and one that it leaves", async () => {
  const { samples } = await shippedDatasets().patterns();
  const patterns = [...new Set(samples.map(({ pattern }) => pattern))];
  const lacking = patterns.filter((pattern) => {
    const tags = samples.filter((sample) => sample.pattern === pattern).flatMap((sample) => sample.tags);
    return !tags.includes("positive") || !tags.includes("negative");
  });
  expect(lacking).toEqual([]);
});

test("there are more than sixty samples, each with an id of its own", async () => {
  const datasets = await Promise.all(Object.values(shippedDatasets()).map((read) => read()));
  expect(datasets.flatMap(({ samples }) => samples).length).toBeGreaterThan(60);
});

test("every adapter says of the tests of its stack what is true, whatever became of them", async () => {
  const log = await evaluate("adapters", noOpSolver, [outcomeRead]);
  sayWhatIsMissing(log);
  expect(surprises(log, true)).toEqual([]);
  expect(log.results.filter(({ sample }) => sample.startsWith("javascript/")).every(({ passed }) => passed)).toBe(true);
}, 400_000);

test("every bug is there, and its known-good fix mends it", async () => {
  const good = await evaluate("bug-fixes", knownGoodSolver, fixScorers);
  sayWhatIsMissing(good);
  expect(surprises(good, true)).toEqual([]);
  expect(surprises(await evaluateFew("bug-fixes", noOpSolver, fixScorers), false)).toEqual([]);
});

test.each(["deletes-the-test", "skips-the-test", "special-cases-the-example", "exits-early"])(
  "of the bug fixes, none passes that %s, by the tests alone",
  async (name) => {
    const log = await evaluateFew("bug-fixes", createKnownBadSolver(name), [testsPass]);
    expect(surprises(log, false)).toEqual([]);
    expect(log.results.every((result) => result.status !== "scored" || result.changed_paths.length > 0)).toBe(true);
  },
);

test("every refactor passes as it is known and by its codemod, which changes nothing a second time", async () => {
  expect(surprises(await evaluateFew("refactors", knownGoodSolver, refactorScorers), true)).toEqual([]);
  const codemod = await evaluate("refactors", createCodemodSolver(), [...refactorScorers, idempotence]);
  expect(surprises(codemod, true)).toEqual([]);
});

test.each(["breaks-behaviour", "deletes-the-tests"])("of the refactors, none passes that %s", async (name) => {
  const log = await evaluateFew("refactors", createKnownBadSolver(name), [testsPass]);
  expect(surprises(log, false)).toEqual([]);
});

test("a refactor that was not made does not pass", async () => {
  expect(surprises(await evaluate("refactors", noOpSolver, [filesContain]), false)).toEqual([]);
});
