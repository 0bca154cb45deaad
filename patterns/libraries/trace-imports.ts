import { posix } from "node:path";
import type { Node } from "oxc-parser";
import { parseSource } from "../engine/parse-source.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { isHostName, isStringLiteral, requiredModule } from "../engine/syntax.ts";

/** What a module can get from Node without reading anything that the hash of the library does not hold. */
const pureModules: ReadonlySet<string> = new Set(
  "assert assert/strict buffer path path/posix path/win32 querystring string_decoder url util".split(" "),
);
/** Free names by which code gets at more than its arguments. */
const outsideNames = ["eval", "Function", "process", "globalThis", "global", "fetch", "WebAssembly"] as const;
/** The entry of this package that gives a codemod the engine's functions. */
const enginePackage = "codex-orchestrator/patterns";

const modulesMax = 2_000;

/** What is loaded with the entry of a library. */
export interface TracedLibrary {
  /** Paths of its modules, the entry first. */
  readonly modules: readonly string[];
  readonly usesEngine: boolean;
  /** True where the entry is an ES module by its name or its syntax. */
  readonly isModule: boolean;
  /** What leads out of the library, or cannot be followed: one sentence each, with path. */
  readonly problems: readonly string[];
}

/**
 * Follows every import from the entry. Only files of the library, `codex-orchestrator/patterns` and modules of Node that read nothing may be
 * loaded, and only by a literal name: what runs is then what the hash is of. It finds mistakes; code that means to get out of a JavaScript
 * engine can.
 */
export function traceImports(files: ReadonlyMap<string, Buffer>, entry: string): TracedLibrary {
  const modules = [entry];
  const problems: string[] = [];
  let usesEngine = false;
  let isModule = false;
  for (let at = 0; at < modules.length && at < modulesMax; at += 1) {
    const path = modules[at] ?? "";
    if (path.endsWith(".json")) continue;
    const parsed = parseSource(path, (files.get(path)?.toString("utf8") ?? "").replace(/^\uFEFF/, ""));
    if (!parsed.ok) {
      problems.push(`${path}: ${parsed.reason}`);
      continue;
    }
    isModule ||= at === 0 && parsed.source.isModule;
    problems.push(...outsideUses(parsed.source).map((what) => `${path}: ${what}`));
    for (const specifier of specifiersIn(parsed.source)) {
      const target = specifier === null ? "a name that is computed" : resolveSpecifier(files, path, specifier);
      usesEngine ||= specifier === enginePackage;
      if (specifier === null || typeof target === "string")
        problems.push(`${path} imports ${specifier === null ? "" : `"${specifier}": `}${String(target)}`);
      else if (target.path !== null && !modules.includes(target.path)) modules.push(target.path);
    }
  }
  return { modules, usesEngine, isModule, problems };
}

/** The file that a specifier leads to, null for none of the library that is allowed, or why it is not. */
function resolveSpecifier(
  files: ReadonlyMap<string, Buffer>,
  from: string,
  specifier: string,
): { readonly path: string | null } | string {
  if (specifier === enginePackage || pureModules.has(specifier.replace(/^node:/, ""))) return { path: null };
  if (!/^\.\.?\//.test(specifier) || /[%\\?#]/.test(specifier))
    return "it is no file of the library; put what it needs into the library's own files";
  const path = posix.join(posix.dirname(from), specifier);
  if (path.startsWith("..")) return "it leads out of the library";
  const found = [path, `${path}.js`, `${path}.json`, `${path}/index.js`].find((each) => files.has(each));
  if (found === undefined || !/\.(?:[cm]?js|json)$/.test(found)) return "there is no such JavaScript in the library";
  return { path: found };
}

/** Every name that a module loads another by; null for one that is computed. */
function specifiersIn(source: SourceFile): readonly (string | null)[] {
  const nodes: (Node | null)[] = [
    ...source.nodesOfType("ImportDeclaration").map(({ node }) => node.source),
    ...source.nodesOfType("ExportNamedDeclaration").flatMap(({ node }) => node.source ?? []),
    ...source.nodesOfType("ExportAllDeclaration").map(({ node }) => node.source),
    ...source.nodesOfType("ImportExpression").map(({ node }) => node.source),
    ...source
      .nodesOfType("Identifier")
      .filter(
        ({ node, scope, parent }) =>
          node.name === "require" && isUse(node, parent?.node) && isHostName(source, scope, "require"),
      )
      .map(({ scope, parent }) => (parent === null ? null : requiredModule(source, scope, parent.node))),
  ];
  return nodes.map((node) => (node !== null && isStringLiteral(node) ? node.value : null));
}

function outsideUses(source: SourceFile): readonly string[] {
  const names = outsideNames.filter((name) =>
    source
      .nodesOfType("Identifier")
      .some(
        ({ node, scope, parent }) => node.name === name && isUse(node, parent?.node) && isHostName(source, scope, name),
      ),
  );
  const reachesLoader = source
    .nodesOfType("Identifier")
    .some(
      ({ node, scope, parent }) =>
        node.name === "module" && isHostName(source, scope, "module") && !isExports(node, parent?.node),
    );
  const meta = source.nodesOfType("MetaProperty").some(({ node }) => node.meta.name === "import");
  const found = [...names, ...(meta ? ["import.meta"] : []), ...(reachesLoader ? ["module"] : [])];
  return found.map((name) => `it uses ${name}, by which it can read what its hash does not hold`);
}

/** True for `module.exports`, and for a name that only looks like the host's. */
function isExports(node: Node, parent: Node | undefined): boolean {
  if (!isUse(node, parent)) return true;
  if (parent?.type !== "MemberExpression" || parent.object !== node || parent.computed) return false;
  return parent.property.type === "Identifier" && parent.property.name === "exports";
}

/** False for the name of a member or a key, which only looks like a use. */
function isUse(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === "MemberExpression") return parent.computed || parent.object === node;
  if (parent?.type === "Property") return parent.computed || parent.value === node;
  return (
    parent?.type !== "MethodDefinition" && parent?.type !== "PropertyDefinition" && parent?.type !== "LabeledStatement"
  );
}
