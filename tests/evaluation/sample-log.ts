import { summarizeResults } from "../../evaluation/runner/summarize-results.ts";
import type { EvaluationLog, SampleResult } from "../../evaluation/schema/evaluation-log.ts";
import { noUsage } from "../../orchestrator/schema/budget.ts";

const sha256 = "a".repeat(64);
const at = "2026-01-01T10:00:00.000Z";
const scorers = [
  { id: "tests-pass", version: "1", kind: "verdict" as const },
  { id: "scope-kept", version: "1", kind: "verdict" as const },
  { id: "patch-ratio", version: "1", kind: "measure" as const },
  { id: "wall-time", version: "1", kind: "measure" as const },
];

type Scored = Extract<SampleResult, { status: "scored" }>;

/** A try that was scored, with all that a page can show of one. */
export function scoredTry(sample: string, passed: boolean, more: Partial<Scored> = {}): SampleResult {
  return {
    ...{ status: "scored", sample, epoch: 1, seed: 7, key: sha256, attempts: 1, is_cached: false, started_at: at },
    ...{ duration_ms: 1_200, passed, changed_paths: ["src/add.ts"], patch, note: "the sign was turned" },
    scores: {
      "tests-pass": { value: passed ? 1 : 0, reason: passed ? "2 named tests passed" : "adds did not pass" },
      "scope-kept": { value: 1, reason: "no path outside" },
      "patch-ratio": { value: 1.5, reason: "3 lines, the known-good change has 2" },
      "wall-time": { value: 1_200, reason: "milliseconds" },
    },
    ...more,
  };
}

/** A unified diff of one line. */
export const patch = `diff --git a/src/add.ts b/src/add.ts
--- a/src/add.ts
+++ b/src/add.ts
@@ -1,3 +1,3 @@
 export function add(a: number, b: number) {
-  return a - b;
+  return a + b;
 }
`;

/** A log of the tries, whose figures are made of them. */
export function logOf(results: readonly SampleResult[], more: Partial<EvaluationLog> = {}): EvaluationLog {
  const epochs = Math.max(...results.map(({ epoch }) => epoch));
  return {
    ...{ schema_version: 1, scorers, epochs, seed: 1, time_limit_ms: 600_000, started_at: at },
    ...{ finished_at: "2026-01-01T10:04:12.000Z", results: [...results] },
    dataset: { id: "bug-fixes", sha256, samples: new Set(results.map(({ sample }) => sample)).size },
    solver: { id: "recipe", sha256 },
    summary: summarizeResults(results, { epochs, seed: 1, scorers }, []),
    ...more,
  };
}

/** A try with gates, a trajectory, output and what it used. */
function richTry(sample: string, epoch: number, passed: boolean): SampleResult {
  return scoredTry(sample, passed, {
    epoch,
    verdicts: [
      { decision: "pass", gate: "plan", version: "1", evidence_sha256: sha256 },
      {
        ...{ decision: "refuse", gate: "scope", version: "1", evidence_sha256: sha256 },
        findings: [{ rule: "scope", message: "outside of the task's scope", path: "package.json", line: 3 }],
      },
    ],
    trajectory: [
      { kind: "step", title: "plan", at },
      { kind: "command", title: "npm test", detail: "1 failing\n  adds", at },
      { kind: "gate", title: "scope refused" },
    ],
    output: "tests 2\nfail 1\n",
    usage: { ...noUsage, turns: 4, input_tokens: 5_200, output_tokens: 812, cost_usd: 0.0123 },
    run: { run_id: "r-1", status: "refused" },
  });
}

/** Samples with two tries each, of every outcome. */
export function variedLog(change = 0): EvaluationLog {
  const place = { epoch: 1, seed: 7, key: sha256 };
  const names = ["sum", "dates/leap-year", "parse/empty-input", "http/retry-after", "cache/eviction", "csv/quotes"];
  const results = Array.from({ length: 24 }, (_, index) =>
    [1, 2].map((epoch): SampleResult => {
      const sample = `typescript/${names[index % names.length]}-${index + 1}`;
      const made = { ...place, sample, epoch, attempts: 1, is_cached: false, started_at: at, duration_ms: 310 * index };
      if (index === 5) return { ...made, status: "timed_out", passed: false };
      if (index === 9)
        return {
          ...made,
          status: "infrastructure_failed",
          passed: false,
          code: "disk_failed",
          message: "no space left",
        };
      const passed = (index + change) % 4 !== 0 && !(index % 7 === 3 && epoch === 2);
      return { ...richTry(sample, epoch, passed), ...{ duration_ms: 310 * index } };
    }),
  ).flat();
  return logOf(results);
}
