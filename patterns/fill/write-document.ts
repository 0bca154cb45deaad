import { join, relative, resolve, sep } from "node:path";
import { exists } from "../../orchestrator/io/files.ts";
import { createFileInside } from "../../orchestrator/io/new-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { findRoot } from "../apply/find-root.ts";

/**
 * The path of a new file in the root around a folder; with a text it is written. Throws `path_refused` for a path outside of that root,
 * through a link, or where something is already.
 */
export async function placeDocument(folder: string, file: string, text: string | null): Promise<string> {
  const { root, folder: inside } = await findRoot(folder);
  const path = relative(root, resolve(root, inside, file))
    .split(sep)
    .join("/");
  if (path === "" || path === ".." || path.startsWith("../"))
    throw new OrchestratorError("path_refused", `${file} lies outside of ${root}; name a file in there`);
  if (text !== null) await createFileInside(root, path, text);
  else if (await exists(join(root, path)))
    throw new OrchestratorError(
      "path_refused",
      `${path} is there already, and nothing is overwritten; name another file`,
    );
  return path;
}
