import { expect, test } from "vitest";
import { summarizeResults } from "../runner/summarize-results.ts";
import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { compareLogs } from "./compare-logs.ts";
import { formatComparison } from "./format-comparison.ts";
import { formatLog } from "./format-log.ts";
import { judgeRegression } from "./judge-regression.ts";

const at = "2026-01-01T00:00:00.000Z";
const scorers = [{ id: "files-match", version: "1", kind: "verdict" as const }];

/** A log of one try for each sample, which passed or did not; null where the infrastructure failed. */
function logOf(passes: readonly (boolean | null)[], sha256 = "a".repeat(64)): EvaluationLog {
  const results = passes.map((passed, index): SampleResult => {
    const tried = { sample: `s${index}`, epoch: 1, seed: index, key: sha256, attempts: 1, is_cached: false };
    const timed = { ...tried, started_at: at, duration_ms: 1 };
    if (passed === null)
      return { status: "infrastructure_failed", ...timed, passed: false, code: "disk_failed", message: "no disk" };
    const scores = { "files-match": { value: passed ? 1 : 0, reason: "a.txt has another text" } };
    return { status: "scored", ...timed, passed, scores, changed_paths: [], patch: "", note: "" };
  });
  return {
    ...{ schema_version: 1, scorers, epochs: 1, seed: 1, time_limit_ms: 1, started_at: at, finished_at: at, results },
    dataset: { id: "own", sha256, samples: passes.length },
    solver: { id: "solver", sha256 },
    summary: summarizeResults(results, { epochs: 1, seed: 1, scorers }, []),
  };
}

test("the text has the figures, with failures of the infrastructure apart, and why each try did not pass", () => {
  expect(formatLog(logOf([true, false, null]))).toBe(
    [
      "dataset    own, 3 samples",
      "solver     solver",
      "passed     1 of 3 tries",
      "not told   1 failed by the infrastructure, 0 out of time",
      "pass rate  33.3 % (95 %: 6.1 % to 79.2 %, wilson)",
      "s1 1       files-match: a.txt has another text",
      "s2 1       infrastructure: no disk",
      "",
    ].join("\n"),
  );
});

test("a comparison names the samples that differ, and logs of other samples are not compared", () => {
  const baseline = logOf([true, true, true, false, true, true, true, true]);
  const current = logOf([false, false, false, true, false, false, false, false]);
  expect(compareLogs(baseline, current)).toMatchObject({
    ...{
      pairs: 8,
      left_out: [],
      method: "mcnemar_exact",
      worse: 7,
      better: 1,
      difference: -0.75,
      verdict: "no_difference_shown",
    },
    worse_samples: ["s0", "s1", "s2", "s4", "s5", "s6", "s7"],
    better_samples: ["s3"],
  });
  expect(compareLogs(logOf(Array(8).fill(true)), logOf(Array(8).fill(null))).verdict).toBe("worse");
  expect(() => compareLogs(baseline, logOf([true], "b".repeat(64)))).toThrow("their samples");
});

test("a comparison says what chance has to do with it, in words and figures", () => {
  const good = logOf(Array(8).fill(true));
  const comparison = compareLogs(good, logOf([...Array(6).fill(false), true, true]));
  const verdict = judgeRegression(comparison, { failOn: "significant" });
  expect(verdict.is_regression).toBe(true);
  const text = formatComparison(comparison, verdict);
  expect(text).toContain(
    "chance      worse by more than chance: 6 worse and 0 better, McNemar's exact p = 0.0313, below 0.05",
  );
  expect(text).toContain("difference  -75.0 points of the pass rate (95 %: -100.0 points to -50.0 points");
  expect(text).toMatch(/^worse {7}s5$/m);
  expect(text).toMatch(/^solver-ms {3}1, as before$/m);
});

test("what counts as a regression: more than chance, any sample, or one of a group", () => {
  const good = logOf(Array(8).fill(true));
  const slightly = compareLogs(good, logOf([false, ...Array(7).fill(true)]));
  const isRegression = (rule: Parameters<typeof judgeRegression>[1]) => judgeRegression(slightly, rule).is_regression;
  expect(isRegression({ failOn: "significant" })).toBe(false);
  expect(isRegression({ failOn: "any" })).toBe(true);
  expect(isRegression({ failOn: "significant", neverWorse: ["s0"] })).toBe(true);
  expect(isRegression({ failOn: "significant", neverWorse: ["s1"] })).toBe(false);
  expect(judgeRegression(slightly, { failOn: "significant" }).reason).toContain("fewer than 6 samples that differ");
  const lenient = compareLogs(good, logOf([...Array(4).fill(false), ...Array(4).fill(true)]), { alpha: 0.2 });
  expect(judgeRegression(lenient, { failOn: "significant" }).is_regression).toBe(true);
});

test("a log that is not complete is compared only where that is asked for, over what both tried", () => {
  const whole = logOf([true, true, false]);
  const cut = { ...whole, ...unfinished(whole) };
  expect(() => compareLogs(whole, cut)).toThrow("the log held against it is not complete: 1 tries were not made");
  expect(() => compareLogs(cut, whole)).toThrow("the baseline is not complete");
  expect(compareLogs(whole, cut, { partial: true })).toMatchObject({ pairs: 2, left_out: ["s2"], worse: 0 });
  expect(formatLog(cut)).toContain("not tried  1 tries: the budget is spent; the pass rate is of those");
});

test("measures are compared sample by sample, over those that both have", () => {
  const usage = (tokens: number) => ({ turns: 1, input_tokens: tokens, output_tokens: 0, cost_usd: 0.1 });
  const using = (factor: number) => {
    const log = logOf(Array(4).fill(true));
    const results = log.results.map((result, index) =>
      result.status === "scored" ? { ...result, usage: usage((index + 1) * factor) } : result,
    );
    return { ...log, results };
  };
  const { measures } = compareLogs(using(10), using(20));
  expect(measures.find(({ id }) => id === "model-tokens")).toMatchObject({
    ...{ samples: 4, baseline: 25, current: 50, difference: 25 },
    interval: { low: expect.any(Number), high: expect.any(Number) },
  });
  expect(measures.find(({ id }) => id === "model-usd")).toMatchObject({ difference: 0, interval: { low: 0, high: 0 } });
});

function unfinished(log: EvaluationLog): Pick<EvaluationLog, "results" | "summary"> {
  const last = log.results.at(-1);
  if (last === undefined) throw new Error("no result");
  const { sample, epoch, seed, key } = last;
  const notTried = {
    status: "not_tried",
    sample,
    epoch,
    seed,
    key,
    passed: false,
    reason: "the budget is spent",
  } as const;
  const results = [...log.results.slice(0, -1), notTried];
  return { results, summary: summarizeResults(results, log, []) };
}
