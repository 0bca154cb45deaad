import { dirname, join } from "node:path";
import { readPlainFile } from "../../orchestrator/io/plain-file.ts";
import type { PackageFacts } from "../../orchestrator/schema/pattern-port.ts";

const packageBytesMax = 1_048_576;

/** Tells what is known of the package of a file below the root. Each package.json is read once, and none above the root. */
export function createPackageReader(root: string): (path: string) => PackageFacts {
  const known = new Map<string, PackageFacts>();
  const factsOf = (folder: string): PackageFacts => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const own = readPackage(join(root, folder, "package.json"));
    const facts = own === null && folder !== "." ? factsOf(dirname(folder)) : { packageJson: own };
    known.set(folder, facts);
    return facts;
  };
  return (path) => factsOf(dirname(path));
}

function readPackage(path: string): PackageFacts["packageJson"] {
  const file = readPlainFile(path, packageBytesMax);
  if (typeof file === "string") return null;
  try {
    const value: unknown = JSON.parse(file.bytes.toString("utf8").replace(/^\uFEFF/, ""));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
