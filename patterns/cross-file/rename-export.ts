import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Rewrite } from "../engine/codemod.ts";
import { whyLeftOut } from "../engine/left-out.ts";
import { patternNames } from "../engine/pattern-names.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { applySplices } from "../engine/splices.ts";
import type { CrossFileCodemod, CrossFileInput, CrossFileRefusal, CrossFileScan } from "./cross-file-codemod.ts";
import { findEntryPoints } from "./entry-points.ts";
import { type LoadedProject, loadProject, type RenamePlace } from "./load-project.ts";
import { findOpaqueUses, moduleStem, usesName } from "./module-uses.ts";
import { createReader, type SourceReader } from "./source-reader.ts";
import { createSourceSet, isModulePath, mentions, type SourceSet } from "./source-set.ts";

/**
 * Gives an export another name, in its module and wherever that module's name is used: imports, namespace members, `await import()`,
 * types, `export *` chains. Local aliases stay, an object's shorthand member keeps its name (`{ a }` becomes `{ a: b }`), and a module
 * that exports it again by name goes on to export the old name (`export { b as a } from`), so that nobody further away is touched: rename it
 * there next, if that is wanted.
 *
 * Refused as a whole, since one missed place breaks the program: a file that already uses the new name; a module of the chain that is loaded
 * by `require`, named in a call (a mock, `require.resolve`, `new URL`), exported as a namespace, or whose namespace is handed on; a load whose
 * specifier is computed, in a file that names the export; a place in a generated file; a file that cannot be parsed, or a component of another
 * language, that names the export; a default export; a module that a package.json shows to others, unless `public=allow`.
 */
export const renameExport: CrossFileCodemod = {
  id: "rename-export",
  version: "1.0.0",
  title: "Rename an export everywhere",
  description: "Gives an export another name, in its module and in every module that uses it.",
  keywords: ["rename an export", "rename the export", "rename an exported"],
  languages: ["javascript", "typescript"],
  settings: [
    { name: "file", required: true, help: "the module that declares the export, relative to the root" },
    { name: "from", required: true, help: "the name that it has" },
    { name: "to", required: true, help: "the name that it gets" },
    { name: "public", required: false, help: "allow: also where a package.json shows the module to others" },
  ],
  scan,
};

interface Wish {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly isPublicAllowed: boolean;
}

async function scan({ sources, settings }: CrossFileInput): Promise<CrossFileScan> {
  const wish = readWish(sources, settings);
  const read = createReader(sources);
  const declared = declarationOf(read, wish);
  if (typeof declared === "string") return refusedAt(wish.file, 0, declared);
  const candidates = candidatesFor(sources, wish);
  const project = await loadProject(sources, candidates);
  const places = project.renameLocations(wish.file, declared);
  const stars = starsOf(sources, project, read);
  const affected = starChain(stars, wish.file);
  const refusals = [
    ...publicRefusals(sources, affected, wish),
    ...opaqueRefusals(sources, project, read, affected, wish),
    ...placeRefusals(sources, read, places, wish),
    ...disguises(read, candidates, wish),
    ...clashes(read, stars, affected, wish),
  ];
  if (refusals.length > 0) return { rewrites: new Map(), refusals };
  const rewrites = rewritesOf(places, wish);
  const doubt = await doubtAbout(sources, candidates, places, wish);
  return doubt === null ? { rewrites, refusals: [] } : refusedAt(wish.file, declared, doubt);
}

function readWish(
  sources: SourceSet,
  { file = "", from = "", to = "", public: open = "refuse" }: Readonly<Record<string, string>>,
): Wish {
  const path = file.replace(/^\.\//, "");
  if (!sources.has(path) || !isModulePath(path))
    throw usage(`file=${file} is no module below the root that git does not ignore`);
  for (const name of [from, to]) if (!isName(name)) throw usage(`"${name}" is no name that an export can have`);
  if (from === to) throw usage(`from and to are both ${from}`);
  if (open !== "allow" && open !== "refuse") throw usage(`public is allow or refuse, not "${open}"`);
  return { file: path, from, to, isPublicAllowed: open === "allow" };
}

function usage(message: string): OrchestratorError {
  return new OrchestratorError("usage", `rename-export: ${message}`);
}

const reserved: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if " +
    "implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof " +
    "undefined var void while with yield"
  ).split(" "),
);

function isName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text) && !reserved.has(text);
}

function refusedAt(path: string, at: number, reason: string): CrossFileScan {
  return { rewrites: new Map(), refusals: [{ path, at, reason }] };
}

/** Where the module gives the export its name, or why it cannot be renamed there. */
function declarationOf(read: SourceReader, { file, from }: Wish): number | string {
  const source = read(file);
  if (typeof source === "string") return source;
  for (const statement of source.program.body) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported } of statement.specifiers) {
      if (exported.type === "Identifier" && exported.name === from) return exported.start;
    }
    const { declaration } = statement;
    if (declaration === null) continue;
    if (declaration.type === "VariableDeclaration") {
      const found = declaration.declarations.find(({ id }) => id.type === "Identifier" && id.name === from);
      if (found !== undefined) return found.id.start;
    } else if ("id" in declaration && declaration.id?.type === "Identifier" && declaration.id.name === from) {
      return declaration.id.start;
    }
  }
  return `${file} exports no ${from} by its name`;
}

