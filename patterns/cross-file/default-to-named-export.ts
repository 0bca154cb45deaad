import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Rewrite } from "../engine/codemod.ts";
import { whyLeftOut } from "../engine/left-out.ts";
import type { SourceFile } from "../engine/source-file.ts";
import type { CrossFileCodemod, CrossFileInput, CrossFileRefusal, CrossFileScan } from "./cross-file-codemod.ts";
import { type DefaultExport, readDefaultExport } from "./default-exports.ts";
import { findDefaultUses } from "./default-uses.ts";
import { findEntryPoints } from "./entry-points.ts";
import { loadProject } from "./load-project.ts";
import { findOpaqueUses, moduleStem } from "./module-uses.ts";
import { createReader, type SourceReader } from "./source-reader.ts";
import { isModulePath, type SourceSet } from "./source-set.ts";

/**
 * Turns `export default` of a function, class, interface or declared name into a named export, in the modules of the named folder, and changes
 * every use of it in the whole root: `import a from`, `{ default as a }`, `export { default } from`, members of namespaces, `import()`, types. Local
 * names stay (`import { parse as read } from`), and a module that exported it as its own default goes on to do so.
 *
 * A default export stays, with the reason, where it has no name of its own; is assigned to later (a named export is live, a default one is
 * not); is overloaded; would clash with another export; is passed on by `export *`; is loaded by `require`; is in a module that a call names
 * (a mock, `React.lazy` around a bare `import()`, `new URL`); is used in a file that is generated, cannot be parsed or is no module; is shown by
 * a package.json; or is imported nowhere, since then whoever uses it is not in sight (frameworks, tools and their configurations demand default
 * exports). Where a module is loaded by a computed name, every default export stays, unless `loads=ignore` says that none of them is meant.
 * `export { a as default }` and declaration files are left alone.
 */
export const defaultToNamedExport: CrossFileCodemod = {
  id: "default-to-named-export",
  version: "1.0.0",
  title: "Turn default exports into named ones",
  description: "Turns default exports that have a name into named exports, with every import of them.",
  keywords: [
    "default to named",
    "default exports to named",
    "default exports into named",
    "named exports instead of default",
  ],
  languages: ["javascript", "typescript"],
  settings: [
    { name: "loads", required: false, help: "ignore: modules that are loaded by a computed name are none of these" },
    { name: "public", required: false, help: "allow: also modules that a package.json shows to others" },
  ],
  scan,
};

/** A default export that may become a named one, until something speaks against it. */
interface Target extends DefaultExport {
  readonly path: string;
  readonly uses: { readonly path: string; readonly rewrite: Rewrite }[];
  readonly refusals: CrossFileRefusal[];
}

async function scan({ sources, folder, settings }: CrossFileInput): Promise<CrossFileScan> {
  checkChoice(settings, "loads", "ignore");
  checkChoice(settings, "public", "allow");
  const read = createReader(sources);
  const { targets, refusals } = findTargets(sources, read, folder, settings);
  if (targets.size === 0) return { rewrites: new Map(), refusals };
  const project = await loadProject(sources, new Set());
  const candidates = candidatesFor(sources, targets);
  for (const path of candidates) collectUses(sources, read, path, targets, project.resolve);
  if (settings["loads"] !== "ignore") refuseComputedLoads(sources, read, targets);
  return sumUp(targets, refusals);
}

function checkChoice(settings: Readonly<Record<string, string>>, name: string, choice: string): void {
  const value = settings[name];
  if (value === undefined || value === choice) return;
  throw new OrchestratorError("usage", `default-to-named-export: ${name} is ${choice} or left out, not "${value}"`);
}

function findTargets(
  sources: SourceSet,
  read: SourceReader,
  folder: string,
  settings: Readonly<Record<string, string>>,
) {
  const isEntry = findEntryPoints(sources);
  const targets = new Map<string, Target>();
  const refusals: CrossFileRefusal[] = [];
  for (const path of sources.paths) {
    if (!path.startsWith(folder) || !isModulePath(path) || /\.d\.[cm]?ts$/.test(path)) continue;
    if (!/export\s+default\b/.test(sources.text(path)) || whyLeftOut(path, sources.text(path)) !== null) continue;
    const source = read(path);
    const found = typeof source === "string" ? { at: 0, reason: source } : readDefaultExport(source);
    if (found === null) continue;
    if ("reason" in found) refusals.push({ path, ...found });
    else if (settings["public"] !== "allow" && isEntry(path)) {
      refusals.push({
        path,
        at: found.at,
        reason: "a package.json shows this module to others, who may import its default export",
      });
    } else targets.set(path, { ...found, path, uses: [], refusals: [] });
  }
  return { targets, refusals };
}

