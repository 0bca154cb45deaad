import { join } from "node:path";
import { listDirectory, readFileIfThere } from "../io/files.ts";
import { OrchestratorError } from "../schema/errors.ts";

const fileBytesMax = 67_108_864;
const filesMax = 20_000;
/** As `newId` makes them. */
const runId = /\d{8}t\d{9}z-[0-9a-f]{12}/g;

/**
 * The ids of the runs that something under `tasks/` names: a checklist, the registry, or a manifest that was committed as evidence. Throws
 * `disk_failed`, since what cannot be read may name any run.
 */
export async function findReliedRuns(repository: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let left = filesMax;
  const look = async (folder: string): Promise<void> => {
    for (const entry of await listDirectory(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await look(path);
      if (!entry.isFile()) continue;
      left -= 1;
      if (left < 0) throw tooMany(repository);
      const text = (await readFileIfThere(path, fileBytesMax))?.toString("latin1") ?? "";
      for (const [id] of `${entry.name} ${text}`.matchAll(runId)) found.add(id);
    }
  };
  await look(join(repository, "tasks"));
  return found;
}

function tooMany(repository: string): OrchestratorError {
  return new OrchestratorError(
    "disk_failed",
    `${join(repository, "tasks")} holds more than ${filesMax} files, so it cannot be told which runs are relied on`,
  );
}
