import type { Node } from "oxc-parser";
import { resolveName, type Scope } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";

/** A literal that is a string. */
export type StringLiteral = Extract<Node, { type: "Literal"; value: string }>;

export function isStringLiteral(node: Node): node is StringLiteral {
  return node.type === "Literal" && typeof node.value === "string";
}

/** True where the text between the quotes is the value itself, so that a splice inside them cannot cut an escape in two. */
export function isWrittenPlainly(literal: StringLiteral, text: string): boolean {
  return text.slice(literal.start + 1, literal.end - 1) === literal.value;
}

/** True where the name, at this place, is not declared or written to by the file, so that it is the host's own. */
export function isHostName(source: SourceFile, scope: Scope, name: string): boolean {
  return resolveName(scope, name).kind === "free" && !source.assignedNames().has(name);
}

/** The first direct `eval` of the file, which may use every name in reach of it; null where there is none. */
export function directEval(source: SourceFile): Node | null {
  const isEval = (node: Node) => node.type === "Identifier" && node.name === "eval";
  return source.nodesOfType("CallExpression").find(({ node }) => isEval(node.callee))?.node ?? null;
}

/** The specifier of a call of the host's `require` with one string, or null for any other node. */
export function requiredModule(source: SourceFile, scope: Scope, node: Node): StringLiteral | null {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier" || node.callee.name !== "require")
    return null;
  const [argument] = node.arguments;
  if (argument === undefined || node.arguments.length !== 1 || !isStringLiteral(argument)) return null;
  return isHostName(source, scope, "require") ? argument : null;
}

/** The name of an identifier, a private one as well; null for another node, and for a name that is written with an escape. */
export function plainName(node: Node): string | null {
  if (node.type === "Identifier") return node.end - node.start === node.name.length ? node.name : null;
  if (node.type === "PrivateIdentifier") return node.end - node.start === node.name.length + 1 ? node.name : null;
  return null;
}

/** What a chain of calls, members, `new`, `await` and brackets begins with: `a` of `(await a.b(1)).c`. */
export function rootOf(expression: Node): Node {
  let node = expression;
  for (let next = innerOf(node); next !== null; next = innerOf(node)) node = next;
  return node;
}

function innerOf(node: Node): Node | null {
  switch (node.type) {
    case "CallExpression":
    case "NewExpression":
      return node.callee;
    case "MemberExpression":
      return node.object;
    case "AwaitExpression":
      return node.argument;
    case "ChainExpression":
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return node.expression;
    default:
      return null;
  }
}
