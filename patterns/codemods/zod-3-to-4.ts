import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { insertion, isBare, textOf } from "../engine/expressions.ts";
import { quoteOf } from "../engine/import-place.ts";
import { constantValue } from "../engine/known-type.ts";
import { type Call, plainArguments } from "../engine/member-rewrites.ts";
import { createDenote, type Denote, memberName, propertyName } from "../engine/module-members.ts";
import { needsDependency } from "../engine/preconditions.ts";
import type { Scope } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isStringLiteral } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** Formats that became functions of their own. `uuid` of version 4 is stricter; what version 3 took is called `guid` there. */
const formats: ReadonlyMap<string, string> = new Map([
  ["base64", "base64"],
  ["cuid", "cuid"],
  ["cuid2", "cuid2"],
  ["date", "iso.date"],
  ["datetime", "iso.datetime"],
  ["duration", "iso.duration"],
  ["email", "email"],
  ["emoji", "emoji"],
  ["nanoid", "nanoid"],
  ["time", "iso.time"],
  ["ulid", "ulid"],
  ["url", "url"],
  ["uuid", "guid"],
]);

/** Methods of schemas that are gone, with what to do. */
const lostMethods: ReadonlyMap<string, string> = new Map([
  ["args", "z.function() takes its input and output as options"],
  ["cidr", "use z.cidrv4(), z.cidrv6() or both"],
  ["deepPartial", "nothing takes its place"],
  ["ip", "use z.ipv4(), z.ipv6() or both"],
  ["nonstrict", "use z.looseObject()"],
  ["returns", "z.function() takes its input and output as options"],
]);

/** Schemas that report nothing but a wrong type by themselves, so that both messages of version 3 can be told apart. */
const simpleSchemas: ReadonlySet<string> = new Set(["bigint", "boolean", "number", "string"]);

const messageOptions: ReadonlySet<string> = new Set(["invalid_type_error", "required_error"]);

/**
 * Moves schemas from zod 3 to zod 4, where the text shows that they mean the same:
 *
 * - `z.record(v)` becomes `z.record(z.string(), v)`. A record whose keys are an enum becomes `z.partialRecord`, since `z.record` of
 *   version 4 asks for every key.
 * - `z.nativeEnum(E)` becomes `z.enum(E)`.
 * - `z.string().email()` and the other formats, right behind a `z.string()` without arguments, become `z.email()` and so on;
 *   `uuid` becomes `guid`, which takes what version 3 took (its issues then say `guid`).
 * - `required_error` and `invalid_type_error` of string, number, boolean and bigint, written as strings, become one `error`.
 * - `default` behind a `transform` or `pipe` becomes `prefault`, since `default` of version 4 is not parsed.
 * - `e.errors` becomes `e.issues` where `e instanceof z.ZodError` guards it.
 *
 * `z` is a named, default or namespace import of `zod`, or its `require`. Refused, since no equal is left or the text does not show
 * it: `errorMap`, the two messages on any other schema or not as strings, records with keys of an unknown kind, `ip`, `cidr`,
 * `deepPartial`, `nonstrict`, `args` and `returns`. Left alone: what version 4 only discourages (`message`, `strict`, `passthrough`,
 * `merge`), `zod/v3` and `zod/v4`, and whatever is done with a schema after it was put into a variable.
 *
 * The result needs zod 4; the package must name zod among its dependencies.
 */
