import type { Node } from "oxc-parser";
import type { Codemod, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { insertion, isTested, textOf } from "../engine/expressions.ts";
import { memberName, withoutBrackets } from "../engine/module-members.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isHostName } from "../engine/syntax.ts";

/**
 * Members that strings, numbers, bigints and booleans have, so that a falsy one of them may answer with something true. Fixed, so
 * that the result does not depend on the Node.js that runs the codemod.
 */
const primitiveMembers: ReadonlySet<string> = new Set(
  "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ anchor at big blink bold charAt charCodeAt codePointAt concat constructor endsWith fixed fontcolor fontsize hasOwnProperty includes indexOf isPrototypeOf isWellFormed italics lastIndexOf length link localeCompare match matchAll normalize padEnd padStart propertyIsEnumerable repeat replace replaceAll search slice small split startsWith strike sub substr substring sup toExponential toFixed toLocaleLowerCase toLocaleString toLocaleUpperCase toLowerCase toPrecision toString toUpperCase toWellFormed trim trimEnd trimLeft trimRight trimStart valueOf".split(
    " ",
  ),
);

/**
 * Turns tests for a missing value into `?.`, where no value of any type makes a difference:
 *
 * - `a == null ? undefined : a.b.c()` becomes `a?.b.c()` anywhere, as do `a != null ? … : undefined` and the pair of `=== null` and
 *   `=== undefined`.
 * - `a != null && a.b.c()` becomes `a?.b.c()` where only the truth of the result counts: a condition, a negation, a statement.
 *   Elsewhere the result would be undefined instead of false.
 * - `a && a.b` becomes `a?.b` there as well, for one member that is read: where `a` is `0`, `""` or `false`, `a?.b` is undefined, and so
 *   false, unless such a value has a member of that name (`length`, `toString`), which is left alone. `a && a.b()` and
 *   `a && a.b.c` are left alone: they would throw for such a value.
 * - A comparison may follow where it is false for undefined: `a && a.b === "c"`, `a != null && a.b > 1`.
 *
 * Longer chains are taken link by link: `a && a.b && a.b.c` becomes `a?.b?.c`. What is tested must be a name, `this`, or members of
 * one, written alike; a member is then read once instead of twice, which only a getter could notice.
 *
 * Left alone: all that has a comment in the part that goes, brackets around an operand, `!` after a name in TypeScript, and what would
 * become the target of a call or `delete`. The result needs ES2020.
 */
export const optionalChaining: Codemod = {
  id: "optional-chaining",
  version: "2.0.0",
  title: "Use optional chaining",
  description: "Turns `a != null && a.b` and `a && a.b` into `a?.b` where the result is the same.",
  keywords: [
    "optional chaining",
    "use optional chain",
    "optional chaining over and",
    "replace null check optional chaining",
    "replace guard optional chaining",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => text.includes("&&") || text.includes("?"),
  scan,
};

function scan(source: SourceFile): Scan {
  const conditionals = source.nodesOfType("ConditionalExpression").map((each) => conditionalRewrite(source, each));
  const chains = source.nodesOfType("LogicalExpression").flatMap((each) => logicalRewrites(source, each));
  return { rewrites: [...conditionals.filter((each): each is Rewrite => each !== null), ...chains], refusals: [] };
}

/** What is tested, and whether for null and undefined alone or for all that is falsy. */
interface Test {
  readonly subject: Node;
  readonly isNullish: boolean;
}

type Logical = Extract<Node, { type: "LogicalExpression" }>;

function logicalRewrites(source: SourceFile, located: Located<Logical>): readonly Rewrite[] {
  const { node, parent } = located;
  if (node.operator !== "&&" || !isTested(located)) return [];
  if (parent?.node.type === "LogicalExpression" && parent.node.operator === "&&" && parent.node.left === node)
    return [];
  const operands = operandsOf(node, "&&");
  const rewrites: Rewrite[] = [];
  for (let at = 0; at < operands.length; ) {
    const run = runFrom(source, located, operands, at);
    if (run !== null) rewrites.push(run.rewrite);
    at = run?.next ?? at + 1;
  }
  return rewrites;
}

function operandsOf(node: Node, operator: string): readonly Node[] {
  const operands: Node[] = [];
  let at = node;
  while (at.type === "LogicalExpression" && at.operator === operator) {
    operands.unshift(at.right);
    at = at.left;
  }
  return [at, ...operands];
}

interface Run {
  readonly rewrite: Rewrite;
  readonly next: number;
}

/** The longest run of operands, from one on, each of which tests what the next one goes on from. */
function runFrom(source: SourceFile, { scope }: Located, operands: readonly Node[], from: number): Run | null {
  const links: Node[] = [];
  let end = from;
  for (let at = from; at < operands.length; ) {
    const read = readTests(source, operands, at, scope);
    const next = operands[at + (read?.length ?? 1)];
    const link = read === null || next === undefined ? null : linkBetween(source, read.test, chainOf(next));
    if (read === null || link === null) break;
    links.push(link);
    at += read.length;
    end = at;
  }
  const [first, last] = [operands[from], operands[end]];
  const chain = last === undefined ? null : chainOf(last);
  if (links.length === 0 || first === undefined || last === undefined || chain === null) return null;
  const splices = chainSplices(source.text, first.start, last.start, chain, links);
  return splices === null ? null : { rewrite: rewriteOf(first.start, splices), next: end + 1 };
}

function rewriteOf(at: number, splices: readonly Splice[]): Rewrite {
  return { at, reason: "?. asks for the missing value", splices };
}

interface Tests {
  readonly test: Test;
  readonly length: number;
}

/** The tests of one subject that stand side by side, as one: it is about null and undefined alone only if all are. */
function readTests(source: SourceFile, operands: readonly Node[], from: number, scope: Located["scope"]): Tests | null {
  let found = readTest(source, { node: operands[from], next: operands[from + 1], scope });
  for (let at = from + (found?.length ?? 0); found !== null && at < operands.length; ) {
    const more = readTest(source, { node: operands[at], next: operands[at + 1], scope });
    if (more === null || !isSame(source, more.test.subject, found.test.subject)) break;
    at += more.length;
    const isNullish = found.test.isNullish && more.test.isNullish;
    found = { test: { subject: found.test.subject, isNullish }, length: at - from };
  }
  return found;
}

interface Operands {
  readonly node: Node | undefined;
  readonly next: Node | undefined;
  readonly scope: Located["scope"];
}

/** The test that an operand is, or that it makes together with the next one. */
function readTest(source: SourceFile, { node, next, scope }: Operands): Tests | null {
  if (node === undefined) return null;
  const strict = strictTest(source, scope, node, "!==");
  const other = next === undefined ? null : strictTest(source, scope, next, "!==");
  if (
    strict !== null &&
    other !== null &&
    strict.against !== other.against &&
    isSame(source, strict.subject, other.subject)
  ) {
    return { test: { subject: strict.subject, isNullish: true }, length: 2 };
  }
  const subject = nullishSubject(source, scope, node, "!=");
  if (subject !== null) return { test: { subject, isNullish: true }, length: 1 };
  const plain = withoutChain(node);
  return isSubject(plain) ? { test: { subject: plain, isNullish: false }, length: 1 } : null;
}

/** `a` of `a != null` and `a != undefined`. */
function nullishSubject(source: SourceFile, scope: Located["scope"], node: Node, operator: string): Node | null {
  if (node.type !== "BinaryExpression" || node.operator !== operator) return null;
  const left = withoutChain(node.left);
  return isSubject(left) && missingName(source, scope, node.right) !== null ? left : null;
}

function strictTest(source: SourceFile, scope: Located["scope"], node: Node, operator: string) {
  if (node.type !== "BinaryExpression" || node.operator !== operator) return null;
  const against = missingName(source, scope, node.right);
  const subject = withoutChain(node.left);
  return against === null || !isSubject(subject) ? null : { subject, against };
}

function missingName(source: SourceFile, scope: Located["scope"], node: Node): "null" | "undefined" | null {
  if (node.type === "Literal") return node.value === null && textOf(node, source.text) === "null" ? "null" : null;
  if (node.type === "UnaryExpression")
    return node.operator === "void" && node.argument.type === "Literal" ? "undefined" : null;
  const isUndefined = node.type === "Identifier" && node.name === "undefined" && isHostName(source, scope, "undefined");
  return isUndefined ? "undefined" : null;
}

function withoutChain(node: Node): Node {
  return node.type === "ChainExpression" ? node.expression : node;
}

/** A name, `this`, or members of one that the text names. */
function isSubject(expression: Node): boolean {
  let node = expression;
  while (node.type === "MemberExpression" && memberName(node) !== null) node = node.object;
  return node.type === "Identifier" || node.type === "ThisExpression";
}

function isSame(source: SourceFile, left: Node, right: Node): boolean {
  return textOf(left, source.text) === textOf(right, source.text);
}

/** What an operand reads: itself, or the left side of a comparison that is false for undefined. */
function chainOf(operand: Node): Node | null {
  const node = withoutChain(operand);
  if (node.type === "MemberExpression" || node.type === "CallExpression") return node;
  if (node.type !== "BinaryExpression") return null;
  const chain = withoutChain(node.left);
  const isFalse = isFalseForUndefined(node.operator, withoutBrackets(node.right));
  return isFalse && (chain.type === "MemberExpression" || chain.type === "CallExpression") ? chain : null;
}

function isFalseForUndefined(operator: string, right: Node): boolean {
  if (right.type !== "Literal" || "regex" in right) return false;
  const isNull = right.value === null;
  if (operator === "!=") return isNull && !("bigint" in right);
  if (operator === "===") return true;
  if (operator === "==") return !isNull;
  return ["<", "<=", ">", ">="].includes(operator) && typeof right.value === "number";
}

/** The part of a chain that goes on directly from what a test is about; null where it does not, or must not skip it. */
function linkBetween(source: SourceFile, test: Test, chain: Node | null): Node | null {
  if (chain === null) return null;
  for (let node = chain; ; ) {
    const inner = innerOf(node);
    if (inner === null) return null;
    if (isSame(source, inner, test.subject)) return test.isNullish || isSafeRead(node, chain) ? node : null;
    node = inner;
  }
}

function innerOf(node: Node): Node | null {
  if (node.type === "MemberExpression") return node.object;
  return node.type === "CallExpression" ? node.callee : null;
}

/** One member that no falsy value has, read and not called. */
function isSafeRead(link: Node, chain: Node): boolean {
  if (link !== chain || link.type !== "MemberExpression") return false;
  const name = memberName(link);
  return name !== null && !primitiveMembers.has(name);
}

/** Takes out what stands before the chain, and makes its links optional; null where a comment would go or a link is unclear. */
function chainSplices(
  text: string,
  start: number,
  chainStart: number,
  chain: Node,
  links: readonly Node[],
): readonly Splice[] | null {
  if (/\/[/*]/.test(text.slice(start, chainStart)) || links.some((link) => !isWithin(link, chain))) return null;
  const splices: Splice[] = [{ start, end: chainStart, text: "" }];
  for (const link of links) {
    // A later operand repeats an earlier one, so that each link is looked for in the last chain by its place in the text.
    const at = linkIn(text, chain, link);
    if (at === null) return null;
    splices.push(...at);
  }
  return splices;
}

function isWithin(link: Node, chain: Node): boolean {
  return link.end - link.start <= chain.end - chain.start;
}

/** Makes the part of a chain optional that is written like a link. */
function linkIn(text: string, chain: Node, link: Node): readonly Splice[] | null {
  const wanted = innerOf(link);
  for (let node: Node | null = chain; node !== null && wanted !== null; node = innerOf(node)) {
    const inner = innerOf(node);
    if (inner === null || textOf(inner, text) !== textOf(wanted, text)) continue;
    return optionalSplices(text, node, inner);
  }
  return null;
}

function optionalSplices(text: string, node: Node, inner: Node): readonly Splice[] | null {
  if (node.type === "CallExpression") return node.optional ? [] : [insertion(inner.end, "?.")];
  if (node.type !== "MemberExpression") return null;
  if (node.optional) return [];
  if (node.computed) return [insertion(inner.end, "?.")];
  const gap = text.slice(inner.end, node.property.start);
  return gap.trim() === "." ? [insertion(inner.end + gap.indexOf("."), "?")] : null;
}

type Conditional = Extract<Node, { type: "ConditionalExpression" }>;

function conditionalRewrite(source: SourceFile, located: Located<Conditional>): Rewrite | null {
  const { node, scope } = located;
  const read = readCondition(source, scope, node.test);
  if (read === null || isTarget(located)) return null;
  const [missing, present] = read.isMissing ? [node.consequent, node.alternate] : [node.alternate, node.consequent];
  if (missingName(source, scope, missing) !== "undefined") return null;
  const chain = withoutChain(present);
  const link = linkBetween(source, { subject: read.subject, isNullish: true }, chain);
  if (link === null || /\/[/*]/.test(source.text.slice(present.end, node.end))) return null;
  const splices = chainSplices(source.text, node.start, present.start, chain, [link]);
  if (splices === null) return null;
  const rest = present.end < node.end ? [{ start: present.end, end: node.end, text: "" }] : [];
  return rewriteOf(node.start, [...splices, ...rest]);
}

/** What a condition asks to be null or undefined, or neither. */
function readCondition(source: SourceFile, scope: Located["scope"], test: Node) {
  for (const isMissing of [true, false]) {
    const [loose, strict, both] = isMissing ? ["==", "===", "||"] : ["!=", "!==", "&&"];
    const subject = nullishSubject(source, scope, test, loose ?? "");
    if (subject !== null) return { subject, isMissing };
    const operands = operandsOf(test, both ?? "");
    const [left, right] = operands.map((each) => strictTest(source, scope, each, strict ?? ""));
    if (operands.length !== 2 || !left || !right || left.against === right.against) continue;
    if (isSame(source, left.subject, right.subject)) return { subject: left.subject, isMissing };
  }
  return null;
}

/** What is gone, or changes nothing, when the code runs. */
const leavesTarget: ReadonlySet<string> = new Set([
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
] satisfies Node["type"][]);

/** True where a member would be called or deleted as such once it stands there. */
function isTarget({ parent }: Located): boolean {
  let at = parent;
  while (at !== null && leavesTarget.has(at.node.type)) at = at.parent;
  if (at?.node.type === "UnaryExpression") return at.node.operator === "delete";
  if (at?.node.type === "TaggedTemplateExpression" || at?.node.type === "NewExpression") return true;
  return (
    at?.node.type === "CallExpression" &&
    !at.node.arguments.some((each) => each.start <= (parent?.node.start ?? 0) && (parent?.node.end ?? 0) <= each.end)
  );
}
