import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import { codeVersion } from "../../orchestrator/schema/version.ts";
import { exportedCases, type TestRun } from "./test-run.ts";

/** The words of CTRF for an outcome. What is exact stands beside it as `rawStatus`. */
const statuses = {
  passed: "passed",
  failed: "failed",
  error: "failed",
  timeout: "failed",
  crashed: "failed",
  skipped: "skipped",
  todo: "pending",
  xfail: "other",
} as const satisfies Record<CaseOutcome, CtrfStatus>;

type CtrfStatus = "passed" | "failed" | "skipped" | "pending" | "other";

/** One case of a CTRF report. Durations in milliseconds. */
export interface CtrfTest {
  readonly name: string;
  readonly status: CtrfStatus;
  readonly rawStatus: CaseOutcome;
  readonly duration: number;
  readonly suite: readonly [string, ...string[]];
  readonly message?: string;
  readonly filePath?: string;
  readonly line?: number;
}

/** A report in the Common Test Report Format, version 0.0 (https://ctrf.io). */
export interface CtrfReport {
  readonly reportFormat: "CTRF";
  readonly specVersion: "0.0.0";
  readonly generatedBy: string;
  readonly timestamp: string;
  readonly results: {
    readonly tool: { readonly name: string; readonly version: string };
    readonly summary: Readonly<Record<CtrfStatus | "tests" | "start" | "stop", number>>;
    readonly tests: readonly CtrfTest[];
    readonly extra: {
      readonly runs: readonly { readonly name: string; readonly verdict: string; readonly reason: string }[];
    };
  };
}

/** All runs as one CTRF report. It holds a failed test where any of them failed. Throws a `TypeError` for no run at all. */
export function writeCtrf(runs: readonly TestRun[]): CtrfReport {
  if (runs.length === 0) throw new TypeError("a report of no run at all would read as green");
  const tests = runs.flatMap((run) => exportedCases(run).map((test) => testOf(run, test)));
  const start = Math.min(...runs.map(({ startedAt }) => startedAt));
  const stop = Math.max(...runs.map(({ startedAt, result }) => startedAt + Math.round(result.duration_ms)));
  const count = (status: CtrfStatus) => tests.filter((test) => test.status === status).length;
  return {
    reportFormat: "CTRF",
    specVersion: "0.0.0",
    generatedBy: "codex-orchestrator",
    timestamp: new Date(stop).toISOString(),
    results: {
      tool: { name: "codex-orchestrator", version: codeVersion },
      summary: {
        tests: tests.length,
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("skipped"),
        pending: count("pending"),
        other: count("other"),
        start,
        stop,
      },
      tests,
      extra: { runs: runs.map(({ name, result }) => ({ name, verdict: result.verdict, reason: result.reason })) },
    },
  };
}

function testOf(run: TestRun, { suite, name, outcome, duration_ms, message, file, line }: TestCase): CtrfTest {
  return {
    name,
    status: statuses[outcome],
    rawStatus: outcome,
    duration: Math.round(duration_ms ?? 0),
    suite: [suite === "" ? run.name : suite],
    ...(message === undefined ? {} : { message }),
    ...(file === undefined ? {} : { filePath: file }),
    ...(line === undefined ? {} : { line }),
  };
}
