import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { beginsStatement, isBare } from "../engine/expressions.ts";
import { type Call, callOf, doubtAboutUse, membersInUse } from "../engine/member-rewrites.ts";
import { createModuleAccess, type ModuleAccess } from "../engine/module-access.ts";
import { createDenote, isPath, memberUses } from "../engine/module-members.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isStringLiteral } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** The members of `process.binding("constants")` that are the `constants` of a module. */
const constantModules: ReadonlySet<string> = new Set(["crypto", "fs", "os", "zlib"]);

/** The members of `process.binding("util")`, each of which is the function of that name in `util.types`. */
const typeTests: ReadonlySet<string> = new Set(
  "isExternal isDate isNativeError isRegExp isAsyncFunction isPromise isMap isSet isMapIterator isSetIterator isArrayBuffer isDataView isAnyArrayBuffer isArrayBufferView isTypedArray isUint8Array".split(
    " ",
  ),
);

/**
 * Replaces `process.binding()` (DEP0111) where what it gives is public under another name:
 *
 * - `process.binding("constants").fs` becomes `require("node:fs").constants`, the same for `os`, `crypto` and `zlib`; it is the same
 *   object. Where the result is kept in a variable or taken apart, an object with the members in use takes its place.
 * - `process.binding("util")` becomes `util.types`, for the sixteen functions that both have; they are the same.
 *
 * The module is reached by the name that the file already has for it, by `require` in CommonJS, and by a new import in an ES
 * module.
 *
 * Refused, since nothing public is equal: every other binding (`natives` is close to `module.builtinModules`, but holds the
 * sources and internal names too), a name that is computed, a result that goes elsewhere as a whole. `process` is the global or
 * the module, however it was loaded; a file's own `process` is left alone.
 */
export const processBindingRemoval: Codemod = {
  id: "process-binding-removal",
  version: "2.0.0",
  title: "Replace process.binding",
  description: "Replaces process.binding('constants') and process.binding('util') by the public members that they are.",
  keywords: [
    "replace process binding",
    "remove process binding",
    "process binding removal",
    "without process binding",
    "replace deprecated process binding",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\bbinding\b/.test(text) && /\bprocess\b/.test(text),
  scan,
};

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const access = createModuleAccess(source, denote);
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const uses = memberUses(source, denote, (member) => member.module === "process" && isPath(member, "binding"));
  for (const use of uses) {
    const call = callOf(use);
    const at = use.located.node.start;
    const doubt = doubtAboutUse(use);
    const result =
      call === null || doubt !== null ? (doubt ?? "only its calls can be replaced") : replace(source, access, call);
    if (typeof result === "string") refusals.push({ at, reason: `process.binding stays: ${result}` });
    else rewrites.push(result);
  }
  return { rewrites: [...rewrites, ...access.imports()], refusals };
}

/** The rewrite of one call, or the reason why there is none. */
function replace(source: SourceFile, access: ModuleAccess, call: Located<Call>): Rewrite | string {
  const [argument] = call.node.arguments;
  if (argument === undefined || call.node.arguments.length !== 1 || !isStringLiteral(argument)) {
    return "the binding is not named by one string";
  }
  if (!isBare(source.text, call.node.callee.end, argument.start, "(")) return "a comment stands there";
  const { value } = argument;
  if (value !== "constants" && value !== "util") return `nothing public is equal to the binding ${value}`;
  const known = value === "util" ? typeTests : constantModules;
  const names = membersInUse(source, call);
  if (names === null || names.size === 0) return "its result is used as a whole";
  const unknown = [...names].find((name) => !known.has(name));
  if (unknown !== undefined) return `nothing public is equal to ${unknown} of the binding ${value}`;
  return value === "util" ? utilRewrite(access, call) : constantsRewrite(access, call, [...names].sort());
}

const noWay = "the file has no way to the module";

function utilRewrite(access: ModuleAccess, { node, scope }: Located): Rewrite | string {
  const util = access.expressionFor(scope, node.start, "util");
  if (util === null) return noWay;
  const splices = [{ start: node.start, end: node.end, text: `${util}.types` }];
  return { at: node.start, reason: "process.binding is deprecated (DEP0111): util.types", splices };
}

function constantsRewrite(access: ModuleAccess, call: Located, names: readonly string[]): Rewrite | string {
  const { node, scope, parent } = call;
  const modules = names.map((name) => [name, access.expressionFor(scope, node.start, name)] as const);
  if (modules.some(([, module]) => module === null)) return noWay;
  const reason = `process.binding is deprecated (DEP0111): the constants of ${names.join(" and ")}`;
  if (parent?.node.type === "MemberExpression") {
    const splices = [{ start: node.start, end: parent.node.end, text: `${modules[0]?.[1]}.constants` }];
    return { at: node.start, reason, splices };
  }
  if (beginsStatement(call)) return "a statement begins with it";
  const members = modules.map(([name, module]) => `${name}: ${module}.constants`).join(", ");
  return { at: node.start, reason, splices: [{ start: node.start, end: node.end, text: `{ ${members} }` }] };
}
