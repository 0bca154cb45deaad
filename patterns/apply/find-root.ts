import { dirname, join, relative, sep } from "node:path";
import { exists } from "../../orchestrator/io/files.ts";
import { realFolder } from "../../orchestrator/io/plain-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";

/** A folder to work on, and the folder that its paths and journals belong to. */
export interface Place {
  /** The top of the git repository around the folder, or the folder itself. Absolute, without links. */
  readonly root: string;
  /** Relative to the root, with `/`; "" for the root itself. */
  readonly folder: string;
}

/** Finds the root for a folder. Throws `path_refused` where there is no such folder. */
export async function findRoot(folder: string): Promise<Place> {
  const real = realFolder(folder);
  if (real === null) throw new OrchestratorError("path_refused", `${folder} is no folder; name one that holds sources`);
  const root = (await repositoryAround(real)) ?? real;
  return { root, folder: relative(root, real).split(sep).join("/") };
}

async function repositoryAround(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, ".git"))) return at;
    if (dirname(at) === at) return null;
  }
}
