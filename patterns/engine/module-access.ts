import type { Rewrite } from "./codemod.ts";
import { importSplice, moduleSystem, quoteOf } from "./import-place.ts";
import { lazily } from "./lazily.ts";
import type { Denote } from "./module-members.ts";
import { resolveName, type Scope, soleDeclaration } from "./scope.ts";
import type { Located, SourceFile } from "./source-file.ts";
import { isHostName } from "./syntax.ts";

/** How code in a file can get at modules of Node.js. */
export interface ModuleAccess {
  /** An expression for the whole module at an offset, or null where there is no sound one. */
  expressionFor(scope: Scope, at: number, module: string): string | null;
  /** The names that the file had already and that the expressions given so far begin with. */
  names(): ReadonlySet<string>;
  /** The imports that the expressions given so far need, as one rewrite; empty where they need none. */
  imports(): readonly Rewrite[];
}

/**
 * Finds the way to a module: a name of the file's top scope that denotes it, `require("node:…")` in CommonJS, or a new import in an
 * ES module where the name of the module is still free in the whole file.
 */
export function createModuleAccess(source: SourceFile, denote: Denote): ModuleAccess {
  const system = lazily(() => moduleSystem(source));
  const known = lazily(() => topLevelModules(source, denote));
  const taken = lazily(() => namesIn(source));
  const added = new Set<string>();
  const used = new Set<string>();

  function expressionFor(scope: Scope, at: number, module: string): string | null {
    const name = known().get(module);
    if (name !== undefined && isThere(scope, at, name)) {
      used.add(name);
      return name;
    }
    if (system() === "require") return isHostName(source, scope, "require") ? requireOf(source, module) : null;
    const isFree = /^[a-z]\w*$/.test(module) && !taken().has(module);
    if (system() !== "import" || !isFree || importSplice(source, "import", [""]) === null) return null;
    added.add(module);
    return module;
  }

  /** True where the name means the one of the top scope, which has its value by then. */
  function isThere(scope: Scope, at: number, name: string): boolean {
    const resolution = resolveName(scope, name);
    if (resolution.kind !== "bound" || resolution.binding.scope !== source.topScope) return false;
    const declaration = soleDeclaration(resolution.binding);
    return declaration !== null && (declaration.kind === "import" || declaration.statement.end <= at);
  }

  function imports(): readonly Rewrite[] {
    const names = [...added].sort();
    const splice = names.length === 0 ? null : importSplice(source, "import", names.map(importOf));
    return splice === null
      ? []
      : [{ at: splice.start, reason: `the file then needs ${names.join(" and ")}`, splices: [splice] }];
  }

  function importOf(module: string): string {
    const quote = quoteOf(source);
    const clause = /\.[cm]?tsx?$/.test(source.path) ? `* as ${module}` : module;
    return `import ${clause} from ${quote}node:${module}${quote};`;
  }

  return { expressionFor, names: () => used, imports };
}

function requireOf(source: SourceFile, module: string): string {
  const quote = quoteOf(source);
  return `require(${quote}node:${module}${quote})`;
}

/** The names of the top scope that denote a whole module, by module. */
function topLevelModules(source: SourceFile, denote: Denote): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const { node, scope } of [
    ...source.nodesOfType("ImportDefaultSpecifier").map(({ node, scope }) => ({ node: node.local, scope })),
    ...source.nodesOfType("ImportNamespaceSpecifier").map(({ node, scope }) => ({ node: node.local, scope })),
    ...source.nodesOfType("VariableDeclarator").map(({ node, scope }) => ({ node: node.id, scope })),
  ]) {
    if (node.type !== "Identifier" || scope !== source.topScope) continue;
    const member = denote(scope, node);
    if (member?.path.length === 0 && member.doubt === null && !modules.has(member.module)) {
      modules.set(member.module, node.name);
    }
  }
  return modules;
}

function namesIn(source: SourceFile): ReadonlySet<string> {
  return new Set([
    ...source.nodesOfType("Identifier").flatMap((located) => (isMemberName(located) ? [] : [located.node.name])),
    ...source.nodesOfType("JSXIdentifier").map(({ node }) => node.name),
  ]);
}

function isMemberName({ node, parent }: Located): boolean {
  return parent?.node.type === "MemberExpression" && !parent.node.computed && parent.node.property === node;
}
