import { appendLine } from "../io/append-line.ts";
import type { Disk } from "../io/disk.ts";
import { readFileIfThere } from "../io/files.ts";
import { RunMetrics } from "../schema/metrics.ts";

const metricsBytesMax = 268_435_456;

/** The name of the file that holds the metrics of a task's finished runs, in the task's folder. */
export const metricsFileName = "metrics.jsonl";

/**
 * Adds one line, by one write, so that any number of runs may finish at once. Where `mayBeThere`, the file is looked through first: a
 * runner that died after the line must not add it twice. A line of another manifest is no such line. Throws `disk_failed`.
 */
export async function addMetrics(path: string, metrics: RunMetrics, mayBeThere: boolean, disk?: Disk): Promise<void> {
  const isSame = ({ run_id, manifest_sha256 }: RunMetrics) =>
    run_id === metrics.run_id && manifest_sha256 === metrics.manifest_sha256;
  if (mayBeThere && (await readMetrics(path)).rows.some(isSame)) return;
  appendLine(path, JSON.stringify(metrics), disk);
}

/** The lines of one file, of each run the last; what is no metrics is counted. Throws `disk_failed`. */
export async function readMetrics(path: string): Promise<{ rows: readonly RunMetrics[]; unreadable: number }> {
  const bytes = await readFileIfThere(path, metricsBytesMax);
  const lines = (bytes?.toString("utf8") ?? "").split("\n").filter((line) => line !== "");
  const rows = new Map<string, RunMetrics>();
  let unreadable = 0;
  for (const line of lines) {
    const row = parseLine(line);
    if (row === null) unreadable += 1;
    else rows.set(row.run_id, row);
  }
  return { rows: [...rows.values()], unreadable };
}

function parseLine(line: string): RunMetrics | null {
  try {
    return RunMetrics.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
