import type { RunManifest } from "../../schema/run-manifest.ts";
import type { Hints } from "../hints.ts";
import { layTable } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { formatTime } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { openQuestionOf } from "./question-view.ts";

/** Runs that wait for a person: since when, for what, and the command that says more. `width` cuts the last column. */
export function waitingTable(
  waiting: readonly RunManifest[],
  hints: Hints,
  paint: Paint,
  width: number | undefined,
): string {
  const heads = ["RUN", "SINCE", "TASK", "HOLDS UP", "WAITS FOR"].map(paint.dim);
  const rows = waiting.map((manifest) => waitingDocument(manifest, hints));
  const cells = rows.map((row) => [
    safeLine(row.run_id),
    row.since === null ? "" : formatTime(row.since),
    safeLine(row.task_id),
    safeLine(row.holds_up ?? ""),
    safeLine(row.waits_for),
  ]);
  return layTable([heads, ...cells], 0, width);
}

/** A run that waits as JSON has it. */
export function waitingDocument(manifest: RunManifest, hints: Hints) {
  const { run_id, task_id, status_detail, parent_run } = manifest;
  const question = openQuestionOf(manifest);
  return {
    ...{ run_id, task_id, waits_for: status_detail, since: question?.asked_at ?? null },
    ...{ question_id: question?.id ?? null, kind: question?.kind ?? null },
    /** The run of many goals that this one is a part of. */
    holds_up: parent_run,
    show: hints.command("runs", "show", run_id),
  };
}
