import type { RunMetrics } from "../../schema/metrics.ts";
import { layTable } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { formatDuration, formatTime } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { paintStatus } from "./marks.ts";

/** A table with a row for each finished run, oldest first. */
export function rowsText(rows: readonly RunMetrics[], paint: Paint): string {
  const heads = ["RUN", "STATUS", "COMPLETED", "TOOK", "COMMANDS", "GUARDRAILS", "TASK"].map(paint.dim);
  const cells = rows.map((row) => [
    safeLine(row.run_id),
    paintStatus(row.status, paint),
    formatTime(row.completed_at),
    formatDuration(row.duration_seconds),
    `${row.commands_passed} passed, ${row.commands_failed} failed`,
    `${row.guardrails_present}/${row.guardrails_required}`,
    safeLine(row.task_id),
  ]);
  return layTable([heads, ...cells], 0);
}
