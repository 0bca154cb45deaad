import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";

interface Loader {
  import(id: string): Promise<unknown>;
}
type MakeLoader = (from: string, options: { readonly fsCache: boolean; readonly interopDefault: boolean }) => Loader;

/**
 * Runs a module and gives its default export, undefined where it has none. TypeScript is read by `jiti`, as found from the module or from beside
 * this package, else by Node where that can. Throws `document_invalid` where neither can, and what the module throws.
 */
export async function importModule(file: string): Promise<unknown> {
  const isTypeScript = /\.[mc]?ts$/.test(file);
  const loader = isTypeScript ? await findLoader(file) : null;
  if (loader !== null) return defaultOf(await loader.import(file));
  if (isTypeScript && !hasTypeScript()) throw noLoader(file);
  return defaultOf(await import(/* @vite-ignore */ pathToFileURL(file).href));
}

function defaultOf(module: unknown): unknown {
  return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
}

function hasTypeScript(): boolean {
  const features: object = process.features;
  return "typescript" in features && features.typescript !== false;
}

async function findLoader(file: string): Promise<Loader | null> {
  const path = resolveFrom(file) ?? resolveFrom(import.meta.url);
  if (path === null) return null;
  const found: unknown = await import(/* @vite-ignore */ pathToFileURL(path).href);
  if (!isJiti(found)) return null;
  // Nothing is written beside the sources, and a module stays as it is.
  return found.createJiti(file, { fsCache: false, interopDefault: false });
}

function resolveFrom(place: string): string | null {
  try {
    return createRequire(place).resolve("jiti");
  } catch {
    return null;
  }
}

function isJiti(value: unknown): value is { readonly createJiti: MakeLoader } {
  return typeof value === "object" && value !== null && "createJiti" in value && typeof value.createJiti === "function";
}

function noLoader(file: string): OrchestratorError {
  return new OrchestratorError(
    "document_invalid",
    `${file} is TypeScript, which Node ${process.version} does not read by itself; npm install --save-dev jiti, or write it as .mjs or YAML`,
  );
}
