import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import {
  beginsStatement,
  canOpenStatement,
  insertion,
  isBare,
  isOperand,
  isReadTwiceSafely,
  takesAnyOperator,
  textOf,
} from "../engine/expressions.ts";
import { quoteOf } from "../engine/import-place.ts";
import { knownType } from "../engine/known-type.ts";
import {
  type Call,
  callOf,
  doubtAboutUse,
  dropRewrites,
  isAlias,
  joinImports,
  plainArguments,
  reexportRefusals,
  rootName,
} from "../engine/member-rewrites.ts";
import { createModuleAccess, type ModuleAccess } from "../engine/module-access.ts";
import { createDenote, type Denote, type MemberUse, memberUses } from "../engine/module-members.ts";
import type { Scope } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isHostName, isStringLiteral } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** How a test reads once the function is gone; `x` is its argument. */
interface Test {
  readonly code: string;
  readonly before: string;
  readonly operator: string;
  readonly after: string;
}

const tests: ReadonlyMap<string, Test> = new Map([
  ["isBoolean", { code: "DEP0045", before: "typeof ", operator: "===", after: '"boolean"' }],
  ["isFunction", { code: "DEP0049", before: "typeof ", operator: "===", after: '"function"' }],
  ["isNull", { code: "DEP0050", before: "", operator: "===", after: "null" }],
  ["isNullOrUndefined", { code: "DEP0051", before: "", operator: "==", after: "null" }],
  ["isNumber", { code: "DEP0052", before: "typeof ", operator: "===", after: '"number"' }],
  ["isString", { code: "DEP0056", before: "typeof ", operator: "===", after: '"string"' }],
  ["isSymbol", { code: "DEP0057", before: "typeof ", operator: "===", after: '"symbol"' }],
  ["isUndefined", { code: "DEP0058", before: "", operator: "===", after: "undefined" }],
]);

/** Functions that the host has under another name. */
const hostFunctions: ReadonlyMap<string, readonly [code: string, object: string, name: string]> = new Map([
  ["isArray", ["DEP0044", "Array", "isArray"]],
  ["isBuffer", ["DEP0046", "Buffer", "isBuffer"]],
]);

const typesFunctions: ReadonlyMap<string, string> = new Map([
  ["isDate", "DEP0047"],
  ["isRegExp", "DEP0055"],
]);

/** Tests that name their argument twice. */
const doubleTests: ReadonlyMap<string, readonly [code: string, write: (x: string, util: string) => string]> = new Map([
  ["isError", ["DEP0048", (x, util) => `${util}.types.isNativeError(${x}) || ${x} instanceof Error`]],
  ["isObject", ["DEP0053", (x) => `${x} !== null && typeof ${x} === "object"`]],
  ["isPrimitive", ["DEP0054", (x) => `${x} === null || (typeof ${x} !== "object" && typeof ${x} !== "function")`]],
]);

const printers: ReadonlyMap<string, string> = new Map([
  ["print", "DEP0026"],
  ["puts", "DEP0027"],
  ["debug", "DEP0028"],
  ["error", "DEP0029"],
  ["log", "DEP0059"],
]);

const modules: ReadonlySet<string> = new Set(["util", "sys"]);
const named =
  /\b(?:is(?:Array|Boolean|Buffer|Date|Error|Function|Null|NullOrUndefined|Number|Object|Primitive|RegExp|String|Symbol|Undefined)|_extend|print|puts|debug|error|log)\b/;

/**
 * Replaces what Node.js deprecated in `util`, however it was loaded, and loads `util` for `sys` (DEP0025).
 *
 * - `isArray` (DEP0044) and `isBuffer` (DEP0046) become those of `Array` and `Buffer`, as a call and as a value.
 * - `isBoolean`, `isFunction`, `isNull`, `isNullOrUndefined`, `isNumber`, `isString`, `isSymbol` and `isUndefined` (DEP0045,
 *   0049 to 0052, 0056 to 0058) become operators, and an arrow function where they were passed on as a value. `== null` differs
 *   from the original for `document.all` alone.
 * - `isDate` (DEP0047) and `isRegExp` (DEP0055) become `util.types.…`; the original is the same function.
 * - `isError` (DEP0048), `isObject` (DEP0053) and `isPrimitive` (DEP0054) name their argument twice, so that it must be a name.
 * - `_extend(a, b)` (DEP0060) becomes `Object.assign(a, b)`, as the deprecation says. That adds keys in their own order, where
 *   the original added the last one first; it copies symbols too, and the characters of a string.
 * - `print`, `puts`, `error` with one argument and `debug` as a statement (DEP0026 to DEP0029) write to the same stream the same
 *   text. A `debug` whose value is used is today's name of `debuglog` and stays.
 * - `log(x)` (DEP0059) becomes `console.log("%s - %s", <time>, x)` for a string; the time is written as `toLocaleString` writes it.
 *
 * Refused: what is given a value (a stub), exported by its name, called with other than the arguments it takes, or torn from a
 * comment; a test that is compared as a function; a name that is assigned to, or within reach of `with` or a direct `eval`; a shadowed
 * `Array`, `Buffer`, `Error`, `Object` or `undefined`.
 * `util.inherits` is discouraged but not deprecated, and stays.
 */
