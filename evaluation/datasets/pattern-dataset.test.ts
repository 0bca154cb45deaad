import { expect, test } from "vitest";
import { temporaryFolder, testMachine } from "../machine.test-support.ts";
import { runEvaluation } from "../runner/run-evaluation.ts";
import type { Dataset } from "../schema/sample.ts";
import { filesMatch } from "../scorers/files-match.ts";
import type { Solver } from "../solver.ts";
import { createCodemodSolver } from "../solvers/codemod-solver.ts";
import { noOpSolver } from "../solvers/no-op-solver.ts";
import { readPatternDataset } from "./pattern-dataset.ts";

test("every codemod solves all of its own fixtures, and doing nothing solves the negative ones alone", async () => {
  const dataset = await readPatternDataset();
  const some = { ...dataset, samples: dataset.samples.filter((_, index) => index % 2 === 0) };
  const evaluate = async (solver: Solver, of: Dataset) =>
    runEvaluation({
      ...{ dataset: of, solver, scorers: [filesMatch], folder: await temporaryFolder() },
      ...{ machine: testMachine(), signal: new AbortController().signal },
    });
  const codemod = await evaluate(createCodemodSolver(), dataset);
  expect(codemod.results.filter(({ passed }) => !passed)).toEqual([]);
  const nothing = await evaluate(noOpSolver, some);
  const negative = some.samples.filter(({ tags }) => tags.includes("negative")).length;
  expect(negative).toBeGreaterThan(2);
  expect(nothing.summary).toMatchObject({ tries: some.samples.length, passed: negative });
});
