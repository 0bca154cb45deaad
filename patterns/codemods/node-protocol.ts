import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { resolveName, type Scope, soleDeclaration } from "../engine/scope.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { isStringLiteral, isWrittenPlainly, type StringLiteral } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

const quotedBuiltin = new RegExp(`(["'])(?:${[...builtinModules].join("|")})\\1`, "g");

/**
 * Adds `node:` to the specifier of a built-in module in `import`, `export … from`, `import()`, `require()`, TypeScript's
 * `import x = require()` and its import types.
 *
 * `require` counts where it is the host's own, or a variable of whatever name that holds the result of `createRequire` imported
 * from `module`. One that is a parameter or another local name, or that is assigned to, is left alone; one within reach of
 * `with` or a direct `eval` is refused.
 *
 * Left alone as well, since the string need not go through the loader of Node.js: `jest.mock`, `vi.mock` and the like,
 * `require.resolve`, `module.require`, AMD `define`, `declare module "fs"` and all inside of it, JSDoc types, template
 * literals. A specifier written with an escape is refused: a splice could cut the escape in two.
 *
 * Asks for Node.js 16 or later in the package; a bundler that swaps built-ins for browser packages must know the prefix.
 */
export const nodeProtocol: Codemod = {
  id: "node-protocol",
  version: "1.0.0",
  title: "Use the node: protocol for built-in modules",
  description:
    "Adds `node:` to the specifiers of built-in modules in import, export, import(), require() and import types.",
  keywords: [
    "node: protocol",
    "node: prefix",
    "node: specifier",
    "node: import",
    "node: builtin",
    "builtin node:",
    "prefix builtin",
    "import node:",
    "require node:",
    "node protocol import",
    "node protocol builtin",
    "builtin node protocol",
    "use node protocol",
  ],
  languages: ["javascript", "typescript"],
  prefilter: mayLoadBuiltin,
  scan,
};

function mayLoadBuiltin(text: string): boolean {
  for (const { index } of text.matchAll(quotedBuiltin)) if (mayBeSpecifier(text, index)) return true;
  return false;
}

/** A specifier stands behind a bracket, `from` or `import`, with blanks or comments between: a line before it may end in one. */
function mayBeSpecifier(text: string, index: number): boolean {
  let at = index - 1;
  while (at >= 0 && /[^\S\n\r\u2028\u2029]/.test(text.charAt(at))) at -= 1;
  return /(?:[(/\n\r\u2028\u2029]|from|import|^)$/.test(text.slice(Math.max(0, at - 5), at + 1));
}

function scan(source: SourceFile): Scan {
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const required = source.nodesOfType("CallExpression").flatMap(({ node, scope }) => {
    const literal = builtinArgument(node);
    if (literal === null) return [];
    const answer = isRequire(source, scope, node.callee);
    if (answer === "unknown") refusals.push({ at: node.start, reason: "require may be shadowed by with or eval" });
    return answer === "yes" ? [literal] : [];
  });
  for (const literal of [...staticSpecifiers(source), ...required]) {
    if (!builtinModules.has(literal.value)) continue;
    if (isWrittenPlainly(literal, source.text)) rewrites.push(prefixed(literal));
    else refusals.push({ at: literal.start, reason: "the specifier is written with an escape" });
  }
  return { rewrites, refusals };
}

function prefixed(literal: StringLiteral): Rewrite {
  const at = literal.start + 1;
  const reason = `${literal.value} is a built-in module: node:${literal.value}`;
  return { at: literal.start, reason, splices: [{ start: at, end: at, text: "node:" }] };
}

function staticSpecifiers(source: SourceFile): readonly StringLiteral[] {
  const specifiers: (Node | null)[] = [
    ...source.nodesOfType("ImportDeclaration").map(({ node }) => node.source),
    ...source.nodesOfType("ExportNamedDeclaration").map(({ node }) => node.source),
    ...source.nodesOfType("ExportAllDeclaration").map(({ node }) => node.source),
    ...source.nodesOfType("ImportExpression").map(({ node }) => node.source),
    ...source.nodesOfType("TSExternalModuleReference").map(({ node }) => node.expression),
    ...source.nodesOfType("TSImportType").map(({ node }) => node.source),
  ];
  return specifiers.filter((node): node is StringLiteral => node !== null && isStringLiteral(node));
}

function builtinArgument(node: Extract<Node, { type: "CallExpression" }>): StringLiteral | null {
  const [argument] = node.arguments;
  if (argument === undefined || node.arguments.length !== 1 || !isStringLiteral(argument)) return null;
  return builtinModules.has(argument.value) ? argument : null;
}

function isRequire(source: SourceFile, scope: Scope, callee: Node): "yes" | "no" | "unknown" {
  if (callee.type !== "Identifier") return "no";
  const resolution = resolveName(scope, callee.name);
  if (resolution.kind === "unknown") return callee.name === "require" ? "unknown" : "no";
  if (resolution.kind === "free") {
    return callee.name === "require" && !source.assignedNames().has("require") ? "yes" : "no";
  }
  const declaration = soleDeclaration(resolution.binding);
  if (declaration?.node.type !== "VariableDeclarator" || source.assignedNames().has(callee.name)) return "no";
  const { id, init } = declaration.node;
  const isMade = id.type === "Identifier" && init?.type === "CallExpression";
  return isMade && isCreateRequire(resolution.binding.scope, init.callee) ? "yes" : "no";
}

/** `createRequire` as a named import of `module`, or as a member of its default or namespace import. */
function isCreateRequire(scope: Scope, callee: Node): boolean {
  if (callee.type === "Identifier") return importedFromModule(scope, callee.name) === "createRequire";
  if (callee.type !== "MemberExpression" || callee.computed || callee.object.type !== "Identifier") return false;
  return callee.property.name === "createRequire" && importedFromModule(scope, callee.object.name) === "*";
}

/** What a name stands for in `module`: the name of an export, `*` for the module itself, null where it is something else. */
function importedFromModule(scope: Scope, name: string): string | null {
  const resolution = resolveName(scope, name);
  const declaration = resolution.kind === "bound" ? soleDeclaration(resolution.binding) : null;
  if (declaration?.statement.type !== "ImportDeclaration") return null;
  if (!["module", "node:module"].includes(declaration.statement.source.value)) return null;
  const specifier = declaration.node;
  if (specifier.type !== "ImportSpecifier") return "*";
  const { imported } = specifier;
  const exported = imported.type === "Literal" ? imported.value : imported.name;
  return exported === "default" ? "*" : exported;
}
