import type { RunArchive } from "../../runs/run-archive.ts";
import type { Plan } from "../../schema/plan.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { RunKey } from "../../schema/run-store.ts";
import { openQuestionOf } from "../views/question-view.ts";

/** The plan that the open question is about; null where it is about something else. Throws `run_damaged`. */
export async function findAskedPlan(runs: RunArchive, key: RunKey, manifest: RunManifest): Promise<Plan | null> {
  const question = openQuestionOf(manifest);
  if (question?.kind !== "plan_approval") return null;
  for (const event of (await runs.events(key)).toReversed()) {
    if (event.event !== "step_finished" || event.payload.step_id !== question.subject) continue;
    return event.payload.document.role === "planner" ? event.payload.document.plan : null;
  }
  return null;
}
