import { join } from "node:path";
import { exists, readFileIfThere } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import type { RunMetrics } from "../schema/metrics.ts";
import { runDirectory } from "./run-directory.ts";
import type { RecordState } from "./summarize-metrics.ts";
import { verifyRun } from "./verify-run.ts";

const evidenceBytesMax = 67_108_864;

/**
 * Whether the record behind a line of metrics is whole: the run's folder verifies and its manifest is the one that was counted; where the folder
 * was pruned, the manifest that was committed under `tasks/evidence` is that one. Throws `disk_failed`.
 */
export async function checkRecord(
  { runsRoot, repository }: { readonly runsRoot: string; readonly repository: string },
  metrics: RunMetrics,
): Promise<RecordState> {
  const { run_id: runId, task_id: taskId, manifest_sha256 } = metrics;
  const directory = runDirectory(runsRoot, { taskId, runId });
  const manifest = await readFileIfThere(join(directory, "manifest.json"), evidenceBytesMax);
  const isThere = await exists(join(directory, "events.jsonl"));
  if (isThere || manifest !== null) {
    const isSame = manifest !== null && sha256(manifest) === manifest_sha256;
    return isSame && (await verifyRun(directory)).ok ? "verified" : "broken";
  }
  const evidence = await readFileIfThere(join(repository, "tasks", "evidence", `${runId}.json`), evidenceBytesMax);
  if (evidence === null) return "gone";
  return sha256(evidence) === manifest_sha256 ? "verified" : "broken";
}
