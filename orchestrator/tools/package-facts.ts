import { isOrchestratorError } from "../schema/errors.ts";
import type { PackageFacts } from "../schema/pattern-port.ts";
import type { WorkspaceFiles } from "../schema/workspace-port.ts";

type Readable = Pick<WorkspaceFiles, "read">;

/** Tells what is known of the package of a file in a workspace. Each package.json is read once. */
export function createPackageFacts(files: Readable): (path: string) => Promise<PackageFacts> {
  const known = new Map<string, Promise<PackageFacts>>();
  const factsOf = (folder: string): Promise<PackageFacts> => {
    const found = known.get(folder) ?? readFacts(folder);
    known.set(folder, found);
    return found;
  };
  const readFacts = async (folder: string): Promise<PackageFacts> => {
    const packageJson = await readPackage(files, `${folder}package.json`);
    return packageJson === null && folder !== "" ? factsOf(folderOf(folder.slice(0, -1))) : { packageJson };
  };
  return (path) => factsOf(folderOf(path));
}

/** With a `/` at its end; "" for the top. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

async function readPackage(files: Readable, path: string): Promise<PackageFacts["packageJson"]> {
  try {
    const value: unknown = JSON.parse(await files.read(path));
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : null;
  } catch (error) {
    if (error instanceof SyntaxError || isOrchestratorError(error, "path_refused")) return null;
    throw error;
  }
}
