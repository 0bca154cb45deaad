import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { AdapterBench, GoalRun } from "../../orchestrator/schema/adapter-bench.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { CaseOutcome } from "../../orchestrator/schema/test-report.ts";
import { temporaryFolder, testMachine } from "../machine.test-support.ts";
import { runEvaluation } from "../runner/run-evaluation.ts";
import { Dataset, type Target } from "../schema/sample.ts";
import type { Solver } from "../solver.ts";
import { testsPass } from "./tests-pass.ts";

const Outcomes = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
type Outcomes = z.infer<typeof Outcomes>;
const turns = new Map<string, number>();

/** A bench whose runner reports what `results.json` says, and knows no project where that is gone. */
const bench: AdapterBench = {
  list: async () => [],
  compare: async () => {
    throw new TypeError("two commits are not compared here");
  },
  detect: async () => [],
  ctrf: () => null,
  junit: () => "",
  run: async ({ folder, goal }) => {
    const text = await readFile(join(folder, "results.json"), "utf8").catch(() => {
      throw new OrchestratorError("usage", "no adapter knows a project");
    });
    const outcomes = Object.entries(Outcomes.parse(JSON.parse(text))).map(([name, given]) => {
      // Of a list, each next run of a state like this shows the next.
      const turn = turns.get(text) ?? 0;
      if (Array.isArray(given)) turns.set(text, turn + 1);
      return [name, Array.isArray(given) ? given[turn % given.length] : given] as const;
    });
    const cases = outcomes.map(([name, outcome]) => ({ suite: "suite", name, outcome: CaseOutcome.parse(outcome) }));
    const place = {
      adapter: "own",
      root: ".",
      goal,
      command: ["run"],
      started_at: "",
      duration_ms: 1,
      output_tail: "",
    };
    const result = {
      goal: "test",
      command: [],
      status: "exited",
      exit_code: 0,
      duration_ms: 1,
      verdict: "passed",
    } as const;
    const run: GoalRun = {
      ...{ ...place, status: "exited", verdict: "passed", reason: "", cases, findings: [] },
      enforcement: {
        sandbox: "process-group",
        network_blocked: false,
        writes_confined: false,
        environment_filtered: false,
      },
      result: { ...result, command: [], reason: "", report: "own", counts: {}, not_passed: null, output_tail: "" },
    };
    return { folder, goal, runs: [run], missing: [] };
  },
};

const before: Outcomes = { bug: "failed", kept: "passed", other: "passed" };
const fixed: Outcomes = { bug: "passed", kept: "passed", other: "passed" };

/** What the scorer says of a solver after which the tests end so; null for one that removes the project. */
async function scoreOf(after: Outcomes | null, target: Partial<Target>, base = before) {
  return (await judge(after, target, base))?.value;
}

async function judge(after: Outcomes | null, target: Partial<Target>, base = before) {
  turns.clear();
  const solver: Solver = {
    ...{ id: "own", fingerprint: 1, isDeterministic: false },
    solve: async ({ root }) => {
      const path = join(root, "results.json");
      await (after === null ? rm(path) : writeFile(path, JSON.stringify(after)));
      return { note: "" };
    },
  };
  const sample = { id: "one", fixture: { files: { "results.json": JSON.stringify(base) } }, target };
  const { results } = await runEvaluation({
    ...{ dataset: Dataset.parse({ schema_version: 1, id: "one", samples: [sample] }), solver, scorers: [testsPass] },
    ...{
      machine: testMachine(async () => bench),
      folder: await temporaryFolder(),
      signal: new AbortController().signal,
    },
  });
  const [result] = results;
  if (result?.status !== "scored") throw new Error(JSON.stringify(result));
  return result.scores["tests-pass"];
}

const named = { fail_to_pass: ["bug"], pass_to_pass: ["suite > kept"] };

test.each<[string, Outcomes | null, Partial<Target>, 0 | 1]>([
  ["the named tests pass", fixed, named, 1],
  ["a test that is not named fails", { ...fixed, other: "failed" }, named, 1],
  ["the bug is still there", before, named, 0],
  ["the test of the bug is skipped", { ...fixed, bug: "skipped" }, named, 0],
  ["the test of the bug is expected to fail", { ...fixed, bug: "xfail" }, named, 0],
  ["the test of the bug is gone", { kept: "passed", other: "passed" }, named, 0],
  ["another named test broke", { ...fixed, kept: "failed" }, named, 0],
  ["all tests are skipped", { bug: "skipped", kept: "skipped", other: "skipped" }, named, 0],
  ["there are no tests", {}, named, 0],
  ["the project is gone", null, named, 0],
  ["no list, and nothing is worse", fixed, {}, 1],
  ["no list, and a test broke", { ...fixed, other: "error" }, {}, 0],
  ["no list, and a test is gone", { bug: "passed", kept: "passed" }, {}, 0],
  ["no list, and a test is skipped", { ...fixed, other: "skipped" }, {}, 0],
  ["no list, and all tests are gone", {}, {}, 0],
  ["only the bug is named, and another test broke", { ...fixed, kept: "failed" }, { fail_to_pass: ["bug"] }, 0],
  ["empty lists", fixed, { fail_to_pass: [], pass_to_pass: [] }, 0],
])("%s", async (_, after, target, expected) => {
  expect(await scoreOf(after, target)).toBe(expected);
});

test("the test patch is laid over what a solver made of those files", async () => {
  const [from, to] = [JSON.stringify(before), JSON.stringify({ ...before, hidden: "failed" })];
  const head = "--- a/results.json\n+++ b/results.json\n@@ -1 +1 @@\n";
  const noEnd = "\\ No newline at end of file\n";
  const target = { test_patch: `${head}-${from}\n${noEnd}+${to}\n${noEnd}`, fail_to_pass: ["kept"], pass_to_pass: [] };
  expect(await scoreOf({ hidden: "passed" }, { ...target, fail_to_pass: ["hidden"] })).toBe(0);
  expect(await scoreOf({}, target)).toBe(1);
});

const unsteady: Outcomes = { ...before, kept: ["passed", "failed"] };

test.each<[string, Outcomes, Partial<Target>, 0 | 1, readonly string[] | undefined]>([
  ["a named test that is flaky before the change fails", { ...fixed, kept: "failed" }, named, 1, ["suite > kept"]],
  ["a named test that is flaky is gone", { bug: "passed", other: "passed" }, named, 0, undefined],
  ["a named test that is flaky is skipped", { ...fixed, kept: "skipped" }, named, 0, undefined],
  ["any test that is flaky before the change fails", { ...fixed, kept: "failed" }, {}, 1, ["kept"]],
  ["a flaky test fails, and a steady one", { ...fixed, kept: "failed", other: "failed" }, {}, 0, ["kept"]],
  [
    "nothing but a flaky test is named, and fails",
    { ...fixed, kept: "failed" },
    { pass_to_pass: ["kept"] },
    0,
    ["kept"],
  ],
])("%s", async (_, after, target, value, flaky) => {
  const score = await judge(after, target, unsteady);
  expect({ value: score?.value, flaky: score?.flaky }).toEqual({ value, flaky });
});
