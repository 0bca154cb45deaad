import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { canOpenStatement, textOf } from "../engine/expressions.ts";
import { knownType } from "../engine/known-type.ts";
import { type Load, loadsOf, mockedModules } from "../engine/loads.ts";
import {
  type Call,
  callOf,
  doubtAboutUse,
  dropRewrites,
  joinImports,
  plainArguments,
  rootName,
} from "../engine/member-rewrites.ts";
import { createModuleAccess, type ModuleAccess } from "../engine/module-access.ts";
import {
  createDenote,
  type Denote,
  isPath,
  memberName,
  memberUses,
  withoutBrackets,
} from "../engine/module-members.ts";
import { resolveName } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isHostName, isWrittenPlainly } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** Functions whose promise gives what the callback got. Not `open` (a handle), `read` and `write` (objects), `exists`, `realpath` (another algorithm). */
const promised: ReadonlySet<string> = new Set(
  "access appendFile chmod chown copyFile cp lchown link lstat lutimes mkdir mkdtemp opendir readFile readdir readlink rename rm rmdir stat statfs symlink truncate unlink utimes writeFile".split(
    " ",
  ),
);

/**
 * Uses the promises of `fs` for what was made a promise by hand:
 *
 * - `util.promisify(fs.readFile)` becomes `fs.promises.readFile`.
 * - `new Promise((resolve, reject) => fs.readFile(a, (error, data) => { if (error) reject(error); else resolve(data); }))` becomes
 *   `fs.promises.readFile(a)`, also with a conditional, with `return reject(error)`, and with a block around the call.
 * - `require("fs").promises` becomes `require("fs/promises")`, which is the same object.
 *
 * Only functions whose promise gives what the callback got are taken: not `open`, `read`, `write`, `exists`, nor `realpath`, which
 * follows links in another way. Code with callbacks that wraps nothing in a promise is left alone: to await it changes when things
 * happen, and what happens to an error that the callback throws.
 *
 * Refused: arguments that may throw (`file.path`, `join(a)`), unless the promise is awaited on the spot, since the promise by hand is rejected
 * then; a promise without a value (`resolve()`) where `fs.promises` gives one that somebody may read; a file that puts another module in the place of `fs` for its tests (`jest.mock("fs")`), a spread argument, a comment in the
 * part that goes. Left alone: a wrapper with more in it than the call, `fs` of other packages (`graceful-fs`), an `fs` that is
 * assigned to, and in TypeScript `import { promises } from "fs"`, since a default import may not be allowed there.
 */