/** Modules that may name the export, by its old name or its new one, or pass it on without naming it. The last kind is taken whole: it is rare. */
function candidatesFor(sources: SourceSet, { file, from, to }: Wish): ReadonlySet<string> {
  const isCandidate = (text: string) => mentions(text, from) || mentions(text, to) || star.test(text);
  return new Set(
    sources.paths.filter((path) => isModulePath(path) && (path === file || isCandidate(sources.text(path)))),
  );
}

/** `export * from`, and the module of the set that it leads to. */
interface Star {
  readonly path: string;
  readonly at: number;
  readonly target: string | null;
}

function starsOf(sources: SourceSet, project: LoadedProject, read: SourceReader): readonly Star[] {
  return sources.paths.flatMap((path) => {
    const source = isModulePath(path) && star.test(sources.text(path)) ? read(path) : "";
    if (typeof source === "string") return [];
    const all = source.nodesOfType("ExportAllDeclaration").filter(({ node }) => node.exported === null);
    return all.map(({ node }) => ({ path, at: node.start, target: project.resolve(path, node.source.value) }));
  });
}

const star = /export\s*(?:type\s*)?\*/;

/** The module and those that pass on all that it exports. */
function starChain(stars: readonly Star[], file: string): ReadonlySet<string> {
  const affected = new Set([file]);
  for (let size = 0; size < affected.size; ) {
    size = affected.size;
    for (const { path, target } of stars) if (target !== null && affected.has(target)) affected.add(path);
  }
  return affected;
}

/** A module that passes on two exports of one name exports neither, and one of its own comes first. */
function clashes(
  read: SourceReader,
  stars: readonly Star[],
  affected: ReadonlySet<string>,
  { file, to }: Wish,
): readonly CrossFileRefusal[] {
  const has = (path: string, seen: ReadonlySet<string>): boolean => {
    const source = read(path);
    if (typeof source === "string" || exportsName(source, to)) return true;
    const next = new Set([...seen, path]);
    return stars.some(
      (each) => each.path === path && (each.target === null || (!next.has(each.target) && has(each.target, next))),
    );
  };
  const passing = [...affected].filter((path) => path !== file);
  const own = passing.filter((path) => {
    const source = read(path);
    return typeof source !== "string" && exportsName(source, to);
  });
  const beside = stars.filter(
    ({ path, target }) =>
      passing.includes(path) && (target === null || (!affected.has(target) && has(target, affected))),
  );
  return [
    ...own.map((path) => ({ path, at: 0, reason: `this module passes the export on, and exports a ${to} of its own` })),
    ...beside.map(({ path, at }) => ({
      path,
      at,
      reason: `what else is passed on here has the name ${to}, or may have it`,
    })),
  ];
}

function exportsName(source: SourceFile, name: string): boolean {
  return source.program.body.some((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return false;
    const { specifiers, declaration } = statement;
    if (specifiers.some(({ exported }) => (exported.type === "Identifier" ? exported.name : exported.value) === name))
      return true;
    if (declaration?.type === "VariableDeclaration") {
      return declaration.declarations.some(({ id }) => patternNames(id).includes(name));
    }
    return (
      declaration !== null &&
      "id" in declaration &&
      declaration.id?.type === "Identifier" &&
      declaration.id.name === name
    );
  });
}

function publicRefusals(sources: SourceSet, affected: ReadonlySet<string>, wish: Wish): readonly CrossFileRefusal[] {
  const isEntry = findEntryPoints(sources);
  if (wish.isPublicAllowed) return [];
  const reason = `a package.json shows this module to others, who may use ${wish.from}; --set public=allow renames it all the same`;
  return [...affected].filter(isEntry).map((path) => ({ path, at: 0, reason }));
}

