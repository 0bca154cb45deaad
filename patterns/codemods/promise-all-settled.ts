import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { textOf } from "../engine/expressions.ts";
import { callOf, doubtAboutUse, dropRewrites, isAlias, plainArguments, rootName } from "../engine/member-rewrites.ts";
import {
  createDenote,
  isPath,
  type Member,
  memberName,
  memberUses,
  propertyName,
  withoutBrackets,
} from "../engine/module-members.ts";
import { resolveName } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isHostName, isStringLiteral } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** Packages whose only export is the function that the language has by now. */
const ponyfill = "promise.allsettled";

/**
 * Uses `Promise.allSettled` for what was written by hand:
 *
 * - `Promise.all(xs.map((x) => f(x).then((value) => ({ status: "fulfilled", value }), (reason) => ({ status: "rejected", reason }))))`
 *   becomes `Promise.allSettled(xs.map((x) => f(x)))`, and `Promise.allSettled(xs)` where `f(x)` is `x` itself. The second handler may
 *   stand in a `catch` of its own.
 * - the same written with `async`, `try` and `catch` keeps its `async`, so that what `f` throws at once is still a rejection.
 * - calls of the package `promise.allsettled` become the function of the language.
 *
 * Only results of this very shape are taken. Others (`{ error }`, `{ state: "fulfilled" }`, `Promise.all(xs.map((x) => x.catch(log)))`)
 * mean something else to the code that reads them, and are left alone. Left alone as well: a mapping function with more than one
 * statement, an own `Promise` (`bluebird`), `allSettled` of other libraries. Refused: the ponyfill with a receiver (`call`), or
 * its `shim` and `getPolyfill`, which change or pass on the function.
 */
