import type { Node } from "oxc-parser";
import type { Rewrite } from "../engine/codemod.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { isHostName, requiredModule } from "../engine/syntax.ts";

/** The rewrite that brings the project's logger into a file, or the reason why it cannot be placed. */
type LoggerImport = { readonly ok: true; readonly rewrite: Rewrite } | { readonly ok: false; readonly reason: string };

/**
 * Imports `logger` from the project's logger module: after the file's first run of imports, or of `require` statements, and at
 * the top of a file that has neither. `module` is relative to the repository, with the extension that the specifier shall have.
 */
export function importLogger(source: SourceFile, module: string): LoggerImport {
  if (withoutExtension(source.path) === withoutExtension(module)) return refused("this is the logger module itself");
  if (source.nodesOfType("Identifier").some(({ node }) => node.name === "logger")) {
    return refused("the file uses the name logger for something else");
  }
  const system = moduleSystem(source);
  if (system === null) return refused("neither an ES module nor CommonJS, by what the file shows");
  const place = findPlace(source, system);
  if (place === null) return refused("no clear place for the import of the logger");
  const statement = statementFor(system, relativeSpecifier(source.path, module), quoteOf(source));
  const lineEnd = /\r\n|\n|\r/.exec(source.text)?.[0] ?? "\n";
  const text = place.isAfter ? `${lineEnd}${statement}` : `${statement}${lineEnd}`;
  const splices = [{ start: place.at, end: place.at, text }];
  return { ok: true, rewrite: { at: place.at, reason: `the logger comes from ${module}`, splices } };
}

function refused(reason: string): LoggerImport {
  return { ok: false, reason };
}

type ModuleSystem = "import" | "require";

function moduleSystem(source: SourceFile): ModuleSystem | null {
  if (source.isModule) return "import";
  if (source.path.endsWith(".cjs")) return "require";
  const isCommonJs = source
    .nodesOfType("Identifier")
    .some(({ node, scope }) => commonJsNames.has(node.name) && isHostName(source, scope, node.name));
  return isCommonJs ? "require" : null;
}

const commonJsNames: ReadonlySet<string> = new Set(["require", "module", "exports"]);

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

function statementFor(system: ModuleSystem, specifier: string, quote: string): string {
  const quoted = `${quote}${specifier}${quote}`;
  return system === "import" ? `import { logger } from ${quoted};` : `const { logger } = require(${quoted});`;
}

/** The quote that the file's imports and strings begin with. */
function quoteOf(source: SourceFile): string {
  const literal = source.nodesOfType("Literal").find(({ node }) => typeof node.value === "string");
  return literal !== undefined && source.text[literal.node.start] === "'" ? "'" : '"';
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}

function relativeSpecifier(from: string, to: string): string {
  const folders = from.split("/").slice(0, -1);
  const parts = to.split("/");
  let shared = 0;
  while (shared < folders.length && shared < parts.length - 1 && folders[shared] === parts[shared]) shared += 1;
  const up = "../".repeat(folders.length - shared);
  return `${up === "" ? "./" : up}${parts.slice(shared).join("/")}`;
}
