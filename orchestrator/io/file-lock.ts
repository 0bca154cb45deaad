import { setTimeout as pause } from "node:timers/promises";
import { OrchestratorError } from "../schema/errors.ts";
import { createFile, removeTree } from "./files.ts";

const triesMax = 200;
const pauseMs = 50;

/**
 * Does something while a lock file is ours, and removes it then. Waits at most ten seconds for whoever has it. Throws
 * `disk_failed`, also where the lock stays: one that a killed process left is removed by hand, since its holder cannot be told.
 */
export async function withFileLock<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; !(await createFile(path, "")); tries += 1) {
    if (tries >= triesMax)
      throw new OrchestratorError(
        "disk_failed",
        `another command writes here, as ${path} says; wait for it, or remove that file where none is running`,
      );
    await pause(pauseMs);
  }
  try {
    return await action();
  } finally {
    await removeTree(path);
  }
}