export const promiseAllSettled: Codemod = {
  id: "promise-all-settled",
  version: "2.0.0",
  title: "Use Promise.allSettled",
  description:
    "Turns hand-written settling of all promises, and the package promise.allsettled, into Promise.allSettled.",
  keywords: [
    "promise allsettled",
    "promise all settled",
    "use promise allsettled",
    "allsettled over promise all",
    "replace promise allsettled",
    "replace reflect allsettled",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => (/\bPromise\b/.test(text) && text.includes("rejected")) || text.includes(ponyfill),
  scan,
};

function scan(source: SourceFile): Scan {
  const written = source.nodesOfType("CallExpression").flatMap((call) => settledRewrites(source, call));
  const ponyfills = ponyfillScan(source);
  return { rewrites: [...written, ...ponyfills.rewrites], refusals: ponyfills.refusals };
}

type Call = Extract<Node, { type: "CallExpression" }>;
type Mapper = Extract<Node, { type: "ArrowFunctionExpression" }>;

function settledRewrites(source: SourceFile, { node, scope }: Located<Call>): readonly Rewrite[] {
  const [list] = plainArguments(node) ?? [];
  if (node.arguments.length !== 1 || list === undefined || !isPromiseAll(source, scope, node.callee)) return [];
  const mapper = mapperOf(list);
  const inner = mapper === null ? null : promiseIn(mapper);
  if (mapper === null || inner === null || node.callee.type !== "MemberExpression") return [];
  const { text } = source;
  const body: Splice = {
    start: inner.cut.start,
    end: inner.cut.end,
    text: bodyText(textOf(inner.promise, text), inner.promise),
  };
  const splices = isItself(mapper, inner.promise) ? listSplices(list, text) : [body];
  if (hasComment(text, inner.cut.start, inner.promise.start) || hasComment(text, inner.promise.end, inner.cut.end))
    return [];
  const name: Splice = { start: node.callee.property.start, end: node.callee.property.end, text: "allSettled" };
  return [{ at: node.start, reason: "the language has Promise.allSettled", splices: [name, ...splices] }];
}

function hasComment(text: string, start: number, end: number): boolean {
  return /\/[/*]/.test(text.slice(start, end));
}

function bodyText(text: string, node: Node): string {
  return node.type === "ObjectExpression" ? `(${text})` : text;
}

function isPromiseAll(source: SourceFile, scope: Located["scope"], callee: Node): boolean {
  if (callee.type !== "MemberExpression" || callee.computed || callee.optional) return false;
  if (memberName(callee) !== "all" || callee.object.type !== "Identifier") return false;
  return callee.object.name === "Promise" && isHostName(source, scope, "Promise");
}

/** The only argument of `xs.map(…)`, where it is an arrow function with one plain parameter. */
function mapperOf(list: Node): Mapper | null {
  if (list.type !== "CallExpression" || list.optional || list.arguments.length !== 1) return null;
  if (list.callee.type !== "MemberExpression" || list.callee.optional || memberName(list.callee) !== "map") return null;
  const [mapper] = list.arguments;
  return mapper?.type === "ArrowFunctionExpression" && mapper.params.length === 1 ? mapper : null;
}

/** `x` of `(x) => x`, so that the list can be handed over as it is. */
function isItself(mapper: Mapper, promise: Node): boolean {
  const [parameter] = mapper.params;
  if (mapper.async || parameter?.type !== "Identifier" || promise.type !== "Identifier") return false;
  return parameter.name === promise.name;
}

/** Takes `.map(…)` off a list. */
function listSplices(list: Node, text: string): readonly Splice[] {
  if (list.type !== "CallExpression" || list.callee.type !== "MemberExpression") return [];
  const { object } = list.callee;
  return hasComment(text, object.end, list.end) ? [] : [{ start: object.end, end: list.end, text: "" }];
}

/** The promise that a mapping function settles, and the part of its body that it is to stand in place of. */
interface Settled {
  readonly promise: Node;
  readonly cut: Node;
}

function promiseIn(mapper: Mapper): Settled | null {
  if (mapper.body.type === "BlockStatement") return mapper.async ? promiseInTry(mapper.body) : null;
  if (mapper.async) return null;
  const promise = promiseInThen(withoutBrackets(mapper.body));
  return promise === null ? null : { promise, cut: mapper.body };
}

/** `p` of `p.then(toFulfilled, toRejected)` and of `p.then(toFulfilled).catch(toRejected)`. */
function promiseInThen(node: Node): Node | null {
  const outer = methodCall(node);
  if (outer === null) return null;
  const [first, second] = outer.call.arguments;
  if (outer.name === "then" && outer.call.arguments.length === 2) {
    return makes(first, "fulfilled", "value") && makes(second, "rejected", "reason") ? outer.object : null;
  }
  const inner = methodCall(outer.object);
  if (outer.name !== "catch" || outer.call.arguments.length !== 1 || inner?.name !== "then") return null;
  if (inner.call.arguments.length !== 1 || !makes(inner.call.arguments[0], "fulfilled", "value")) return null;
  return makes(first, "rejected", "reason") ? inner.object : null;
}

function methodCall(node: Node): { readonly call: Call; readonly name: string; readonly object: Node } | null {
  if (node.type !== "CallExpression" || node.optional || node.callee.type !== "MemberExpression") return null;
  const name = memberName(node.callee);
  return name === null || node.callee.optional ? null : { call: node, name, object: node.callee.object };
}

/** True for `(value) => ({ status: "fulfilled", value })`, whatever the parameter is called. */
function makes(handler: Node | undefined, status: string, key: string): boolean {
  if (handler?.type !== "ArrowFunctionExpression" || handler.async || handler.params.length !== 1) return false;
  const [parameter] = handler.params;
  return parameter?.type === "Identifier" && isResult(withoutBrackets(handler.body), status, key, parameter.name);
}

function isResult(node: Node | null, status: string, key: string, name: string | null): boolean {
  if (node?.type !== "ObjectExpression" || node.properties.length !== 2) return false;
  const [first, second] = node.properties;
  if (first?.type !== "Property" || second?.type !== "Property" || first.method || second.method) return false;
  const [kind, value] = propertyName(first) === "status" ? [first, second] : [second, first];
  if (propertyName(kind) !== "status" || !isStringLiteral(kind.value) || kind.value.value !== status) return false;
  if (propertyName(value) !== key) return false;
  return name === null || (value.value.type === "Identifier" && value.value.name === name);
}

/** `p` of `try { return { status: "fulfilled", value: await p }; } catch (e) { return { status: "rejected", reason: e }; }`. */
function promiseInTry(body: Extract<Node, { type: "BlockStatement" }>): Settled | null {
  const [statement] = body.body;
  if (body.body.length !== 1 || statement?.type !== "TryStatement" || statement.finalizer !== null) return null;
  const { handler, block } = statement;
  const caught = handler?.param;
  if (caught?.type !== "Identifier" || !isResult(onlyReturn(handler?.body), "rejected", "reason", caught.name))
    return null;
  const result = onlyReturn(block);
  if (!isResult(result, "fulfilled", "value", null) || result?.type !== "ObjectExpression") return null;
  const value = result.properties.find((each) => each.type === "Property" && propertyName(each) === "value");
  if (value?.type !== "Property" || value.value.type !== "AwaitExpression") return null;
  return { promise: value.value.argument, cut: body };
}

function onlyReturn(block: Node | null | undefined): Node | null {
  if (block?.type !== "BlockStatement" || block.body.length !== 1) return null;
  const [statement] = block.body;
  return statement?.type === "ReturnStatement" && statement.argument !== null
    ? withoutBrackets(statement.argument)
    : null;
}

function ponyfillScan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const gone: (Node | null)[] = [];
  for (const use of memberUses(source, denote, isPonyfill)) {
    const { node, scope } = use.located;
    if (isAlias(denote, use)) continue;
    const call = callOf(use);
    const isFunction = isPath(use.member) || isPath(use.member, "default");
    const isPlain = isFunction && call !== null && plainArguments(call.node)?.length === 1;
    const doubt = doubtAboutUse(use) ?? (isPlain ? null : "only its plain calls can be replaced");
    if (doubt === null && resolveName(scope, "Promise").kind === "free" && isHostName(source, scope, "Promise")) {
      const splices = [{ start: node.start, end: node.end, text: "Promise.allSettled" }];
      rewrites.push({ at: node.start, reason: `the language has what ${ponyfill} does`, splices });
      gone.push(rootName(node));
    } else if (isPlain || !isPartOfMember(use.located)) {
      refusals.push({ at: node.start, reason: `${ponyfill} stays: ${doubt ?? "Promise is another one here"}` });
    }
  }
  return { rewrites: [...rewrites, ...dropRewrites(source, gone)], refusals };
}

function isPonyfill({ module }: Member): boolean {
  return module === ponyfill;
}

/** True for the object of a member, which is looked at by itself. */
function isPartOfMember({ node, parent }: Located): boolean {
  return parent?.node.type === "MemberExpression" && parent.node.object === node;
}
