import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { OrchestratorError } from "../schema/errors.ts";

/** Throws `usage` for a folder of clones that lies in the repository, or around it. Links are followed; nothing is made. */
export async function refuseOverlap(repositoryRoot: string, directory: string): Promise<void> {
  const [root, place] = [await realpath(repositoryRoot), await realPlaceOf(directory)];
  if (!contains(root, place) && !contains(place, root)) return;
  throw new OrchestratorError(
    "usage",
    `the clone of ${root} cannot lie in ${place}: one is inside the other; name a cache folder outside the repository`,
  );
}

/** Where a folder is, or would be if it were made: the links in the part of the way that exists are followed. */
async function realPlaceOf(folder: string): Promise<string> {
  const above = dirname(folder);
  const real = await realpath(folder).catch(() => null);
  if (real !== null || above === folder) return real ?? folder;
  return join(await realPlaceOf(above), basename(folder));
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way.split(/[\\/]/)[0] !== "..");
}