/** Text that may reach a module in a way that names alone do not tell. */
const mayBeOpaque = /\*\s*as\b|\brequire\b|\bimport\s*\(|\bmock|\bMock|new\s+(?:URL|Worker)\b|["'`]\.{1,2}\//;

function opaqueRefusals(
  sources: SourceSet,
  project: LoadedProject,
  read: SourceReader,
  affected: ReadonlySet<string>,
  wish: Wish,
): readonly CrossFileRefusal[] {
  const stems = [...affected].map(moduleStem);
  return sources.paths.flatMap((path) => {
    const text = sources.text(path);
    const isNamed = mentions(text, wish.from);
    const isNear = stems.some((stem) => text.includes(stem));
    if (!isModulePath(path)) {
      const isScript = !path.endsWith(".json") && isNamed && isNear;
      return isScript
        ? [{ path, at: 0, reason: `this file may use ${wish.from}, and cannot be read as a module` }]
        : [];
    }
    if (!mayBeOpaque.test(text)) return [];
    const source = read(path);
    if (typeof source !== "string") return opaqueIn(source, project, affected, isNamed && path !== wish.file);
    return isNamed && isNear ? [{ path, at: 0, reason: `this file may use ${wish.from}: ${source}` }] : [];
  });
}

function opaqueIn(
  source: SourceFile,
  project: LoadedProject,
  affected: ReadonlySet<string>,
  isNamed: boolean,
): readonly CrossFileRefusal[] {
  const { path } = source;
  const uses = findOpaqueUses(source);
  const leads = (found: readonly { readonly value: string; readonly at: number }[], reason: string) =>
    found
      .filter(({ value }) => affected.has(project.resolve(path, value) ?? ""))
      .map(({ at, value }) => ({ path, at, reason: `${value} ${reason}` }));
  return [
    ...leads(uses.required, "is loaded by require here, whose members are not followed"),
    ...leads(uses.escaping, "is handed on whole here, where its members cannot be followed"),
    ...leads(uses.named, "is named in a call here, as a mock does it"),
    ...leads(uses.namespaces, "is exported as a namespace here, whose members are not followed"),
    ...(isNamed
      ? uses.unknown.map((at) => ({
          path,
          at,
          reason: "a module is loaded here whose name only the running program knows",
        }))
      : []),
  ];
}

function placeRefusals(
  sources: SourceSet,
  read: SourceReader,
  places: readonly RenamePlace[],
  { from, to }: Wish,
): readonly CrossFileRefusal[] {
  const files = [...new Set(places.map(({ path }) => path))];
  return files.flatMap((path) => {
    const foreign = whyLeftOut(path, sources.text(path));
    const source = read(path);
    if (foreign !== null || typeof source === "string") {
      return [{ path, at: 0, reason: `this file uses ${from}, and is left alone: ${foreign ?? String(source)}` }];
    }
    const used = usesName(source, to);
    return used === null ? [] : [{ path, at: used, reason: `this file uses ${from}, and has the name ${to} already` }];
  });
}

/** Places where the compiler does not look for the name: it is written with an escape, or as a string. */
function disguises(read: SourceReader, candidates: ReadonlySet<string>, { from }: Wish): readonly CrossFileRefusal[] {
  const reason = `${from} is written with an escape or as a string here`;
  return [...candidates].flatMap((path) => {
    const source = read(path);
    const at = typeof source === "string" ? null : disguisedName(source, from);
    return at === null ? [] : [{ path, at, reason }];
  });
}

function disguisedName(source: SourceFile, name: string): number | null {
  const escaped = source
    .nodesOfType("Identifier")
    .find(({ node }) => node.name === name && !source.text.startsWith(name, node.start));
  if (escaped !== undefined) return escaped.node.start;
  const exported = source.nodesOfType("ExportSpecifier").flatMap(({ node }) => [node.local, node.exported]);
  const imported = source.nodesOfType("ImportSpecifier").map(({ node }) => node.imported);
  const quoted = [...exported, ...imported].find((node) => node.type === "Literal" && node.value === name);
  return quoted?.start ?? null;
}

function rewritesOf(places: readonly RenamePlace[], { from, to }: Wish): ReadonlyMap<string, readonly Rewrite[]> {
  const rewrites = new Map<string, Rewrite[]>();
  for (const { path, start, end, prefix, suffix } of places) {
    const splice = { start, end, text: `${prefix}${to}${suffix}` };
    const rewrite = { at: start, reason: `${from} is called ${to} now`, splices: [splice] };
    rewrites.set(path, [...(rewrites.get(path) ?? []), rewrite]);
  }
  return rewrites;
}

/** Asks the compiler of the result where the new name is used: that must be exactly where it was put. */
async function doubtAbout(
  sources: SourceSet,
  candidates: ReadonlySet<string>,
  places: readonly RenamePlace[],
  wish: Wish,
): Promise<string | null> {
  const texts = new Map(sources.paths.map((path) => [path, sources.text(path)]));
  const expected: string[] = [];
  let declared = -1;
  for (const [path, rewrites] of rewritesOf(places, wish)) {
    const splices = rewrites.flatMap((rewrite) => rewrite.splices);
    texts.set(path, applySplices(sources.text(path), splices));
    let shift = 0;
    for (const place of places.filter((each) => each.path === path)) {
      const start = place.start + shift + place.prefix.length;
      expected.push(`${path}:${start}`);
      if (path === wish.file) declared = declared === -1 ? start : declared;
      shift += place.prefix.length + wish.to.length + place.suffix.length - (place.end - place.start);
    }
  }
  const after = await loadProject(createSourceSet(texts), candidates);
  const found = after.renameLocations(wish.file, declared).map(({ path, start }) => `${path}:${start}`);
  const isSame = found.sort().join("\n") === expected.sort().join("\n");
  return isSame ? null : `${wish.to} would mean something else in some place; nothing is renamed`;
}