export const zod3To4: Codemod = {
  id: "zod-3-to-4",
  version: "2.0.0",
  title: "Move from zod 3 to zod 4",
  description:
    "Rewrites records, native enums, string formats, error messages and defaults of zod 3 as zod 4 has them.",
  keywords: [
    "zod 3 zod 4",
    "zod 3 to 4",
    "zod v3 v4",
    "replace zod 4",
    "replace zod v4",
    "upgrade zod 4",
    "upgrade zod to version 4",
    "upgrade zod v4",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /["']zod["']/.test(text),
  preconditions: [needsDependency("zod")],
  scan,
};

interface Work {
  readonly source: SourceFile;
  readonly denote: Denote;
}

/** The rewrite of a place, or the reason why there is none; null where nothing is to be done. */
type Result = Rewrite | string | null;

function scan(source: SourceFile): Scan {
  const work: Work = { source, denote: createDenote(source, builtinModules) };
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const add = (at: number, result: Result) => {
    if (typeof result === "string") refusals.push({ at, reason: result });
    else if (result !== null) rewrites.push(result);
  };
  for (const call of source.nodesOfType("CallExpression")) {
    const schema = schemaName(work, call.scope, call.node.callee);
    if (schema !== null) add(call.node.start, schemaResult(work, call, schema));
    if (schema !== null)
      for (const property of optionsOf(call.node)) add(property.start, optionResult(work, schema, property));
    if (schema === null && call.node.callee.type === "MemberExpression") add(call.node.start, methodResult(work, call));
  }
  for (const member of source.nodesOfType("MemberExpression")) add(member.node.start, errorsResult(work, member));
  return { rewrites, refusals };
}

/** The name of a member of zod that an expression denotes, without doubt; null for any other. */
function schemaName({ denote }: Work, scope: Scope, expression: Node): string | null {
  const member = denote(scope, expression);
  if (member?.module !== "zod" || member.doubt !== null) return null;
  const path = [...member.path];
  while (path[0] === "default" || path[0] === "z") path.shift();
  return path.length > 0 ? path.join(".") : null;
}

function schemaResult(work: Work, { node, scope }: Located<Call>, schema: string): Result {
  const { callee } = node;
  const isNamed = callee.type === "MemberExpression" && !callee.computed && !callee.optional;
  if (schema === "nativeEnum") {
    if (!isNamed) return "z.nativeEnum stays: the file names it without z";
    return rename(callee.property, "enum", "z.enum takes native enums");
  }
  if (schema !== "record" || node.type !== "CallExpression") return null;
  const values = plainArguments(node);
  const [key, value] = values ?? [];
  if (key === undefined) return "z.record stays: its arguments are not written here";
  if (value === undefined) {
    if (!isNamed) return "z.record stays: the file names it without z";
    const text = `${textOf(callee.object, work.source.text)}.string(), `;
    return { at: node.start, reason: "z.record needs its keys", splices: [insertion(key.start, text)] };
  }
  const keyNode = constantValue(scope, key);
  const kind = keyNode.type === "CallExpression" ? rootSchema(work, scope, keyNode)?.schema : undefined;
  if (kind === "enum" || kind === "nativeEnum") {
    if (!isNamed) return "z.record stays: the file names it without z";
    return rename(callee.property, "partialRecord", "z.record asks for every key of an enum");
  }
  return kind === "string" || kind === "number"
    ? null
    : "z.record stays: whether its keys are an enum is not written here";
}

function rename(node: Node, text: string, reason: string): Rewrite {
  return { at: node.start, reason, splices: [{ start: node.start, end: node.end, text }] };
}

interface Root {
  readonly schema: string;
  readonly call: Call;
  /** Methods between the schema and the end of the chain, the last one first. */
  readonly methods: readonly string[];
}

/** The call of zod that a chain of methods begins with. */
function rootSchema(work: Work, scope: Scope, chain: Node): Root | null {
  const methods: string[] = [];
  let node = chain;
  while (node.type === "CallExpression") {
    const schema = schemaName(work, scope, node.callee);
    if (schema !== null) return { schema, call: node, methods };
    if (node.callee.type !== "MemberExpression" || node.callee.optional || node.optional) return null;
    const name = memberName(node.callee);
    if (name === null) return null;
    methods.push(name);
    node = node.callee.object;
  }
  return null;
}

function methodResult(work: Work, { node, scope }: Located<Call>): Result {
  const root = rootSchema(work, scope, node);
  const { callee } = node;
  const [name, ...earlier] = root?.methods ?? [];
  if (root === null || name === undefined || callee.type !== "MemberExpression" || callee.computed) return null;
  const lost = lostMethods.get(name);
  const isLost = lost !== undefined && (root.schema === "function") === (name === "args" || name === "returns");
  if (isLost) return `.${name}() stays: ${lost}`;
  if (name === "default" && earlier.some((each) => each === "transform" || each === "pipe")) {
    return rename(callee.property, "prefault", "default is not parsed any more");
  }
  const format = root.schema === "string" && earlier.length === 0 ? formats.get(name) : undefined;
  return format === undefined ? null : formatResult(work, node, root.call, format);
}

/** `z.email(…)` for `z.string().email(…)`. */
function formatResult({ source }: Work, node: Call, root: Call, format: string): Result {
  const { callee } = root;
  if (root.arguments.length > 0 || node.callee.type !== "MemberExpression") return null;
  if (callee.type !== "MemberExpression" || callee.computed) return null;
  const { property } = node.callee;
  if (!isBare(source.text, callee.end, root.end, "()") || !isBare(source.text, root.end, property.start, "."))
    return null;
  const splice: Splice = { start: callee.property.start, end: property.end, text: format };
  return { at: node.start, reason: `z.${format} is a schema of its own`, splices: [splice] };
}

type ObjectLiteral = Extract<Node, { type: "ObjectExpression" }>;

/** The options of a schema that hold a message of version 3, as the object that they stand in. */
function optionsOf(call: Call): readonly ObjectLiteral[] {
  return call.arguments.filter((each): each is ObjectLiteral => isOptions(each));

  function isOptions(each: Node): boolean {
    return each.type === "ObjectExpression" && messages(each).some(({ property }) => mayBeMessage(property.value));
  }
}

/** False for a schema: the shape of an object may have a member of that name. */
function mayBeMessage(value: Node): boolean {
  return value.type !== "CallExpression";
}

function messages(options: ObjectLiteral) {
  return options.properties.flatMap((each) => {
    const name = each.type === "Property" ? propertyName(each) : null;
    const isMessage = name !== null && (messageOptions.has(name) || name === "errorMap");
    return each.type === "Property" && isMessage ? [{ name, property: each }] : [];
  });
}

/** One `error` for the two messages of version 3, in the place of the first. */
function optionResult({ source }: Work, schema: string, options: ObjectLiteral): Result {
  const found = messages(options);
  const [first, second] = found;
  if (first === undefined) return null;
  if (first.name === "errorMap" || second?.name === "errorMap")
    return "errorMap stays: an error function has another shape";
  if (!simpleSchemas.has(schema)) return `${first.name} stays: its schema reports more than a wrong type`;
  if (options.properties.some((each) => each.type !== "Property" || propertyName(each) === "message")) {
    return `${first.name} stays: the options hold other messages as well`;
  }
  if (!found.every(({ property }) => isStringLiteral(property.value))) return `${first.name} stays: it is no string`;
  const textFor = (name: string) => {
    const message = found.find((each) => each.name === name);
    return message === undefined ? "undefined" : textOf(message.property.value, source.text);
  };
  const text = `error: ${errorFunction(source, textFor("required_error"), textFor("invalid_type_error"))}`;
  const splices: Splice[] = [{ start: first.property.start, end: first.property.end, text }];
  if (second !== undefined) {
    const gap = source.text.slice(first.property.end, second.property.start);
    const isNext = options.properties.indexOf(second.property) === options.properties.indexOf(first.property) + 1;
    if (!isNext || gap.replace(",", "").trim() !== "")
      return `${first.name} stays: something stands between the messages`;
    splices.push({ start: first.property.end, end: second.property.end, text: "" });
  }
  return {
    at: first.property.start,
    reason: `error takes the place of ${found.map(({ name }) => name).join(" and ")}`,
    splices,
  };
}

/** The code is asked as well, since version 4 calls the function for what `min` and others find, too. */
function errorFunction(source: SourceFile, required: string, invalid: string): string {
  const quote = quoteOf(source);
  const other =
    invalid === "undefined" ? invalid : `issue.code === ${quote}invalid_type${quote} ? ${invalid} : undefined`;
  return `(issue) => (issue.input === undefined ? ${required} : ${other})`;
}

/** `e.issues` for `e.errors`, inside of `if (e instanceof z.ZodError)`. */
function errorsResult(work: Work, { node, parent }: Located<Extract<Node, { type: "MemberExpression" }>>): Result {
  if (node.computed || memberName(node) !== "errors" || node.object.type !== "Identifier") return null;
  const { name } = node.object;
  let child: Node = node;
  for (let at: Located | null = parent; at !== null; at = at.parent) {
    if (/Function|Class/.test(at.node.type)) return null;
    const guarded =
      at.node.type === "IfStatement"
        ? at.node.consequent
        : at.node.type === "ConditionalExpression"
          ? at.node.consequent
          : null;
    if (guarded === child && "test" in at.node && isGuard(work, at.scope, at.node.test, name)) {
      return work.source.assignedNames().has(name) ? null : rename(node.property, "issues", "errors are called issues");
    }
    child = at.node;
  }
  return null;
}

function isGuard(work: Work, scope: Scope, test: Node | null, name: string): boolean {
  if (test?.type !== "BinaryExpression" || test.operator !== "instanceof" || test.left.type !== "Identifier")
    return false;
  return test.left.name === name && schemaName(work, scope, test.right) === "ZodError";
}