/**
 * Files that hold a specifier whose last part may lead to a target. Where names are mapped to other names, by tsconfig or package.json, every
 * file may.
 */
function candidatesFor(sources: SourceSet, targets: ReadonlyMap<string, Target>): readonly string[] {
  const isMapped = sources.paths.some(
    (path) => /(?:package|[jt]sconfig[^/]*)\.json$/.test(path) && /"(?:paths|imports)"/.test(sources.text(path)),
  );
  const stems = new Set([...targets.keys()].map(moduleStem));
  const leads = (specifier: string) =>
    /(?:^|\/)\.{0,2}\/?$/.test(specifier) ||
    stems.has(moduleStem(specifier)) ||
    stems.has(specifier.split("/").at(-1) ?? "");
  return sources.paths.filter((path) => {
    if (path.endsWith(".json")) return false;
    if (isMapped) return true;
    const text = sources.text(path);
    return (
      [...text.matchAll(/["'`]([^"'`\n\r]+)["'`]/g)].some(([, specifier = ""]) => leads(specifier)) ||
      text.includes("\\")
    );
  });
}

function collectUses(
  sources: SourceSet,
  read: SourceReader,
  path: string,
  targets: ReadonlyMap<string, Target>,
  resolve: (from: string, specifier: string) => string | null,
): void {
  const source = isModulePath(path) ? read(path) : "it is no module";
  if (typeof source === "string") {
    for (const target of targets.values()) {
      if (sources.text(path).includes(moduleStem(target.path)))
        target.refusals.push({ path, at: 0, reason: `this file may import ${target.name}: ${source}` });
    }
    return;
  }
  const naming = {
    resolve: (specifier: string) => resolve(path, specifier),
    nameOf: (target: string) => targets.get(target)?.name ?? null,
  };
  const foreign = whyLeftOut(path, sources.text(path));
  for (const use of findDefaultUses(source, naming)) {
    const target = targets.get(use.target);
    if (target === undefined) continue;
    const { name } = target;
    if ("refusal" in use) target.refusals.push({ path, at: use.at, reason: `${name} ${use.refusal}` });
    else if (foreign !== null)
      target.refusals.push({ path, at: use.at, reason: `this file uses ${name}, and is left alone: ${foreign}` });
    else
      target.uses.push({
        path,
        rewrite: { at: use.at, reason: `${name} is a named export now`, splices: [use.splice] },
      });
  }
}

function refuseComputedLoads(sources: SourceSet, read: SourceReader, targets: ReadonlyMap<string, Target>): void {
  for (const path of sources.paths) {
    if (
      !isModulePath(path) ||
      !/\bimport\s*\(|\brequire\s*\(|\.glob\b|\.globEager\b|\.context\b/.test(sources.text(path))
    )
      continue;
    const source = read(path);
    const at = typeof source === "string" ? undefined : computedLoad(source);
    if (at === undefined) continue;
    const reason =
      "a module is loaded here whose name only the running program knows; --set loads=ignore says that it is none of these";
    for (const target of targets.values()) target.refusals.push({ path, at, reason });
  }
}

function computedLoad(source: SourceFile): number | undefined {
  const [unknown] = findOpaqueUses(source).unknown;
  const bundled = source.nodesOfType("MemberExpression").find(({ node }) => {
    const name = node.property.type === "Identifier" ? node.property.name : "";
    const isMeta = node.object.type === "MetaProperty" && name.startsWith("glob");
    return isMeta || (name === "context" && node.object.type === "Identifier" && node.object.name === "require");
  });
  return unknown ?? bundled?.node.start;
}

/** One reason for each default export that stays, and the edits of all others. */
function sumUp(targets: ReadonlyMap<string, Target>, before: readonly CrossFileRefusal[]): CrossFileScan {
  const rewrites = new Map<string, Rewrite[]>();
  const refusals = [...before];
  const add = (path: string, rewrite: Rewrite) => rewrites.set(path, [...(rewrites.get(path) ?? []), rewrite]);
  for (const target of targets.values()) {
    const [first] = target.refusals;
    if (first !== undefined)
      refusals.push({ ...first, reason: `keeps the default export of ${target.path}: ${first.reason}` });
    else if (target.uses.length === 0) {
      const reason = "nothing in sight imports this default export, so whoever does cannot be changed";
      refusals.push({ path: target.path, at: target.at, reason });
    } else {
      add(target.path, target.rewrite);
      for (const { path, rewrite } of target.uses) add(path, rewrite);
    }
  }
  return { rewrites, refusals };
}
