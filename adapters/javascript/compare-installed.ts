import { z } from "zod";
import type { InstalledState, RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";

const Entry = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
});
type Entry = z.infer<typeof Entry>;

const NpmLock = z.looseObject({ packages: z.record(z.string(), Entry) });

/**
 * What npm wrote into `node_modules` about what it installed, against the lock file; pnpm keeps a copy of the lock file, which tells
 * only where it is the same. Other package managers leave nothing that can be compared.
 */
export async function compareInstalled(repository: RepositoryReader, lockFile: string): Promise<InstalledState> {
  const lock = await repository.read(lockFile);
  if (lock === null) return "unknown";
  if (lockFile === "pnpm-lock.yaml") {
    return (await repository.read("node_modules/.pnpm/lock.yaml")) === lock ? "same" : "unknown";
  }
  if (lockFile !== "package-lock.json" && lockFile !== "npm-shrinkwrap.json") return "unknown";
  const [wanted, found] = [packagesOf(lock), packagesOf(await repository.read("node_modules/.package-lock.json"))];
  if (wanted === null || found === null) return "unknown";
  return isInstalled(wanted, found) ? "same" : "different";
}

function packagesOf(text: string | null): ReadonlyMap<string, Entry> | null {
  try {
    const { packages } = NpmLock.parse(JSON.parse(text ?? ""));
    const isInstalledThere = ([path, entry]: [string, Entry]) => path.includes("node_modules/") && !entry.link;
    return new Map(Object.entries(packages).filter(isInstalledThere));
  } catch {
    return null;
  }
}

/** Optional packages may be missing, since they are left out on other platforms. */
function isInstalled(wanted: ReadonlyMap<string, Entry>, found: ReadonlyMap<string, Entry>): boolean {
  const isWanted = [...found].every(([path, entry]) => {
    const other = wanted.get(path);
    return other !== undefined && other.version === entry.version && other.integrity === entry.integrity;
  });
  return isWanted && [...wanted].every(([path, entry]) => entry.optional || entry.devOptional || found.has(path));
}
