import { expect, test } from "vitest";
import { summarizeResults } from "../runner/summarize-results.ts";
import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { compareLogs } from "./compare-logs.ts";
import { formatLog } from "./format-log.ts";

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
    ...{ pairs: 8, worse: 7, better: 1, difference: -0.75, verdict: "no_difference_shown" },
    worse_samples: ["s0", "s1", "s2", "s4", "s5", "s6", "s7"],
    better_samples: ["s3"],
  });
  expect(compareLogs(logOf(Array(8).fill(true)), logOf(Array(8).fill(null))).verdict).toBe("worse");
  expect(() => compareLogs(baseline, logOf([true], "b".repeat(64)))).toThrow("their samples");
});
