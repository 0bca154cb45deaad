import type { RunManifest } from "../../../schema/run-manifest.ts";
import { layTable } from "../../text/layout.ts";
import { countOf, formatDuration } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";

/** Each attempt of each role. */
export function stepsSection({ steps }: RunManifest): string {
  const rows = steps.map((step) => [
    safeLine(step.step_id),
    step.status,
    step.finished_at === null ? "" : formatDuration(secondsBetween(step.started_at, step.finished_at)),
    countOf(step.usage.turns, "turn"),
    countOf(step.tool_calls, "tool call"),
    step.detail === null ? "" : safeLine(step.detail),
  ]);
  return layTable(rows, 2);
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
