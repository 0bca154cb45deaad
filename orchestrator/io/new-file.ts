import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { OrchestratorError } from "../schema/errors.ts";
import { createFile, diskFault, hasCode } from "./files.ts";

const textFileMode = 0o644;

/**
 * Writes a new file at a path below a real folder, and the folders on the way. Throws `path_refused` where something is there already,
 * where a name on the way is a link or no folder, and where the path leads out of the folder or into git's own; `disk_failed`.
 */
export async function createFileInside(root: string, path: string, data: string | Uint8Array): Promise<void> {
  const names = path.split("/");
  if (names.some((name) => name === "" || name === "." || name === ".." || name.toLowerCase() === ".git"))
    throw new OrchestratorError("path_refused", `${path} is no path of a file below ${root}; name one`);
  for (let depth = 1; depth < names.length; depth += 1) await ensurePlainFolder(root, names.slice(0, depth).join("/"));
  if (await createFile(join(root, path), data, { mode: textFileMode })) return;
  throw new OrchestratorError(
    "path_refused",
    `${path} is there already, and nothing is overwritten; name another file`,
  );
}

async function ensurePlainFolder(root: string, path: string): Promise<void> {
  await mkdir(join(root, path)).catch((error: unknown) => {
    if (!hasCode(error, "EEXIST")) throw diskFault("make", join(root, path), error);
  });
  if ((await lstat(join(root, path))).isDirectory()) return;
  throw new OrchestratorError("path_refused", `${path} is a link or no folder; nothing is written through it`);
}
