import { dirname, join } from "node:path";
import { isPresent } from "../io/append-file.ts";
import type { Disk } from "../io/disk.ts";
import { ensureDirectory, listDirectory, readFileIfThere, writeFileAtomic } from "../io/files.ts";
import { mapBounded } from "../io/map-bounded.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import { Slug } from "../schema/primitives.ts";
import type { RunKey } from "../schema/run-store.ts";
import { type ScannedLog, scanLog } from "./event-log.ts";
import { compareNewestFirst } from "./run-list.ts";
import { damageOrFault } from "./run-refusals.ts";
import { runsReadme } from "./runs-readme.ts";
import { epochOfSegment, segmentName } from "./segment-name.ts";

const segmentBytesMax = 536_870_912;
const blobBytesMax = 268_435_456;

/** The folder of a run. Throws `run_not_found` for a key that cannot name one. */
export function runDirectory(root: string, { taskId, runId }: RunKey): string {
  if (Slug.safeParse(taskId).success && Slug.safeParse(runId).success) return join(root, taskId, runId);
  throw new OrchestratorError(
    "run_not_found",
    `"${taskId}/${runId}" cannot name a run: ids hold letters, digits, '.', '_' and '-'`,
  );
}

/** The epochs that have a segment, ascending. Throws `disk_failed`. */
export async function listEpochs(directory: string): Promise<readonly number[]> {
  const entries = await listDirectory(directory);
  return entries.flatMap(({ name }) => epochOfSegment(name) ?? []).sort((left, right) => left - right);
}

/** The whole log of the run in a folder. Throws `disk_failed`, and `run_damaged` for what is no log at all. */
export async function readLog(directory: string): Promise<ScannedLog> {
  try {
    return await readSegments(directory);
  } catch (error) {
    throw damageOrFault(error);
  }
}

async function readSegments(directory: string): Promise<ScannedLog> {
  const epochs = await listEpochs(directory);
  const segments = await mapBounded(epochs, 8, async (epoch) => {
    const bytes = await readFileIfThere(join(directory, segmentName(epoch)), segmentBytesMax);
    return { epoch, bytes: bytes ?? Buffer.alloc(0) };
  });
  return scanLog(segments);
}

/** The bytes of a blob of the run in a folder, or null. Throws `disk_failed`. */
export function readBlobFile(directory: string, sha256: string): Promise<Buffer | null> {
  return /^[0-9a-f]{64}$/.test(sha256)
    ? readFileIfThere(join(directory, "blobs", sha256), blobBytesMax)
    : Promise.resolve(null);
}

/** Every folder that could be a run, newest first; none in a task's folder that may not be read. Throws `disk_failed`. */
export async function listRunKeys(root: string): Promise<readonly RunKey[]> {
  const tasks = await listFolders(root);
  const keys = await mapBounded(tasks, 16, async (taskId) =>
    (await listFolders(join(root, taskId)).catch(nothingOrFault)).map((runId) => ({ taskId, runId })),
  );
  return keys.flat().sort(compareNewestFirst);
}

function nothingOrFault(error: unknown): readonly string[] {
  const fault = damageOrFault(error);
  if (isOrchestratorError(fault, "run_damaged")) return [];
  throw fault;
}

async function listFolders(path: string): Promise<readonly string[]> {
  const entries = await listDirectory(path);
  return entries.flatMap((entry) => (entry.isDirectory() && Slug.safeParse(entry.name).success ? [entry.name] : []));
}

/**
 * Makes the folder of a new run, and at the first one the files that say what `.runs` is and keep it out of git. Resolves with
 * the folders whose entries are new.
 */
export async function makeRunDirectory(root: string, directory: string, disk: Disk): Promise<readonly string[]> {
  const task = dirname(directory);
  const isFirst = !isPresent(join(root, ".gitignore"));
  const above = isPresent(task) ? [] : [root];
  await ensureDirectory(directory);
  if (isFirst) await writeRootFiles(root, disk);
  return [directory, task, ...above, ...(isFirst ? [root, dirname(root)] : [])];
}

async function writeRootFiles(root: string, disk: Disk): Promise<void> {
  await writeFileAtomic(join(root, ".gitignore"), "*\n", { mode: 0o644, disk });
  const readme = join(root, "README.md");
  if (!isPresent(readme)) await writeFileAtomic(readme, runsReadme, { mode: 0o644, disk });
}
