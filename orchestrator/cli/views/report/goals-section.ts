import type { ManifestGoal } from "../../../schema/goals.ts";
import type { RunManifest } from "../../../schema/run-manifest.ts";
import { layTable } from "../../text/layout.ts";
import type { Paint } from "../../text/paint.ts";
import { shortHash } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";

/** Each goal, how it stands, the run that works on it, and what it left. */
export function goalsSection({ goals }: RunManifest, paint: Paint): string {
  return goals === undefined ? "" : layTable(goalRows(goals.goals, paint), 2);
}

/** One row for each goal. */
export function goalRows(goals: readonly ManifestGoal[], paint: Paint): readonly (readonly string[])[] {
  return goals.map((goal) => [
    markOf(goal, paint),
    safeLine(goal.id),
    goal.status === "waiting" ? "not started" : goal.status,
    goal.run_id === null ? "" : safeLine(goal.run_id),
    goal.commit === null ? "" : shortHash(goal.commit),
    safeLine(goal.detail),
  ]);
}

function markOf({ status }: ManifestGoal, paint: Paint): string {
  switch (status) {
    case "passed":
      return paint.green("✓");
    case "running":
      return paint.cyan("·");
    case "blocked":
      return paint.yellow("?");
    case "waiting":
    case "skipped":
    case "cancelled":
      return paint.dim("–");
    default:
      return paint.red("✗");
  }
}