export const utilDeprecations: Codemod = {
  id: "util-deprecations",
  version: "2.0.0",
  title: "Replace the deprecated functions of util",
  description: "Replaces util.isArray and the other type tests, util._extend, util.log, print, puts, debug and error.",
  keywords: [
    "util deprecations",
    "deprecated util functions",
    "deprecated functions util",
    "replace util isarray",
    "replace util extend",
    "replace util log",
    "remove deprecated util",
    "util isarray array isarray",
    "util extend object assign",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\b(?:util|sys)\b/.test(text) && (named.test(text) || /["'](?:node:)?sys["']/.test(text)),
  scan,
};

interface Work {
  readonly source: SourceFile;
  readonly denote: Denote;
  readonly access: ModuleAccess;
}

/** The splices that replace a use, with the code of the deprecation and the names that are gone then; or why there are none. */
type Replacement =
  | { readonly ok: true; readonly code: string; readonly splices: readonly Splice[]; readonly isGone: boolean }
  | { readonly ok: false; readonly reason: string };

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const work: Work = { source, denote, access: createModuleAccess(source, denote) };
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [...reexportRefusals(source, modules, (name) => isDeprecated(name))];
  const gone: (Node | null)[] = [];
  const uses = memberUses(source, denote, ({ module, path }) => modules.has(module) && path.length === 1);
  for (const use of uses) {
    const name = use.member.path[0] ?? "";
    if (!isDeprecated(name) || isAlias(denote, use) || isToday(name, use)) continue;
    const at = use.located.node.start;
    const doubt = doubtAboutUse(use);
    const result = doubt === null ? replacementFor(work, use, name) : refused(doubt);
    if (!result.ok) refusals.push({ at, reason: `util.${name} stays: ${result.reason}` });
    else rewrites.push({ at, reason: `util.${name} is deprecated (${result.code})`, splices: result.splices });
    if (result.ok && result.isGone) gone.push(rootName(use.located.node));
  }
  const drops = dropRewrites(source, gone, work.access.names());
  rewrites.push(...joinImports(source.text, drops, work.access.imports()));
  return { rewrites: [...rewrites, ...sysRewrites(source, rewrites)], refusals };
}

function refused(reason: string): Replacement {
  return { ok: false, reason };
}

function isDeprecated(name: string): boolean {
  return (
    [tests, hostFunctions, typesFunctions, doubleTests, printers].some((map) => map.has(name)) || name === "_extend"
  );
}

/** `util.debug` whose value is used is another name of `util.debuglog`. */
function isToday(name: string, use: MemberUse): boolean {
  return name === "debug" && callOf(use)?.parent?.node.type !== "ExpressionStatement";
}

function replacementFor(work: Work, use: MemberUse, name: string): Replacement {
  const host = hostFunctions.get(name);
  if (host !== undefined) return hostReplacement(work, use, host);
  const typesCode = typesFunctions.get(name);
  if (typesCode !== undefined) return typesReplacement(work, use, name, typesCode);
  const call = callOf(use);
  const test = tests.get(name);
  if (test !== undefined) return call === null ? arrowReplacement(work, use, test) : testReplacement(work, call, test);
  if (call === null) return refused("only its calls can be replaced");
  const double = doubleTests.get(name);
  if (double !== undefined) return doubleReplacement(work, call, double);
  return name === "_extend" ? extendReplacement(work, call) : printReplacement(work, call, name);
}

function hostReplacement(
  { source }: Work,
  { located }: MemberUse,
  [code, object, name]: readonly [string, string, string],
): Replacement {
  if (!isHostName(source, located.scope, object)) return refused(`${object} is another one here`);
  return { ok: true, code, splices: [valueSplice(located, `${object}.${name}`)], isGone: true };
}

/** Puts an expression in place of another, which may be the short form of a property. */
function valueSplice({ node, parent }: Located, text: string): Splice {
  const isShort = parent?.node.type === "Property" && parent.node.shorthand && node.type === "Identifier";
  return { start: node.start, end: node.end, text: isShort ? `${node.name}: ${text}` : text };
}

function typesReplacement({ access }: Work, { located }: MemberUse, name: string, code: string): Replacement {
  const { node, scope } = located;
  if (node.type === "MemberExpression" && !node.computed) {
    return { ok: true, code, splices: [insertion(node.property.start, "types.")], isGone: false };
  }
  const util = access.expressionFor(scope, node.start, "util");
  if (util === null) return refused("the file has no name for util");
  return { ok: true, code, splices: [valueSplice(located, `${util}.types.${name}`)], isGone: true };
}

function arrowReplacement({ source }: Work, { located }: MemberUse, { code, ...test }: Test): Replacement {
  if (beginsStatement(located)) return refused("a statement begins with it");
  if (isCompared(located)) return refused("it is compared, and a function that is made anew is another one each time");
  const hidden = hiddenName(source, located.scope, test.after);
  if (hidden !== null) return refused(hidden);
  const parameter = /\.[cm]?tsx?$/.test(source.path) ? "value: unknown" : "value";
  const arrow = `(${parameter}) => ${test.before}value ${test.operator} ${quoted(source, test.after)}`;
  const text = takesAnyOperator(located) ? arrow : `(${arrow})`;
  return { ok: true, code, splices: [valueSplice(located, text)], isGone: true };
}

/** True where it matters which function it is, and not what it does. */
function isCompared({ parent }: Located): boolean {
  const outer = parent?.node.type;
  return outer === "BinaryExpression" || outer === "SwitchCase" || outer === "SwitchStatement";
}

/** Why a global that a replacement names is another one here, or null where it is not, or where none is named. */
function hiddenName(source: SourceFile, scope: Scope, name: string): string | null {
  return name !== "undefined" || isHostName(source, scope, name) ? null : `${name} is another one here`;
}

/** A string in the quotes of the file. */
function quoted(source: SourceFile, text: string): string {
  return text.replaceAll('"', quoteOf(source));
}

/** The only argument of a call with nothing but spaces and brackets around it; null for another call. */
function soleArgument(text: string, call: Call): Node | null {
  const values = plainArguments(call);
  const [value] = values ?? [];
  if (value === undefined || values?.length !== 1) return null;
  const isAlone = isBare(text, call.callee.end, value.start, "(") && isBare(text, value.end, call.end, "),");
  return isAlone ? value : null;
}

const wantsOne = "it is not called with one argument alone";

function testReplacement({ source, denote }: Work, call: Located<Call>, test: Test): Replacement {
  const value = soleArgument(source.text, call.node);
  if (value === null) return refused(wantsOne);
  const negation = negationOf(call, source.text);
  const whole = negation ?? call;
  const needsBrackets = !takesOperator(whole);
  if (needsBrackets && beginsStatement(whole)) return refused("a statement begins with it");
  const hidden = hiddenName(source, call.scope, test.after);
  if (hidden !== null) return refused(hidden);
  const isPlain = isOperand(value) && !mayBeReplaced(denote, call, value);
  const operator = negation === null ? test.operator : `!${test.operator.slice(1)}`;
  const opened = `${needsBrackets ? "(" : ""}${test.before}${isPlain ? "" : "("}`;
  if (goesOn(source.text, whole, opened + textOf(value, source.text))) {
    return refused("it would go on from the statement before");
  }
  const before = `${spaceBefore(source.text, whole.node)}${opened}`;
  const after = `${isPlain ? "" : ")"} ${operator} ${quoted(source, test.after)}${needsBrackets ? ")" : ""}`;
  return {
    ok: true,
    code: test.code,
    splices: [
      { start: whole.node.start, end: value.start, text: before },
      { start: value.end, end: whole.node.end, text: after },
    ],
    isGone: true,
  };
}

/** True where a text that begins a statement would be read as a part of the one before. */
function goesOn(text: string, located: Located, replacement: string): boolean {
  return !/^[\w$]/.test(replacement) && beginsStatement(located) && !canOpenStatement(text, located.node.start);
}

/** `return!f(x)` needs no space, and what takes the place of `!f(x)` does. */
function spaceBefore(text: string, { start }: Node): string {
  return /[\w$]/.test(text.charAt(start - 1)) ? " " : "";
}

/** `!f(x)` around a call, where nothing else stands in between. */
function negationOf(call: Located<Call>, text: string): Located | null {
  const { parent } = call;
  if (parent?.node.type !== "UnaryExpression" || parent.node.operator !== "!") return null;
  return isBare(text, parent.node.start, call.node.start, "!") ? parent : null;
}

/** True where a comparison can stand without brackets. */
function takesOperator(located: Located): boolean {
  const outer = located.parent?.node.type;
  const isLoose = outer === "LogicalExpression" || outer === "ConditionalExpression" || outer === "ExpressionStatement";
  return isLoose || takesAnyOperator(located);
}

/** True for a member of util, or a call of one, which this codemod may replace by an operator or a function. */
function mayBeReplaced(denote: Denote, { scope }: Located, value: Node): boolean {
  const member = denote(scope, value.type === "CallExpression" ? value.callee : value);
  return member !== null && modules.has(member.module);
}

function doubleReplacement(
  { source, denote, access }: Work,
  call: Located<Call>,
  [code, write]: readonly [string, (x: string, util: string) => string],
): Replacement {
  const value = soleArgument(source.text, call.node);
  if (value === null) return refused(wantsOne);
  if (!isReadTwiceSafely(value) || mayBeReplaced(denote, call, value))
    return refused("its argument would be computed twice");
  const needsBrackets = !takesAnyOperator(call);
  if (needsBrackets && beginsStatement(call)) return refused("a statement begins with it");
  if (code === "DEP0048" && !isHostName(source, call.scope, "Error")) return refused("Error is another one here");
  const util = code === "DEP0048" ? access.expressionFor(call.scope, call.node.start, "util") : "";
  if (util === null) return refused("the file has no name for util");
  const text = quoted(source, write(textOf(value, source.text), util));
  const splice = { start: call.node.start, end: call.node.end, text: needsBrackets ? `(${text})` : text };
  return {
    ok: true,
    code,
    splices: [splice],
    isGone: util !== textOf(rootName(call.node.callee) ?? value, source.text),
  };
}

function extendReplacement({ source }: Work, { node, scope }: Located<Call>): Replacement {
  if (plainArguments(node)?.length !== 2) return refused("it is not called with two arguments");
  if (!isHostName(source, scope, "Object")) return refused("Object is another one here");
  const splices = [{ start: node.callee.start, end: node.callee.end, text: "Object.assign" }];
  return { ok: true, code: "DEP0060", splices, isGone: true };
}

function printReplacement({ source, denote }: Work, call: Located<Call>, name: string): Replacement {
  const value = soleArgument(source.text, call.node);
  if (value === null) return refused(wantsOne);
  const isString = knownType(source, call.scope, value) === "string";
  const [object, before, after] = printed(name, isString, isOperand(value) && !mayBeReplaced(denote, call, value));
  if (before === null) return refused("it formats what is not a string");
  if (name === "print" && call.parent?.node.type !== "ExpressionStatement") return refused("its value is used");
  for (const host of [object.split(".")[0] ?? "", ...(before.includes("String(") ? ["String"] : [])]) {
    if (!isHostName(source, call.scope, host)) return refused(`${host} is another one here`);
  }
  const splices = [
    { start: call.node.start, end: value.start, text: `${object}(${quoted(source, before)}` },
    { start: value.end, end: call.node.end, text: `${after})` },
  ];
  return { ok: true, code: printers.get(name) ?? "", splices, isGone: true };
}

type Printed = readonly [object: string, before: string | null, after: string];

function printed(name: string, isString: boolean, isPlain: boolean): Printed {
  const [open, close] = isString ? ["", ""] : ["String(", ")"];
  if (name === "print") return ["process.stdout.write", open, close];
  if (name === "puts") return ["console.log", open, close];
  if (name === "error") return ["console.error", open, close];
  if (name === "debug") return ["console.error", `"DEBUG: " + ${isPlain ? "" : "("}`, isPlain ? "" : ")"];
  return ["console.log", isString ? '"%s - %s", new Date().toLocaleString(), ' : null, ""];
}

function sysRewrites(source: SourceFile, others: readonly Rewrite[]): readonly Rewrite[] {
  const isDropped = (at: number) =>
    others.some(({ splices }) => splices.some(({ start, end }) => start <= at && at < end));
  const literals: readonly (Node | undefined)[] = [
    ...source.nodesOfType("ImportDeclaration").map(({ node }) => node.source),
    ...source.nodesOfType("ImportExpression").map(({ node }) => node.source),
    ...source.nodesOfType("CallExpression").flatMap(({ node, scope }) => requiredSys(source, node, scope)),
  ];
  return literals.flatMap((node) => {
    if (node === undefined || !isStringLiteral(node) || isDropped(node.start)) return [];
    const written = source.text.slice(node.start + 1, node.end - 1);
    if (written !== "sys" && written !== "node:sys") return [];
    const splices = [{ start: node.end - 4, end: node.end - 1, text: "util" }];
    return [{ at: node.start, reason: "sys is another name of util (DEP0025)", splices }];
  });
}

function requiredSys(source: SourceFile, node: Call, scope: Located["scope"]): readonly Node[] {
  const isRequire = node.callee.type === "Identifier" && node.callee.name === "require";
  return isRequire && node.arguments.length === 1 && isHostName(source, scope, "require") ? node.arguments : [];
}
