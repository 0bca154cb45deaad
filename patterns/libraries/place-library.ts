import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../../orchestrator/io/files.ts";
import { hashJson, sha256 } from "../../orchestrator/io/hash.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { LibraryFiles } from "./library-files.ts";
import { type TracedLibrary, traceImports } from "./trace-imports.ts";

/** A library whose code lies where it can be loaded: a copy of what was hashed, which nobody edits. */
export interface PlacedLibrary {
  readonly name: string;
  readonly sha256: string;
  /** The URL of the module to load. */
  readonly entry: string;
  /** The folder with its fixtures, one folder for each codemod; it need not be there. */
  readonly fixtures: string;
}

/** Where libraries are placed, and with which engine. */
export interface Placement {
  /** The user's cache: copies in it are looked at again before each use, and may be removed at any time. */
  readonly cacheDir: string;
  /** The module that `codex-orchestrator/patterns` means; null where this build has none. */
  readonly engineModule: URL | null;
}

/** A library without its code having run: where it begins, and what it loads. Throws `library_refused` naming all that leads out of it. */
export function inspectLibrary(name: string, { files }: LibraryFiles): TracedLibrary {
  const entry = entryOf(name, files);
  const traced = traceImports(files, entry);
  if (traced.problems.length === 0) return traced;
  const shown = traced.problems.slice(0, 5).join("; ");
  const rest = traced.problems.length > 5 ? `; and ${traced.problems.length - 5} more` : "";
  throw new OrchestratorError("library_refused", `the library ${name} is not loaded: ${shown}${rest}`);
}

/**
 * Puts the modules that a library loads, and its fixtures, into a folder that is named after their content. What is not loaded from the entry is
 * not there, and neither is anything else that could be. Throws `library_refused` and `disk_failed`.
 */
export async function placeLibrary(
  name: string,
  library: LibraryFiles,
  { cacheDir, engineModule }: Placement,
): Promise<PlacedLibrary> {
  const traced = inspectLibrary(name, library);
  const placed = new Map<string, Buffer>();
  for (const path of traced.modules) placed.set(path, library.files.get(path) ?? Buffer.alloc(0));
  for (const [path, bytes] of library.files) if (path.startsWith("fixtures/")) placed.set(path, bytes);
  if (!placed.has("package.json"))
    placed.set("package.json", Buffer.from(JSON.stringify({ type: typeOf(library.files, traced) })));
  if (traced.usesEngine)
    for (const [path, text] of engineFiles(name, engineModule)) placed.set(path, Buffer.from(text));
  const key = hashJson([...placed].map(([path, bytes]) => [path, sha256(bytes)]));
  const folder = join(cacheDir, "pattern-libraries", `${name}-${key.slice(0, 32)}`);
  for (const [path, bytes] of placed) await ensureFile(join(folder, path), bytes);
  const [entry = ""] = traced.modules;
  return {
    name,
    sha256: library.sha256,
    entry: pathToFileURL(join(folder, entry)).href,
    fixtures: join(folder, "fixtures"),
  };
}

async function ensureFile(path: string, bytes: Buffer): Promise<void> {
  if ((await readFileIfThere(path, bytes.length).catch(() => null))?.equals(bytes)) return;
  await ensureDirectory(dirname(path));
  await writeFileAtomic(path, bytes);
}

/** Lets the copy find the engine of this very package by its public name. */
function engineFiles(name: string, engineModule: URL | null): readonly (readonly [string, string])[] {
  if (engineModule === null) {
    throw new OrchestratorError(
      "library_refused",
      `the library ${name} imports codex-orchestrator/patterns, which this build does not have; build the whole package (npm run build)`,
    );
  }
  const folder = "node_modules/codex-orchestrator";
  return [
    [`${folder}/package.json`, JSON.stringify({ type: "module", exports: { "./patterns": "./patterns.mjs" } })],
    [`${folder}/patterns.mjs`, `export * from ${JSON.stringify(engineModule.href)};\n`],
  ];
}

const PackageJson = z.object({ exports: z.unknown(), main: z.string().optional(), type: z.string().optional() });

function readPackageJson(files: ReadonlyMap<string, Buffer>): z.infer<typeof PackageJson> {
  try {
    return PackageJson.parse(JSON.parse(files.get("package.json")?.toString("utf8") ?? "{}"));
  } catch {
    return { exports: undefined };
  }
}

/** The module that a library begins with: `exports` or `main` of its package.json, else `index.mjs`, `index.js`. */
function entryOf(name: string, files: ReadonlyMap<string, Buffer>): string {
  const { exports, main } = readPackageJson(files);
  const named = (exportOf(exports, 4) ?? main)?.replace(/^\.\//, "");
  const found = (named === undefined ? ["index.mjs", "index.js"] : [named]).find((path) => files.has(path));
  if (found !== undefined && /\.[cm]?js$/.test(found)) return found;
  throw new OrchestratorError(
    "library_refused",
    `the library ${name} has no ${named ?? "index.mjs or index.js"} to begin with; name a JavaScript file of it in "exports" or "main" of its package.json`,
  );
}

function exportOf(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  const condition = [".", "node", "import", "default", "require"].find((key) => Object.hasOwn(value, key));
  return condition === undefined ? undefined : exportOf(Reflect.get(value, condition), depth - 1);
}

function typeOf(files: ReadonlyMap<string, Buffer>, { modules, isModule }: TracedLibrary): "module" | "commonjs" {
  const { type } = readPackageJson(files);
  if (type === "module" || type === "commonjs") return type;
  return modules[0]?.endsWith(".js") === true && isModule ? "module" : "commonjs";
}
