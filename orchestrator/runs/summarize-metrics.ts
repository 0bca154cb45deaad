import { addUsage, noUsage, type Usage } from "../schema/budget.ts";
import type { RunMetrics } from "../schema/metrics.ts";

/** The share of runs that should be ready for a reviewer. */
const readinessTarget = 0.95;

/** Whether a run's record was found to be whole; `gone` where it was pruned and nothing is left to check. */
export type RecordState = "verified" | "broken" | "gone";

/** The figures of a set of runs. Shares are from 0 to 1, and null where there is nothing to share. */
export interface MetricsSummary {
  readonly runs: number;
  readonly passed: number;
  readonly refused: number;
  readonly cancelled: number;
  readonly success_rate: number | null;
  /** Runs with every required guardrail. */
  readonly guardrail_coverage: number | null;
  readonly average_duration_seconds: number | null;
  readonly p95_duration_seconds: number | null;
  readonly usage: Usage;
  readonly reviewer_readiness: {
    readonly ready: number;
    /** Runs whose record is there to be checked. */
    readonly checked: number;
    readonly share: number | null;
    readonly target: number;
    readonly reached: boolean;
  };
}

/**
 * Sums up runs. A run is ready for a reviewer when its manifest verifies, every required guardrail is in it, and each criterion has
 * evidence. Pure.
 */
export function summarizeMetrics(
  rows: readonly RunMetrics[],
  records: ReadonlyMap<string, RecordState>,
): MetricsSummary {
  const count = (status: RunMetrics["status"]) => rows.filter((row) => row.status === status).length;
  const durations = rows.map((row) => row.duration_seconds).sort((left, right) => left - right);
  const checked = rows.filter(({ run_id }) => (records.get(run_id) ?? "gone") !== "gone");
  const ready = checked.filter((row) => isReady(row, records)).length;
  const share = shareOf(ready, checked.length);
  return {
    runs: rows.length,
    passed: count("passed"),
    refused: count("refused"),
    cancelled: count("cancelled"),
    success_rate: shareOf(count("passed"), rows.length),
    guardrail_coverage: shareOf(rows.filter(isGuarded).length, rows.length),
    average_duration_seconds: shareOf(
      durations.reduce((sum, seconds) => sum + seconds, 0),
      rows.length,
    ),
    p95_duration_seconds: durations[Math.ceil(durations.length * 0.95) - 1] ?? null,
    usage: rows.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
    reviewer_readiness: {
      ready,
      checked: checked.length,
      share,
      target: readinessTarget,
      reached: share !== null && share >= readinessTarget,
    },
  };
}

function isReady(row: RunMetrics, records: ReadonlyMap<string, RecordState>): boolean {
  const hasEvidence = row.criteria > 0 && row.criteria_evidenced === row.criteria;
  return records.get(row.run_id) === "verified" && isGuarded(row) && hasEvidence;
}

function isGuarded({ guardrails_required, guardrails_present }: RunMetrics): boolean {
  return guardrails_present === guardrails_required;
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
