import { gatesBehind } from "../flow/next-move.ts";
import { sha256 } from "../io/hash.ts";
import type { RunMetrics } from "../schema/metrics.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import { manifestText } from "./manifest-fold.ts";

/** What a run adds to the figures, from its final manifest and its events; null for a run that is not finished. Pure. */
export function metricsOf(manifest: RunManifest, events: readonly KnownEvent[]): RunMetrics | null {
  const { status, finished_at, run_id, task_id, metrics } = manifest;
  if (finished_at === null || (status !== "passed" && status !== "refused" && status !== "cancelled")) return null;
  return {
    schema_version: 1,
    run_id,
    task_id,
    kind: manifest.pipeline === undefined ? "task" : "pipeline",
    status,
    started_at: manifest.created_at,
    completed_at: finished_at,
    duration_seconds: metrics.duration_seconds,
    ...countCommands(manifest),
    ...countGuardrails(manifest),
    criteria: manifest.task.acceptance_criteria.length,
    criteria_evidenced: countEvidenced(manifest, events),
    usage: metrics.usage,
    resumes: manifest.resume_events.length,
    artifact_path: `.runs/${task_id}/${run_id}/manifest.json`,
    manifest_sha256: sha256(manifestText(manifest)),
  };
}

/** In a task's run the commands are the checks of the last test report. */
function countCommands({ pipeline, tests }: RunManifest): Pick<RunMetrics, "commands_passed" | "commands_failed"> {
  const outcomes: readonly string[] =
    pipeline?.commands.map(({ status }) => status) ?? tests?.checks.map(({ verdict }) => verdict) ?? [];
  const count = (...wanted: readonly string[]) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
  return { commands_passed: count("passed"), commands_failed: count("failed", "timed_out", "interrupted") };
}

function countGuardrails({
  pipeline,
  gates,
}: RunManifest): Pick<RunMetrics, "guardrails_required" | "guardrails_present"> {
  if (pipeline !== undefined) {
    const { required, present } = pipeline.guardrails;
    return { guardrails_required: required, guardrails_present: present };
  }
  const required = new Set(Object.values(gatesBehind).flat());
  const spoke = new Set(gates.map(({ verdict }) => verdict.gate));
  const present = [...required].filter((gate) => spoke.has(gate)).length;
  return { guardrails_required: required.size, guardrails_present: present };
}

/** A criterion of a task has evidence where the last review saw it met; that of a pipeline, where its gate spoke on evidence. */
function countEvidenced({ pipeline, gates, task }: RunManifest, events: readonly KnownEvent[]): number {
  const ids = task.acceptance_criteria.map(({ id }) => id);
  if (pipeline !== undefined) return gates.some(({ verdict }) => verdict.gate === "guardrails") ? ids.length : 0;
  const last = events.findLast(
    (event) => event.event === "step_finished" && event.payload.document.role === "reviewer",
  );
  const document = last?.event === "step_finished" ? last.payload.document : null;
  const met = document?.role === "reviewer" ? document.review.criteria_met : [];
  return ids.filter((id) => met.includes(id)).length;
}
