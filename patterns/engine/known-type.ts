import type { Node } from "oxc-parser";
import { withoutBrackets } from "./module-members.ts";
import { type Binding, resolveName, type Scope, soleDeclaration } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";
import { isHostName } from "./syntax.ts";

/** What `typeof` says of a value, with `null` apart and `numeric` for a number or a bigint. */
export type KnownType =
  | "string"
  | "number"
  | "numeric"
  | "boolean"
  | "array"
  | "object"
  | "function"
  | "null"
  | "undefined";

const stepsMax = 10;

/**
 * The type that an expression has whenever it has a value, or null where the text does not say. Goes by literals, operators,
 * host functions (`String(x)`), names that are never assigned to, and TypeScript's annotations, which it believes.
 */
export function knownType(source: SourceFile, scope: Scope, expression: Node, steps = 0): KnownType | null {
  if (steps > stepsMax) return null;
  const node = withoutBrackets(expression);
  const typeOf = (each: Node) => knownType(source, scope, each, steps + 1);
  switch (node.type) {
    case "Literal":
      return literalType(node);
    case "TemplateLiteral":
      return "string";
    case "ArrayExpression":
      return "array";
    case "ObjectExpression":
    case "NewExpression":
      return newType(source, scope, node);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "ClassExpression":
      return "function";
    case "UnaryExpression":
      return unaryType(node.operator);
    case "BinaryExpression":
      return binaryType(node.operator, typeOf(node.left), typeOf(node.right));
    case "ConditionalExpression":
      return same(typeOf(node.consequent), typeOf(node.alternate));
    case "CallExpression":
      return callType(source, scope, node);
    case "Identifier":
      return nameType(source, scope, node.name, steps);
    default:
      return null;
  }
}

function same(left: KnownType | null, right: KnownType | null): KnownType | null {
  return left === right ? left : null;
}

function literalType(node: Extract<Node, { type: "Literal" }>): KnownType | null {
  if (node.value === null) return "regex" in node || "bigint" in node ? null : "null";
  if (typeof node.value === "string") return "string";
  if (typeof node.value === "number") return "number";
  if (typeof node.value === "bigint") return "numeric";
  return typeof node.value === "boolean" ? "boolean" : null;
}

/** A constructor may return a function; those of the host that are known here do not. */
function newType(source: SourceFile, scope: Scope, node: Node): KnownType | null {
  if (node.type === "ObjectExpression") return "object";
  if (node.type !== "NewExpression" || node.callee.type !== "Identifier") return null;
  const { name } = node.callee;
  if (!isHostName(source, scope, name)) return null;
  if (name === "Array") return "array";
  return hostClasses.has(name) ? "object" : null;
}

const hostClasses: ReadonlySet<string> = new Set(
  "ArrayBuffer Buffer DataView Date Error Float32Array Float64Array Int16Array Int32Array Int8Array Map Promise RangeError RegExp Set TypeError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet".split(
    " ",
  ),
);

function unaryType(operator: string): KnownType | null {
  if (operator === "!" || operator === "delete") return "boolean";
  if (operator === "typeof") return "string";
  if (operator === "void") return "undefined";
  return operator === "+" ? "number" : "numeric";
}

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "===", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);

function binaryType(operator: string, left: KnownType | null, right: KnownType | null): KnownType | null {
  if (comparisons.has(operator)) return "boolean";
  if (operator !== "+") return left === "number" || right === "number" ? "number" : "numeric";
  if (left === "string" || right === "string") return "string";
  return left === "number" && right === "number" ? "number" : null;
}

const hostCalls: ReadonlyMap<string, KnownType> = new Map([
  ["String", "string"],
  ["Number", "number"],
  ["Boolean", "boolean"],
  ["parseInt", "number"],
  ["parseFloat", "number"],
  ["isNaN", "boolean"],
  ["encodeURIComponent", "string"],
  ["decodeURIComponent", "string"],
  ["Array.isArray", "boolean"],
  ["Object.keys", "array"],
  ["Buffer.byteLength", "number"],
  ["Buffer.isBuffer", "boolean"],
  ["Date.now", "number"],
  ["Number.isInteger", "boolean"],
  ["Number.parseInt", "number"],
]);

function callType(source: SourceFile, scope: Scope, node: Extract<Node, { type: "CallExpression" }>): KnownType | null {
  const { callee } = node;
  if (callee.type === "Identifier") {
    return isHostName(source, scope, callee.name) ? (hostCalls.get(callee.name) ?? null) : null;
  }
  if (callee.type !== "MemberExpression" || callee.computed || callee.optional) return null;
  if (callee.object.type !== "Identifier" || callee.property.type !== "Identifier") return null;
  if (!isHostName(source, scope, callee.object.name)) return null;
  if (callee.object.name === "Math") return "number";
  return hostCalls.get(`${callee.object.name}.${callee.property.name}`) ?? null;
}

function nameType(source: SourceFile, scope: Scope, name: string, steps: number): KnownType | null {
  const resolution = resolveName(scope, name);
  if (resolution.kind !== "bound") return name === "undefined" && resolution.kind === "free" ? "undefined" : null;
  const declaration = soleDeclaration(resolution.binding);
  if (declaration === null) return null;
  const { node } = declaration;
  if (declaration.kind === "parameter") return node.type === "Identifier" ? annotatedType(node) : null;
  if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier") return null;
  const annotated = annotatedType(node.id);
  if (annotated !== null) return annotated;
  return declaration.kind === "const" && node.init !== null
    ? knownType(source, resolution.binding.scope, node.init, steps + 1)
    : null;
}

/** The expression that a `const` stands for, followed through other constants; the expression itself where it is no name. */
export function constantValue(scope: Scope, expression: Node): Node {
  let at: { readonly scope: Scope; readonly node: Node } = { scope, node: withoutBrackets(expression) };
  for (let step = 0; step < stepsMax && at.node.type === "Identifier"; step += 1) {
    const next = constantOf(at.scope, at.node.name);
    if (next === null) return at.node;
    at = next;
  }
  return at.node;
}

function constantOf(scope: Scope, name: string): { readonly scope: Scope; readonly node: Node } | null {
  const resolution = resolveName(scope, name);
  const binding: Binding | null = resolution.kind === "bound" ? resolution.binding : null;
  const declaration = binding === null ? null : soleDeclaration(binding);
  if (binding === null || declaration?.kind !== "const" || declaration.node.type !== "VariableDeclarator") return null;
  const { id, init } = declaration.node;
  return id.type === "Identifier" && init !== null ? { scope: binding.scope, node: withoutBrackets(init) } : null;
}

/** What an annotation says of a name that is not optional. */
function annotatedType(id: Extract<Node, { type: "Identifier" }>): KnownType | null {
  const annotation = "typeAnnotation" in id ? id.typeAnnotation?.typeAnnotation : undefined;
  if (annotation === undefined || annotation === null || isOptional(id)) return null;
  switch (annotation.type) {
    case "TSStringKeyword":
      return "string";
    case "TSNumberKeyword":
      return "number";
    case "TSBooleanKeyword":
      return "boolean";
    case "TSArrayType":
      return "array";
    default:
      return null;
  }
}

function isOptional(id: { readonly optional?: unknown }): boolean {
  return id.optional === true;
}
