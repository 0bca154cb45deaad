import { isModulePath, type SourceSet } from "./source-set.ts";

/** Folders that builds write, and the ones that they are built from. */
const builtFolders = ["dist", "lib", "build", "out", "esm", "cjs", "es", "types"] as const;
const sourceFolders = ["src", "lib", "source", ""] as const;
const entryFields = ["main", "module", "browser", "types", "typings", "exports", "bin", "svelte", "source"] as const;

/**
 * The modules that packages of the set show to others, as far as names tell: what package.json names, and the sources that it may be built
 * from. A module that a package's every path leads to (`./*`) counts too.
 */
export function findEntryPoints(sources: SourceSet): (path: string) => boolean {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const path of sources.paths) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue;
    const folder = path.slice(0, -"package.json".length);
    for (const target of targetsOf(sources.text(path))) {
      for (const place of placesOf(target)) {
        if (place.includes("*")) patterns.push(new RegExp(`^${place.split("*").map(literally).join(".+")}$`));
        else exact.add(folder + place);
      }
    }
    for (const name of ["index", "src/index"]) exact.add(folder + name);
  }
  return (path) =>
    isModulePath(path) && (exact.has(stemOf(path)) || patterns.some((pattern) => pattern.test(stemOf(path))));
}

function literally(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
}

function targetsOf(text: string): readonly string[] {
  const found: string[] = [];
  const open: unknown[] = [];
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null)
      for (const field of entryFields) open.push(Reflect.get(value, field));
  } catch {
    return [];
  }
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next === "string") found.push(next);
    else if (typeof next === "object" && next !== null) open.push(...Object.values(next));
  }
  return found;
}

/** Without extension: the target itself, and where its source may lie. */
function placesOf(target: string): readonly string[] {
  const stem = stemOf(target.replace(/^\.?\//, ""));
  const [first = "", ...rest] = stem.split("/");
  const isBuilt = builtFolders.some((folder) => folder === first);
  const inner = rest.join("/");
  const deeper = rest.slice(1).join("/");
  const moved = isBuilt
    ? sourceFolders.flatMap((folder) => [inner, deeper].map((each) => (folder === "" ? each : `${folder}/${each}`)))
    : [];
  return [stem, `${stem}/index`, ...moved.filter((place) => place !== "" && !place.endsWith("/"))];
}

function stemOf(path: string): string {
  return path.replace(/(?:\.d)?\.(?:[cm]?[jt]s|[jt]sx)$/, "");
}
