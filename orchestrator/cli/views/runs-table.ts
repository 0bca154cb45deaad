import type { Liveness } from "../../schema/heartbeat.ts";
import type { RunRow } from "../../schema/run-store.ts";
import { layTable } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { formatDuration, formatTime } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { paintStatus } from "./marks.ts";

/** Runs as an aligned table. `width` cuts the last column; undefined leaves it whole. */
export function runsTable(rows: readonly RunRow[], paint: Paint, width: number | undefined): string {
  const heads = ["RUN", "STATUS", "CREATED", "TOOK", "TASK", "TITLE"].map(paint.dim);
  return layTable([heads, ...rows.map((row) => cells(row, paint))], 0, width);
}

function cells(row: RunRow, paint: Paint): readonly string[] {
  const { runId, taskId } = row.key;
  if (row.damaged) {
    return [safeLine(runId), paintStatus("damaged", paint), "", "", safeLine(taskId), safeLine(row.reason)];
  }
  return [
    safeLine(runId),
    paintStatus(row.status, paint) + livenessMark(row.status === "running" ? row.liveness : "none", paint),
    formatTime(row.createdAt),
    row.finishedAt === null
      ? ""
      : formatDuration(Math.max(0, (Date.parse(row.finishedAt) - Date.parse(row.createdAt)) / 1000)),
    safeLine(taskId),
    safeLine(row.title),
  ];
}

function livenessMark(liveness: Liveness, paint: Paint): string {
  return liveness === "none" || liveness === "alive" ? "" : paint.yellow(` (${liveness})`);
}

/** A row as JSON has it. */
export function rowDocument(row: RunRow): Readonly<Record<string, string | boolean | null>> {
  const key = { run_id: row.key.runId, task_id: row.key.taskId };
  if (row.damaged) return { ...key, damaged: true, reason: row.reason };
  const { status, title, createdAt, finishedAt, liveness } = row;
  return { ...key, damaged: false, status, title, created_at: createdAt, finished_at: finishedAt, liveness };
}
