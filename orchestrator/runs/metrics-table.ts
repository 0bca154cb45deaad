import { join } from "node:path";
import { listDirectory } from "../io/files.ts";
import { mapBounded } from "../io/map-bounded.ts";
import { isOrchestratorError } from "../schema/errors.ts";
import type { MetricsTable, RunMetrics } from "../schema/metrics.ts";
import { Slug } from "../schema/primitives.ts";
import type { RunKey } from "../schema/run-store.ts";
import { foldManifest } from "./manifest-fold.ts";
import { metricsFileName, readMetrics } from "./metrics-file.ts";
import { listRunKeys, runDirectory } from "./run-directory.ts";
import { metricsOf } from "./run-metrics.ts";
import { readWholeLog } from "./sound-log.ts";

/** The metrics of every finished run under a root. Runs without a line are read; damaged ones are left out. Throws `disk_failed`. */
export async function readMetricsTable(root: string): Promise<MetricsTable> {
  const tasks = (await listDirectory(root)).filter(
    (entry) => entry.isDirectory() && Slug.safeParse(entry.name).success,
  );
  const files = await mapBounded(tasks, 8, ({ name }) => readMetrics(join(root, name, metricsFileName)));
  const known = files.flatMap(({ rows }) => rows);
  const ids = new Set(known.map(({ run_id }) => run_id));
  const others = (await listRunKeys(root)).filter(({ runId }) => !ids.has(runId));
  const computed = await mapBounded(others, 8, (key) => computeMetrics(root, key));
  return {
    rows: inOrder([...known, ...computed.flatMap((row) => row ?? [])]),
    unreadable: files.reduce((sum, { unreadable }) => sum + unreadable, 0),
  };
}

/** The metrics of one run from its log; null where it is not finished, or damaged. */
async function computeMetrics(root: string, key: RunKey): Promise<RunMetrics | null> {
  try {
    const { events } = await readWholeLog(key, runDirectory(root, key));
    return metricsOf(foldManifest(events), events);
  } catch (error) {
    if (isOrchestratorError(error, "run_damaged") || isOrchestratorError(error, "run_not_found")) return null;
    throw error;
  }
}

/** Oldest first. */
export function inOrder(rows: readonly RunMetrics[]): readonly RunMetrics[] {
  return [...rows].sort((left, right) => (left.run_id < right.run_id ? -1 : 1));
}
