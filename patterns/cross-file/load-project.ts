import type { Project, ts } from "ts-morph";
import { isModulePath, type SourceSet } from "./source-set.ts";

/** The compiler at work on a candidate set. Paths are those of the source set. */
export interface LoadedProject {
  /** Every place that a rename of the name at an offset touches, with the text that goes before and after the new name. */
  renameLocations(path: string, at: number): readonly RenamePlace[];
  /** The module of the set that a specifier leads to, or null. */
  resolve(from: string, specifier: string): string | null;
}

/** One place of a rename. */
export interface RenamePlace {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * Loads the compiler, and the candidates with the texts they have. Of every other module it knows only that it is there, so that each
 * specifier leads where it leads in the whole project.
 */
export async function loadProject(sources: SourceSet, candidates: ReadonlySet<string>): Promise<LoadedProject> {
  const morph = await import("ts-morph");
  const options = { ...compilerOptions(morph.ts), ...pathMapping(morph.ts, sources) };
  const project = new morph.Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    compilerOptions: options,
  });
  fillFileSystem(project, sources, candidates);
  project.createSourceFile(libraryPath, library);
  for (const path of candidates) project.createSourceFile(`/${path}`, sources.text(path), { overwrite: true });
  const host = project.getModuleResolutionHost();
  const service = project.getLanguageService().compilerObject;
  const cache = new Map<string, string | null>();
  return {
    renameLocations(path, at) {
      const found = service.findRenameLocations(`/${path}`, at, false, false, {
        providePrefixAndSuffixTextForRename: true,
      });
      return distinct((found ?? []).map(placeOf));
    },
    resolve(from, specifier) {
      const key = `${from}\0${specifier}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const { resolvedModule } = morph.ts.resolveModuleName(specifier, `/${from}`, options, host);
      const path = resolvedModule?.resolvedFileName.slice(1) ?? null;
      const found = path !== null && sources.has(path) ? path : null;
      cache.set(key, found);
      return found;
    },
  };
}

function compilerOptions({ ModuleKind, ModuleResolutionKind, ScriptTarget, JsxEmit }: typeof ts): ts.CompilerOptions {
  return {
    allowJs: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.Bundler,
    target: ScriptTarget.ES2022,
    noLib: true,
    jsx: JsxEmit.Preserve,
    types: [],
  };
}

/** `paths` and `baseUrl` of the root's tsconfig.json; what it extends is not looked at. */
function pathMapping(compiler: typeof ts, sources: SourceSet): ts.CompilerOptions {
  const path = ["tsconfig.json", "jsconfig.json"].find((each) => sources.has(each));
  if (path === undefined) return {};
  const { config }: { config?: { compilerOptions?: { paths?: unknown; baseUrl?: unknown } } } =
    compiler.parseConfigFileTextToJson(`/${path}`, sources.text(path));
  const { paths, baseUrl } = config?.compilerOptions ?? {};
  const { options } = compiler.convertCompilerOptionsFromJson({ paths, baseUrl }, "/", `/${path}`);
  return {
    ...(options.paths === undefined ? {} : { paths: options.paths, pathsBasePath: "/" }),
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
  };
}

/** No source lies there: the folder is ours, and never walked. */
const libraryPath = "/.patterns/library.d.ts";

/**
 * As much of the language's own types as names are followed through: what `import()` gives. The whole of them takes a third of a second to
 * read, and what goes through a method of an array, or `Promise.all`, is not followed anyway.
 */
const library = `
interface Array<T> { length: number; [index: number]: T }
interface ReadonlyArray<T> { readonly length: number; readonly [index: number]: T }
interface Boolean {}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface Function {}
interface IArguments {}
interface Number {}
interface Object {}
interface RegExp {}
interface String {}
interface PromiseLike<T> {
  then<A = T, B = never>(done?: ((value: T) => A | PromiseLike<A>) | null, failed?: ((reason: any) => B | PromiseLike<B>) | null): PromiseLike<A | B>;
}
interface Promise<T> {
  then<A = T, B = never>(done?: ((value: T) => A | PromiseLike<A>) | null, failed?: ((reason: any) => B | PromiseLike<B>) | null): Promise<A | B>;
  catch<B = never>(failed?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B>;
  finally(done?: (() => void) | null): Promise<T>;
}
interface PromiseConstructor {}
declare var Promise: PromiseConstructor;
type Awaited<T> = T extends PromiseLike<infer U> ? Awaited<U> : T;
`;

function fillFileSystem(project: Project, sources: SourceSet, candidates: ReadonlySet<string>): void {
  const files = project.getFileSystem();
  for (const path of sources.paths) {
    if (!candidates.has(path)) files.writeFileSync(`/${path}`, isModulePath(path) ? "" : sources.text(path));
  }
}

function placeOf({ fileName, textSpan, prefixText = "", suffixText = "" }: ts.RenameLocation): RenamePlace {
  const { start, length } = textSpan;
  return { path: fileName.slice(1), start, end: start + length, prefix: prefixText, suffix: suffixText };
}

/** The compiler names a place twice where two ways lead to it. */
function distinct(places: readonly RenamePlace[]): readonly RenamePlace[] {
  const byPlace = new Map(places.map((place) => [`${place.path}\0${place.start}`, place]));
  return [...byPlace.values()].sort((left, right) =>
    left.path === right.path ? left.start - right.start : left.path < right.path ? -1 : 1,
  );
}
