import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { pathIn } from "./scope-reader.ts";

/** A folder that may hold a project, with the names in it. */
export interface MarkedFolder {
  /** Relative to the repository; `.` for its root. */
  readonly root: string;
  readonly listing: ReadonlySet<string>;
}

/** Files by which the stacks that we know tell a project. */
const markers =
  /^(?:package\.json|go\.(?:mod|work)|Cargo\.toml|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|CMakeLists\.txt|GNUmakefile|[Mm]akefile|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.txt|Pipfile|tox\.ini|pytest\.ini)$/;

/** Folders of what was installed, made or taken over; those whose names begin with a dot as well. */
const foreign = new Set(["node_modules", "bower_components", "vendor", "target", "venv", "dist", "__pycache__"]);
/** A folder that holds one of these was made by a tool. */
const signsOfMade = ["pyvenv.cfg", "CMakeCache.txt"];

const foldersMax = 50_000;
/** Folders that are listed at once. */
const batchSize = 64;

/**
 * The root, and each folder below with a file that marks a project, the nearer to the root the earlier. Folders of what was installed or
 * made, and those behind symbolic links, are not looked at. Throws `repository_unusable` for more than 50,000 folders.
 */
export async function findMarkedFolders(
  reader: RepositoryReader,
  more: readonly string[] = [],
): Promise<readonly MarkedFolder[]> {
  const found: MarkedFolder[] = [];
  const isMarker = (name: string) => markers.test(name) || more.includes(name);
  let seen = 0;
  for (let level = ["."]; level.length > 0; ) {
    seen += level.length;
    if (seen > foldersMax) throw tooMany();
    const next: string[] = [];
    for (let at = 0; at < level.length; at += batchSize) {
      const batch = level.slice(at, at + batchSize);
      const listings = await Promise.all(batch.map((folder) => reader.list(folder)));
      for (const [index, names] of listings.entries()) {
        const root = batch[index] ?? ".";
        if (signsOfMade.some((name) => names.includes(name)) && root !== ".") continue;
        if (root === "." || names.some(isMarker)) found.push({ root, listing: new Set(names) });
        next.push(...foldersIn(root, names));
      }
    }
    level = next.sort();
  }
  return found;
}

function foldersIn(root: string, names: readonly string[]): string[] {
  return names
    .filter((name) => name.endsWith("/") && !name.startsWith(".") && !foreign.has(name.slice(0, -1)))
    .map((name) => pathIn(root, name.slice(0, -1)));
}

function tooMany(): OrchestratorError {
  const message = `there are more than ${foldersMax} folders to look for projects in; name the folder of one project`;
  return new OrchestratorError("repository_unusable", message);
}
