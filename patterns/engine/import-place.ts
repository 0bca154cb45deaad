import type { Node } from "oxc-parser";
import type { Splice } from "./codemod.ts";
import type { SourceFile } from "./source-file.ts";
import { isHostName, requiredModule } from "./syntax.ts";

/** How a file loads modules. */
export type ModuleSystem = "import" | "require";

/** How a file loads modules, by its syntax and its name; null where neither says. */
export function moduleSystem(source: SourceFile): ModuleSystem | null {
  if (source.isModule) return "import";
  if (source.path.endsWith(".cjs")) return "require";
  const isCommonJs = source
    .nodesOfType("Identifier")
    .some(({ node, scope }) => commonJsNames.has(node.name) && isHostName(source, scope, node.name));
  return isCommonJs ? "require" : null;
}

const commonJsNames: ReadonlySet<string> = new Set(["require", "module", "exports"]);

/**
 * The insertion that adds statements which load modules: after the file's first run of such statements, and at the top of a file
 * that has none. Null where a comment would be torn from what it belongs to.
 */
export function importSplice(source: SourceFile, system: ModuleSystem, statements: readonly string[]): Splice | null {
  const place = findPlace(source, system);
  if (place === null) return null;
  const lineEnd = /\r\n|\n|\r/.exec(source.text)?.[0] ?? "\n";
  const lines = statements.join(lineEnd);
  return { start: place.at, end: place.at, text: place.isAfter ? `${lineEnd}${lines}` : `${lines}${lineEnd}` };
}

interface Place {
  readonly at: number;
  readonly isAfter: boolean;
}

/** A place at which no comment is torn from what it belongs to. */
function findPlace(source: SourceFile, system: ModuleSystem): Place | null {
  const statements = source.program.body.filter((node) => !isDirective(node));
  const count = statements.findIndex((node) => !bringsIn(source, node, system));
  const last = statements[(count === -1 ? statements.length : count) - 1];
  if (last !== undefined)
    return /^[ \t]*(?:$|[\r\n])/.test(source.text.slice(last.end)) ? { at: last.end, isAfter: true } : null;
  const first = statements[0];
  if (first === undefined) return null;
  const before = source.program.body.filter(isDirective).at(-1)?.end ?? source.program.hashbang?.end ?? 0;
  const gap = source.text.slice(before, first.start);
  const isOwnLine = before === 0 ? gap.trim() === "" : /^\s*[\r\n]\s*$/.test(gap);
  return isOwnLine ? { at: first.start, isAfter: false } : null;
}

function isDirective(node: Node): boolean {
  return node.type === "ExpressionStatement" && typeof node.directive === "string";
}

function bringsIn(source: SourceFile, node: Node, system: ModuleSystem): boolean {
  if (node.type === "ImportDeclaration" || node.type === "TSImportEqualsDeclaration") return true;
  if (system === "import" || node.type !== "VariableDeclaration") return false;
  return node.declarations.every(({ init }) => init !== null && isPlainRequire(source, init));
}

/** `require("x")`, or a member of it. */
function isPlainRequire(source: SourceFile, expression: Node): boolean {
  let node = expression;
  while (node.type === "MemberExpression" && !node.computed) node = node.object;
  return requiredModule(source, source.topScope, node) !== null;
}

/** The quote that the file's imports and strings begin with. */
export function quoteOf(source: SourceFile): string {
  const literal = source.nodesOfType("Literal").find(({ node }) => typeof node.value === "string");
  return literal !== undefined && source.text[literal.node.start] === "'" ? "'" : '"';
}
