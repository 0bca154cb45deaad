import type { Liveness } from "../../schema/heartbeat.ts";
import type { RunRow } from "../../schema/run-store.ts";
import type { Hints } from "../hints.ts";
import { layTable } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { formatDuration, formatTime } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { isStale } from "./is-stale.ts";
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
  if (liveness === "none" || liveness === "alive") return "";
  return paint.yellow(isStale(liveness) ? " (stale)" : " (unknown)");
}

/** For each run whose holder is gone, the command that goes on with it. */
export function staleNotes(rows: readonly RunRow[], hints: Hints): readonly string[] {
  const stale = rows.flatMap((row) => (isStaleRow(row) ? [row.key.runId] : []));
  return stale.map((runId) => `${runId} is stale; go on with it by: ${hints.command("resume", runId)}`);
}

function isStaleRow(row: RunRow): boolean {
  return !row.damaged && row.status === "running" && isStale(row.liveness);
}

/** A row as JSON has it. */
export function rowDocument(row: RunRow, hints: Hints): Readonly<Record<string, string | boolean | null>> {
  const key = { run_id: row.key.runId, task_id: row.key.taskId };
  if (row.damaged) return { ...key, damaged: true, reason: row.reason };
  const { status, title, createdAt, finishedAt, liveness } = row;
  const stale = isStaleRow(row);
  const going = { stale, resume: stale ? hints.command("resume", row.key.runId) : null };
  return { ...key, damaged: false, status, title, created_at: createdAt, finished_at: finishedAt, liveness, ...going };
}
