import { z } from "zod";
import { messageOf } from "../schema/errors.ts";
import type { Liveness } from "../schema/heartbeat.ts";
import { RunManifest, type RunStatus } from "../schema/run-manifest.ts";
import type { RunKey, RunRow } from "../schema/run-store.ts";

const { run_id, task_id, status, created_at, finished_at, patterns } = RunManifest.shape;

const ManifestHead = z.object({
  run_id,
  task_id,
  status,
  created_at,
  finished_at,
  patterns,
  task: z.object({ title: z.string() }),
});

/** What a row needs of a manifest. */
export type ManifestHead = z.infer<typeof ManifestHead>;

/** The row of a run whose folder cannot be understood. */
export function damagedRow(key: RunKey, error: unknown): RunRow {
  return { key, damaged: true, reason: messageOf(error) };
}

/** Reads the head of a manifest. Throws where the bytes are none, or belong to another run. */
export function parseManifestHead(key: RunKey, bytes: Buffer): ManifestHead {
  const head = ManifestHead.safeParse(JSON.parse(bytes.toString("utf8")));
  if (!head.success) throw new Error(`manifest.json is no manifest: ${z.prettifyError(head.error)}`);
  const { run_id: runId, task_id: taskId } = head.data;
  if (runId === key.runId && taskId === key.taskId) return head.data;
  throw new Error(`manifest.json belongs to the run ${taskId}/${runId}`);
}

/** The row of a run. `lookAtHolder` is asked only where somebody may still hold it. */
export async function rowOf(key: RunKey, head: ManifestHead, lookAtHolder: () => Promise<Liveness>): Promise<RunRow> {
  return {
    key,
    damaged: false,
    status: head.status,
    title: head.task.title,
    createdAt: head.created_at,
    finishedAt: head.finished_at,
    ...(head.patterns === undefined ? {} : { patterns: head.patterns }),
    liveness: isFinal(head.status) ? "none" : await lookAtHolder(),
  };
}

function isFinal(status: RunStatus): boolean {
  return status === "passed" || status === "refused" || status === "cancelled";
}
