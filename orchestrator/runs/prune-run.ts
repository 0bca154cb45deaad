import { dirname, join } from "node:path";
import { exists, listDirectory, removeTree } from "../io/files.ts";
import { moveFile } from "../io/move-file.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Actor } from "../schema/primitives.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { RunKey } from "../schema/run-store.ts";
import { foldManifest } from "./manifest-fold.ts";
import { addMetrics, metricsFileName } from "./metrics-file.ts";
import { notePruning } from "./pruning-file.ts";
import { runDirectory } from "./run-directory.ts";
import { lookUpHolder, seeHolder } from "./run-holder.ts";
import { metricsOf } from "./run-metrics.ts";
import { readWholeLog } from "./sound-log.ts";
import { outputBlobOf } from "./verify-outputs.ts";

const remains = ".pruned-";

/** Removes a finished run's folder, after its metrics are sure to be on record. Throws `run_state_refused`, `run_damaged`, `disk_failed`. */
export async function pruneRun(root: string, key: RunKey): Promise<void> {
  const { directory, events } = await openFinished(root, key);
  const metrics = metricsOf(foldManifest(events), events);
  if (metrics !== null) await addMetrics(join(dirname(directory), metricsFileName), metrics, true);
  // A folder without its name is no run any more, however far its removal gets.
  const nameless = join(dirname(directory), `${remains}${key.runId}`);
  await moveFile(directory, nameless);
  await removeTree(nameless);
}

/**
 * Removes the outputs of a finished run's commands and notes that in the folder; their hashes stay on record, and all else can still be verified.
 * Payloads that were too long for a line stay, since the manifest is computed from them. Resolves with the number of outputs.
 */
export async function pruneOutputs(root: string, key: RunKey, note: { at: string; actor: Actor }): Promise<number> {
  const { directory, events } = await openFinished(root, key);
  const blobs = [...(await presentOutputs(directory, events))];
  if (blobs.length === 0) return 0;
  await notePruning(directory, { schema_version: 1, ...note, blobs });
  for (const blob of blobs) await removeTree(join(directory, "blobs", blob));
  return blobs.length;
}

/** Outputs that no payload shares. */
async function presentOutputs(directory: string, events: readonly KnownEvent[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const hash of events.flatMap((event) => outputBlobOf(event) ?? [])) {
    if (await exists(join(directory, "blobs", hash))) found.add(hash);
  }
  return found;
}

/** The folders that an interrupted pruning left. Throws `disk_failed`. */
export async function findRemains(root: string): Promise<readonly string[]> {
  const tasks = (await listDirectory(root)).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    tasks.map(async ({ name }) => [name, await listDirectory(join(root, name))] as const),
  );
  return found.flatMap(([task, entries]) =>
    entries.flatMap(({ name }) => (name.startsWith(remains) ? join(root, task, name) : [])),
  );
}

/** Looks at the log itself, at the last moment: a manifest may be stale, and a holder may have come. */
async function openFinished(root: string, key: RunKey) {
  const directory = runDirectory(root, key);
  const { events } = await readWholeLog(key, directory);
  const sight = await seeHolder(directory);
  const isHeld = !sight.isReleased && (await lookUpHolder(sight.holder)) !== "dead";
  const isFinished = events.some(({ event }) => event === "run_finished");
  if (isFinished && !isHeld) return { directory, events };
  const why = isFinished ? "is held, or it cannot be told whether it is" : "is not finished";
  throw new OrchestratorError("run_state_refused", `run ${key.runId} ${why}, so nothing of it is removed`);
}