export const fsPromises: Codemod = {
  id: "fs-promises",
  version: "2.0.0",
  title: "Use the promises of fs",
  description:
    "Replaces promisified and hand-wrapped functions of fs by those of fs.promises, and `.promises` by fs/promises.",
  keywords: [
    "fs promises",
    "promises fs",
    "use fs promises",
    "replace promisify fs",
    "fs promises over promisify",
    "promise based fs",
    "replace fs callback promises",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /["'](?:node:)?fs["']/.test(text) && /\b(?:promisify|promises|Promise)\b/.test(text),
  scan,
};

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const access = createModuleAccess(source, denote);
  const work: Work = { source, denote, access, rewrites: [], refusals: [], gone: [] };
  for (const call of promisifyCalls(work)) promisifyRewrite(work, call);
  for (const promise of source.nodesOfType("NewExpression")) wrapperRewrite(work, promise);
  for (const load of loadsOf(source, new Set(["fs"]))) loadRewrite(work, load);
  if (mockedModules(source).has("fs")) {
    const reason = "fs stays: a test puts another module in its place";
    return { rewrites: [], refusals: work.rewrites.map(({ at }) => ({ at, reason })) };
  }
  const drops = dropRewrites(source, work.gone, access.names());
  return {
    rewrites: [...work.rewrites, ...joinImports(source.text, drops, access.imports())],
    refusals: work.refusals,
  };
}

/** Functions whose promise gives nothing. Not `mkdir`, which names the first folder that it made. */
const valueless: ReadonlySet<string> = new Set(
  "access appendFile chmod chown copyFile cp lchown link lutimes rename rm rmdir symlink truncate unlink utimes writeFile".split(
    " ",
  ),
);

interface Work {
  readonly source: SourceFile;
  readonly denote: Denote;
  readonly access: ModuleAccess;
  readonly rewrites: Rewrite[];
  readonly refusals: Refusal[];
  readonly gone: (Node | null)[];
}

interface Promisified {
  readonly call: Located<Call>;
  readonly callee: Node;
}

function promisifyCalls({ source, denote }: Work): readonly Promisified[] {
  const uses = memberUses(source, denote, (member) => member.module === "util" && isPath(member, "promisify"));
  return uses.flatMap((use) => {
    const call = callOf(use);
    return call === null || doubtAboutUse(use) !== null ? [] : [{ call, callee: use.located.node }];
  });
}

function promisifyRewrite(work: Work, { call, callee }: Promisified): void {
  const [value] = plainArguments(call.node) ?? [];
  const name = value === undefined || call.node.arguments.length !== 1 ? null : promisedName(work, call.scope, value);
  if (name === null || value === undefined) return;
  const target = targetText(work, call, value, name);
  const { start, end } = call.node;
  if (target === null) {
    work.refusals.push({ at: start, reason: `promisify stays: the file has no name for fs` });
    return;
  }
  work.rewrites.push({ at: start, reason: `fs.promises has ${name}`, splices: [{ start, end, text: target }] });
  work.gone.push(rootName(callee));
  if (value.type === "Identifier") work.gone.push(value);
}

/** The name of a function of `fs` that a promise can stand for, without a doubt. */
function promisedName({ denote }: Work, scope: Located["scope"], expression: Node): string | null {
  const member = denote(scope, expression);
  const name = member?.path[0];
  if (member?.module !== "fs" || member.path.length !== 1 || name === undefined || member.doubt !== null) return null;
  return promised.has(name) ? name : null;
}

/** `fs.promises.name`, by the way in which the function itself is named. */
function targetText({ source, access }: Work, { scope, node }: Located, expression: Node, name: string): string | null {
  const isMember = expression.type === "MemberExpression" && !expression.computed && !expression.optional;
  if (isMember && expression.object.type === "Identifier") {
    return `${textOf(expression.object, source.text)}.promises.${name}`;
  }
  const fs = access.expressionFor(scope, node.start, "fs");
  if (fs === null) return null;
  if (!fs.startsWith("require(")) return `${fs}.promises.${name}`;
  return `${access.expressionFor(scope, node.start, "fs/promises")}.${name}`;
}

/** `new Promise((resolve, reject) => fs.f(…, (error, value) => …))`, where the callback does nothing but settle the promise. */
function wrapperRewrite(work: Work, promise: Located<Extract<Node, { type: "NewExpression" }>>): void {
  const { source } = work;
  const { node, scope } = promise;
  const [executor] = node.arguments;
  if (!isPromise(source, scope, node)) return;
  if (executor?.type !== "ArrowFunctionExpression" || node.arguments.length !== 1 || executor.async) return;
  const [resolve, reject] = executor.params.map(parameterName);
  const call = onlyCall(executor.body);
  if (!resolve || call === null || executor.params.length > 2) return;
  const inner = source.nodesOfType("CallExpression").find((each) => each.node === call);
  const name = inner === undefined ? null : promisedName(work, inner.scope, call.callee);
  const callback = call.arguments.at(-1);
  if (inner === undefined || name === null || callback === undefined || call.optional) return;
  const others = call.arguments.slice(0, -1);
  if (!settles(callback, resolve, reject ?? null) || usesParameters(source, others, executor)) return;
  const doubt =
    doubtAboutWrapper(source, node, call, callback) ?? doubtAboutOutcome(source, promise, name, callback, others);
  const target = targetText(work, inner, call.callee, name);
  if (doubt !== null || target === null || !isSameMeaning(inner, promise, call)) {
    work.refusals.push({ at: node.start, reason: `the promise stays: ${doubt ?? "the file has no name for fs"}` });
    return;
  }
  const last = others.at(-1);
  const first = others[0];
  if (first === undefined || last === undefined) return;
  const splices: Splice[] = [
    { start: node.start, end: first.start, text: `${target}(` },
    { start: last.end, end: node.end, text: ")" },
  ];
  work.rewrites.push({ at: node.start, reason: `fs.promises has ${name}`, splices });
  if (call.callee.type === "Identifier") work.gone.push(call.callee);
}

/** `new Promise(…)`, with the host's own `Promise`. */
function isPromise(source: SourceFile, scope: Located["scope"], { callee }: { readonly callee: Node }): boolean {
  return callee.type === "Identifier" && callee.name === "Promise" && isHostName(source, scope, "Promise");
}

function parameterName(parameter: Node): string | null {
  return parameter.type === "Identifier" ? parameter.name : null;
}

/** The only call in the body of a function: its expression, or its only statement. */
function onlyCall(body: Node): Call | null {
  const node = body.type === "BlockStatement" ? onlyExpression(body.body) : withoutBrackets(body);
  return node?.type === "CallExpression" ? node : null;
}

function onlyExpression(statements: readonly Node[]): Node | null {
  const [statement] = statements;
  return statements.length === 1 && statement?.type === "ExpressionStatement" ? statement.expression : null;
}

/** Spreads, comments and strings of types would be lost or change their meaning. */
function doubtAboutWrapper({ text }: SourceFile, node: Node, call: Call, callback: Node): string | null {
  if (plainArguments(call) === null) return "an argument is spread";
  const [first] = call.arguments;
  const around = first === undefined ? "" : text.slice(node.start, first.start) + text.slice(callback.start, node.end);
  if (/\/[/*]/.test(around)) return "a comment would go";
  return canOpenStatement(text, node.start) || !text.startsWith("(", call.start)
    ? null
    : "a bracket would begin the statement";
}

/** What the promise gives, and how it tells of an argument that cannot be computed, must stay. */
function doubtAboutOutcome(
  source: SourceFile,
  promise: Located,
  name: string,
  callback: Node,
  values: readonly Node[],
): string | null {
  const isEmpty = "params" in callback && Array.isArray(callback.params) && callback.params.length === 1;
  if (isEmpty && !valueless.has(name) && !isThrownAway(promise))
    return "it gives nothing, where fs.promises gives a value";
  const isSafe = isAwaited(promise) || values.every((each) => cannotThrow(source, promise.scope, each));
  return isSafe ? null : "it is rejected where an argument throws, and a call would throw";
}

/** True where nobody reads the value of a promise. */
function isThrownAway({ parent }: Located): boolean {
  const outer = parent?.node.type === "AwaitExpression" ? parent.parent : parent;
  return outer?.node.type === "ExpressionStatement";
}

/** True where it makes no difference whether a promise is rejected or the expression throws: right behind `await`. */
function isAwaited({ parent }: Located): boolean {
  return parent?.node.type === "AwaitExpression";
}

/** True for names, literals, functions, texts put together, and lists and objects of these. */
function cannotThrow(source: SourceFile, scope: Located["scope"], expression: Node): boolean {
  const node = withoutBrackets(expression);
  const isSafe = (each: Node | null) => each !== null && cannotThrow(source, scope, each);
  const isText = (each: Node) => isSafe(each) && isTextOrNumber(source, scope, each);
  switch (node.type) {
    case "ArrayExpression":
      return node.elements.every(isSafe);
    case "BinaryExpression":
      return node.operator === "+" && isText(node.left) && isText(node.right);
    case "NewExpression":
      return isPromise(source, scope, node) && node.arguments.every(isSafe);
    case "ObjectExpression":
      return node.properties.every((each) => each.type === "Property" && !each.computed && isSafe(each.value));
    case "TemplateLiteral":
      return node.expressions.every(isText);
    default:
      return safe.has(node.type);
  }
}

const safe: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "FunctionExpression",
  "Identifier",
  "Literal",
  "ThisExpression",
] satisfies Node["type"][]);

function isTextOrNumber(source: SourceFile, scope: Located["scope"], node: Node): boolean {
  const isPlace = node.type === "Identifier" && (node.name === "__dirname" || node.name === "__filename");
  const type = knownType(source, scope, node);
  return type === "string" || type === "number" || (isPlace && isHostName(source, scope, node.name));
}

/** The names of the call must not be those of the wrapper; its scopes hold nothing but the parameters. */
function isSameMeaning(inner: Located, outer: Located, call: Call): boolean {
  const root = rootName(call.callee);
  if (root?.type !== "Identifier") return true;
  const [here, there] = [resolveName(inner.scope, root.name), resolveName(outer.scope, root.name)];
  return here.kind === "bound" && there.kind === "bound" && here.binding === there.binding;
}

/** True where an argument uses, or may use, what the executor is handed. */
function usesParameters(source: SourceFile, nodes: readonly Node[], executor: Node): boolean {
  return source.nodesOfType("Identifier").some(({ node, scope }) => {
    if (!nodes.some((each) => each.start <= node.start && node.end <= each.end)) return false;
    const resolution = resolveName(scope, node.name);
    return resolution.kind === "unknown" || (resolution.kind === "bound" && resolution.binding.scope.node === executor);
  });
}

/** True for a callback that rejects with its first argument where there is one, and otherwise resolves with its second. */
function settles(callback: Node, resolve: string, reject: string | null): boolean {
  if (callback.type !== "ArrowFunctionExpression" && callback.type !== "FunctionExpression") return false;
  if (callback.async || callback.params.length > 2 || reject === null || callback.body === null) return false;
  const [error, value] = callback.params.map(parameterName);
  if (!error || (callback.params.length === 2 && !value)) return false;
  if ([error, value].some((name) => name === resolve || name === reject) || error === value) return false;
  const isReject = (node: Node | null) => isCallOf(node, reject, error);
  const isResolve = (node: Node | null) => isCallOf(node, resolve, value ?? null);
  if (callback.body.type !== "BlockStatement")
    return isChoice(withoutBrackets(callback.body), error, isReject, isResolve);
  return isBlockChoice(callback.body.body, error, isReject, isResolve);
}

type Check = (node: Node | null) => boolean;

function isChoice(node: Node, error: string, isReject: Check, isResolve: Check): boolean {
  if (node.type !== "ConditionalExpression" || !isName(node.test, error)) return false;
  return isReject(node.consequent) && isResolve(node.alternate);
}

/** `if (error) reject(error); else resolve(value);`, or `if (error) return reject(error); resolve(value);`. */
function isBlockChoice(statements: readonly Node[], error: string, isReject: Check, isResolve: Check): boolean {
  const [first, second] = statements;
  if (first?.type === "ExpressionStatement" || first?.type === "ReturnStatement") {
    const choice = first.type === "ReturnStatement" ? first.argument : first.expression;
    return statements.length === 1 && choice !== null && isChoice(withoutBrackets(choice), error, isReject, isResolve);
  }
  if (first?.type !== "IfStatement" || !isName(first.test, error)) return false;
  const rejection = onlyStatement(first.consequent);
  if (rejection === null || !isReject(rejection.value)) return false;
  if (first.alternate !== null)
    return statements.length === 1 && isResolve(onlyStatement(first.alternate)?.value ?? null);
  return (
    rejection.isReturn &&
    statements.length === 2 &&
    second !== undefined &&
    isResolve(onlyStatement(second)?.value ?? null)
  );
}

/** What a statement computes or returns, by itself or alone in a block. */
function onlyStatement(node: Node): { readonly value: Node | null; readonly isReturn: boolean } | null {
  if (node.type === "BlockStatement") {
    const [first, second] = node.body;
    if (first === undefined || node.body.length > 2) return null;
    const only = onlyStatement(first);
    const isEnded = second?.type === "ReturnStatement" && second.argument === null;
    if (node.body.length === 2 && !isEnded) return null;
    return only === null ? null : { value: only.value, isReturn: only.isReturn || isEnded };
  }
  if (node.type === "ReturnStatement") return { value: node.argument, isReturn: true };
  return node.type === "ExpressionStatement" ? { value: node.expression, isReturn: false } : null;
}

function isName(node: Node | undefined, name: string): boolean {
  return node?.type === "Identifier" && node.name === name;
}

/** A call of a function with one name, or with none where there is none. */
function isCallOf(node: Node | null, name: string, argument: string | null): boolean {
  if (node?.type !== "CallExpression" || node.optional || !isName(node.callee, name)) return false;
  if (argument === null || node.arguments.length === 0) return node.arguments.length === 0 && argument === null;
  return node.arguments.length === 1 && isName(node.arguments[0], argument);
}

/** `require("fs").promises` and imports of nothing but `promises`. */
function loadRewrite({ source, rewrites }: Work, { site, specifier }: Load): void {
  const splices = isWrittenPlainly(specifier, source.text) ? promisesSplices(source, site, specifier.end - 1) : null;
  if (splices !== null) rewrites.push({ at: specifier.start, reason: "fs/promises is fs.promises itself", splices });
}

function promisesSplices({ text, path }: SourceFile, { node, parent }: Located, at: number): readonly Splice[] | null {
  const longer: Splice = { start: at, end: at, text: "/promises" };
  if (node.type === "CallExpression" && parent?.node.type === "MemberExpression") {
    const { property, computed, optional } = parent.node;
    if (computed || optional || memberName(parent.node) !== "promises") return null;
    return text.slice(node.end, property.start).trim() === "."
      ? [longer, { start: node.end, end: property.end, text: "" }]
      : null;
  }
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  if (node.type !== "ImportDeclaration" || node.specifiers.length !== 1 || isTypeScript) return null;
  const [only] = node.specifiers;
  if (only?.type !== "ImportSpecifier" || textOf(only.imported, text) !== "promises") return null;
  const open = text.lastIndexOf("{", only.start);
  const close = text.indexOf("}", only.end);
  if (text.slice(open + 1, only.start).trim() !== "" || !/^[\s,]*$/.test(text.slice(only.end, close))) return null;
  return [{ start: open, end: close + 1, text: only.local.name }, longer];
}
