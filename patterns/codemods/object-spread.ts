import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { beginsStatement, canOpenStatement, insertion, isBare, mayHaveEffects } from "../engine/expressions.ts";
import { type Call, plainArguments } from "../engine/member-rewrites.ts";
import { memberName, propertyName } from "../engine/module-members.ts";
import { resolveName } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";

/**
 * Turns `Object.assign({}, a, b)` into `{ ...a, ...b }`, and `Object.assign({ a: 1 }, b)` into `{ a: 1, ...b }`. An object that is
 * written as a later argument joins in, where it has plain properties only; otherwise it is spread.
 *
 * The first argument must be written as an object, so that nobody else holds it. It must not have accessors (a setter would be
 * called by `assign`, and replaced by a spread), and no `__proto__`. What differs: a source's own property that is called `__proto__`
 * (from `JSON.parse`) becomes a property, where `assign` changed the prototype.
 *
 * `assign` computes all its arguments before it copies the first, a spread copies as it goes. So no argument behind the first source
 * may call anything, wait or write: it could change what an earlier one holds.
 *
 * Left alone: a first argument of any other kind, which `assign` changes in place; a single argument; type arguments; a
 * spread argument; an `Object` that the file declares. Refused: comments in the way, an `Object` that is assigned to or within
 * reach of `with` or a direct `eval`.
 *
 * TypeScript gives a spread a type of its own instead of an intersection, which is mostly the better one. The result needs ES2018.
 */
export const objectSpread: Codemod = {
  id: "object-spread",
  version: "1.0.0",
  title: "Spread objects instead of Object.assign",
  description: "Turns `Object.assign({}, a, b)` into `{ ...a, ...b }`.",
  keywords: [
    "object spread",
    "spread syntax over object assign",
    "spread object over object assign",
    "spread over object assign",
    "replace object assign",
    "object assign spread",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\bassign\b/.test(text) && /\bObject\b/.test(text),
  scan,
};

function scan(source: SourceFile): Scan {
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  // Inner calls first: once they are spreads, they are no calls any more to those around them.
  const spread = new Set<Node>();
  const calls = source.nodesOfType("CallExpression").filter(isObjectAssign);
  for (const call of [...calls].sort((left, right) => lengthOf(left.node) - lengthOf(right.node))) {
    const at = call.node.start;
    const result = doubtAboutObject(source, call) ?? spreadSplices(source, call, spread);
    if (typeof result === "string") refusals.push({ at, reason: `Object.assign stays: ${result}` });
    else {
      rewrites.push({ at, reason: "a spread makes the same object", splices: result });
      spread.add(call.node);
    }
  }
  return { rewrites, refusals };
}

function lengthOf({ start, end }: Node): number {
  return end - start;
}

/** True for a call of `Object.assign` with an object that is written first and something to add to it. */
function isObjectAssign({ node, scope }: Located<Call>): boolean {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || memberName(callee) !== "assign" || callee.optional || node.optional)
    return false;
  if (callee.object.type !== "Identifier" || callee.object.name !== "Object") return false;
  if (resolveName(scope, "Object").kind === "bound") return false;
  const values = plainArguments(node);
  return values !== null && values.length > 1 && values[0]?.type === "ObjectExpression";
}

function doubtAboutObject(source: SourceFile, { scope }: Located<Call>): string | null {
  if (source.assignedNames().has("Object")) return "Object is assigned to";
  return resolveName(scope, "Object").kind === "unknown" ? "Object may be shadowed by with or eval" : null;
}

type ObjectLiteral = Extract<Node, { type: "ObjectExpression" }>;

function spreadSplices(source: SourceFile, call: Located<Call>, pure: ReadonlySet<Node>): readonly Splice[] | string {
  const { text } = source;
  const { node } = call;
  const [first, ...others] = node.arguments;
  const last = node.arguments.at(-1);
  if (first?.type !== "ObjectExpression" || last === undefined) return "its first argument is no object";
  if (!isPlainObject(first, isAssignable)) return "its first argument has accessors, or a prototype";
  const open = text.indexOf("(", node.callee.end);
  const gaps = gapsOf(node);
  if (!gaps.every(([start, end]) => isBare(text, start, end, "(),")))
    return "a comment or a bracket stands between its arguments";
  if (others.slice(1).some((value) => mayHaveEffects(source, value, pure)))
    return "a later argument may change an earlier one";
  const needsBrackets = beginsStatement(call);
  if (needsBrackets && !isArrowBody(call) && !canOpenStatement(text, node.start))
    return "no semicolon stands before it";
  const isOnOneLine = !/[\r\n]/.test(text.slice(open, first.start)) && !/[\r\n]/.test(text.slice(last.end, node.end));
  const space = isOnOneLine ? " " : "";
  const brackets = needsBrackets ? ["(", ")"] : ["", ""];
  const splices: Splice[] = [{ start: node.start, end: open + 1, text: `${brackets[0]}{${space}` }];
  splices.push(...firstSplices(text, first, others[0] ?? first));
  for (const value of others) splices.push(...memberSplices(text, value));
  splices.push({ start: node.end - 1, end: node.end, text: `${space}}${brackets[1]}` });
  return splices;
}

function isArrowBody({ node, parent }: Located): boolean {
  for (let at = parent; at !== null && at.node.start <= node.start; at = at.parent) {
    if (at.node.type === "ArrowFunctionExpression") return at.node.body.start === node.start;
  }
  return false;
}

function gapsOf({ callee, arguments: values, end }: Call): readonly (readonly [number, number])[] {
  const starts = [callee.end, ...values.map((each) => each.end)];
  const ends = [...values.map((each) => each.start), end];
  return starts.map((start, index) => [start, ends[index] ?? end] as const);
}

/** An empty first object goes with its comma; another one loses its braces. */
function firstSplices(text: string, first: ObjectLiteral, next: Node): readonly Splice[] {
  if (first.properties.length === 0) return [{ start: first.start, end: next.start, text: "" }];
  return innerSplices(text, first);
}

function memberSplices(text: string, value: Node): readonly Splice[] {
  const canJoin = value.type === "ObjectExpression" && value.properties.length > 0 && isPlainObject(value, isJoinable);
  return canJoin ? innerSplices(text, value) : [insertion(value.start, "...")];
}

/** Takes the braces off, with the spaces inside of them and a comma at the end. */
function innerSplices(text: string, object: ObjectLiteral): readonly Splice[] {
  const firstProperty = object.properties[0];
  const lastProperty = object.properties.at(-1);
  if (firstProperty === undefined || lastProperty === undefined) return [];
  const start = isBare(text, object.start, firstProperty.start, "{") ? firstProperty.start : object.start + 1;
  const end = isBare(text, lastProperty.end, object.end, ",}") ? lastProperty.end : object.end - 1;
  return [
    { start: object.start, end: start, text: "" },
    { start: end, end: object.end, text: "" },
  ];
}

function isPlainObject(
  object: ObjectLiteral,
  isFine: (property: ObjectLiteral["properties"][number]) => boolean,
): boolean {
  return object.properties.every(isFine);
}

/** A property that `assign` does not touch otherwise than a spread does. */
function isAssignable(property: ObjectLiteral["properties"][number]): boolean {
  if (property.type !== "Property") return true;
  return property.kind === "init" && (property.computed || propertyName(property) !== "__proto__");
}

/** A property that means the same in another object: no method, which may say `super`. */
function isJoinable(property: ObjectLiteral["properties"][number]): boolean {
  return property.type === "Property" && isAssignable(property) && !property.method && !property.computed;
}
