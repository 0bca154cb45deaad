import type { InstalledState, RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { packageFolder } from "./find-dependencies.ts";
import { normalizeName, readRequirements } from "./requirements.ts";

/** Name and version of each package that a lock file names, and those that must be there. */
interface Locked {
  readonly versions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly required: readonly string[];
}

/**
 * Compares the packages in `.venv` with the lock file, by the folders that each installed package leaves. One of another version makes it
 * different. Only a list of requirements says what must be there; what a uv.lock or poetry.lock names may be for other machines.
 */
export async function compareInstalled(repository: RepositoryReader, lockFile: string): Promise<InstalledState> {
  const text = await repository.read(lockFile);
  const installed = await installedPackages(repository);
  if (text === null || installed === null) return "unknown";
  const locked = lockFile.endsWith(".lock") ? packagesIn(text) : requirementsIn(text, lockFile);
  const isOther = [...installed].some(([name, version]) => locked.versions.get(name)?.has(version) === false);
  if (isOther || locked.required.some((name) => !installed.has(name))) return "different";
  return locked.required.length > 0 ? "same" : "unknown";
}

async function installedPackages(repository: RepositoryReader): Promise<ReadonlyMap<string, string> | null> {
  const [version, second] = (await repository.list(`${packageFolder}/lib`)).filter((name) => name.startsWith("python"));
  if (version === undefined || second !== undefined) return null;
  const names = await repository.list(`${packageFolder}/lib/${version}site-packages`);
  const found = names.flatMap((name) => {
    const [, title, release] = /^(.+)-([^-]+)\.dist-info\/$/.exec(name) ?? [];
    return title === undefined || release === undefined ? [] : ([[normalizeName(title), plain(release)]] as const);
  });
  return new Map(found);
}

function packagesIn(text: string): Locked {
  const versions = new Map<string, Set<string>>();
  for (const [, name, version] of text.matchAll(/^name = "([^"]+)"\nversion = "([^"]+)"/gm)) {
    if (name === undefined || version === undefined) continue;
    const key = normalizeName(name);
    versions.set(key, (versions.get(key) ?? new Set()).add(plain(version)));
  }
  return { versions, required: [] };
}

function requirementsIn(text: string, file: string): Locked {
  const read = readRequirements(text, file);
  const pins = read.pinned ? read.requirements : [];
  return {
    versions: new Map(pins.map(({ name, version }) => [name, new Set([plain(version)])])),
    required: pins.filter(({ isConditional }) => !isConditional).map(({ name }) => name),
  };
}

/** `1.0` and `1.0.0` are one version. */
function plain(version: string): string {
  return version
    .toLowerCase()
    .replace(/^v/, "")
    .replace(/(?:\.0)+$/, "");
}
