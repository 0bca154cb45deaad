import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { insertion, isBare } from "../engine/expressions.ts";
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
import { createDenote, type MemberUse, memberUses, propertyName } from "../engine/module-members.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { builtinModules } from "./builtin-modules.ts";

const accessModes: ReadonlySet<string> = new Set(["F_OK", "R_OK", "W_OK", "X_OK"]);
const removals: ReadonlySet<string> = new Set(["rmdir", "rmdirSync"]);

/**
 * Replaces what Node.js deprecated in `fs`, however it was loaded:
 *
 * - `fs.F_OK`, `R_OK`, `W_OK` and `X_OK` (DEP0176) become those of `fs.constants`; they are the same numbers.
 * - `rmdir(path, { recursive: true })` (DEP0147), also `rmdirSync` and the one of `fs.promises`, becomes `rm` with the same
 *   options. Both remove a folder with all that is in it and fail where there is none. What differs: `rm` removes a file as well,
 *   where `rmdir` failed with ENOTDIR.
 *
 * Refused: options that are not written at the call (they may say `recursive`, or not), a name that is torn out of `fs` in a way
 * the codemod cannot follow, what is given a value (a stub) or exported by its name. Left alone: `rmdir` without `recursive`, `fs.exists`
 * and other functions whose replacement is another design, `fs.access` with numbers.
 */
export const fsDeprecations: Codemod = {
  id: "fs-deprecations",
  version: "2.0.0",
  title: "Replace deprecated members of fs",
  description: "Turns `fs.F_OK` and the like into those of `fs.constants`, and a recursive `fs.rmdir` into `fs.rm`.",
  keywords: [
    "fs deprecations",
    "replace deprecated fs",
    "replace fs deprecations",
    "deprecated members of fs",
    "rmdir recursive",
    "recursive rmdir",
    "replace rmdir rm",
    "rm over rmdir",
    "rm over fs rmdir",
    "replace fs constants",
    "replace f ok fs constants",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\b(?:[FRWX]_OK|rmdir(?:Sync)?)\b/.test(text),
  scan,
};

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const access = createModuleAccess(source, denote);
  const isMode = (name: string) => accessModes.has(name);
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [...reexportRefusals(source, new Set(["fs"]), isMode)];
  const gone: (Node | null)[] = [];
  for (const use of memberUses(source, denote, ({ module, path }) => isDeprecated(module, path))) {
    const name = use.member.path.at(-1) ?? "";
    if (isAlias(denote, use)) continue;
    const at = use.located.node.start;
    const doubt = doubtAboutUse(use);
    const result = isMode(name) ? modeSplices(access, use) : removalSplices(source, use, name);
    if (result === null) continue;
    if (doubt !== null || typeof result === "string") {
      refusals.push({ at, reason: `fs.${name} stays: ${doubt ?? result}` });
      continue;
    }
    const code = isMode(name) ? "DEP0176" : "DEP0147";
    rewrites.push({ at, reason: `fs.${name} is deprecated here (${code})`, splices: result });
    if (isMode(name) && use.located.node.type === "Identifier") gone.push(rootName(use.located.node));
  }
  const drops = dropRewrites(source, gone, access.names());
  return { rewrites: [...rewrites, ...joinImports(source.text, drops, access.imports())], refusals };
}

function isDeprecated(module: string, path: readonly string[]): boolean {
  const [name, inner] = path;
  if (module === "fs/promises") return path.length === 1 && name === "rmdir";
  if (module !== "fs" || name === undefined) return false;
  if (path.length === 1) return accessModes.has(name) || removals.has(name);
  return path.length === 2 && name === "promises" && inner === "rmdir";
}

/** The splices for a use of an access mode, or the reason why there are none. */
function modeSplices(access: ModuleAccess, { located }: MemberUse): readonly Splice[] | string {
  const { node, scope, parent } = located;
  if (node.type === "MemberExpression") {
    return [insertion(node.object.end, ".constants")];
  }
  if (node.type !== "Identifier") return "it is not named";
  const fs = access.expressionFor(scope, node.start, "fs");
  if (fs === null) return "the file has no name for fs";
  const isShort = parent?.node.type === "Property" && parent.node.shorthand;
  return [{ start: node.start, end: node.end, text: `${isShort ? `${node.name}: ` : ""}${fs}.constants.${node.name}` }];
}

/** The splices for a recursive removal, null where nothing is to be done, or the reason why it stays. */
function removalSplices({ text }: SourceFile, use: MemberUse, name: string): readonly Splice[] | string | null {
  const call = callOf(use);
  if (call === null) return null;
  const isRecursive = asksForRecursive(call);
  if (isRecursive !== true) return isRecursive;
  const { callee } = call.node;
  if (callee.type !== "MemberExpression" || callee.computed) return "it is not called as a member of fs";
  if (!isBare(text, callee.object.end, callee.property.start, ".")) return "a comment stands there";
  return [{ start: callee.property.start, end: callee.property.end, text: name.replace("rmdir", "rm") }];
}

/** True where the options say so, null where there are none or they do not, and the reason where they cannot be read. */
function asksForRecursive(call: Located<Call>): true | null | string {
  const values = plainArguments(call.node);
  if (values === null) return "an argument is spread";
  const options = values[1];
  if (options === undefined || options.type === "ArrowFunctionExpression" || options.type === "FunctionExpression")
    return null;
  if (options.type !== "ObjectExpression") return values.length === 2 ? null : "its options are not written here";
  const recursive = options.properties.find((each) => each.type === "Property" && propertyName(each) === "recursive");
  if (options.properties.some(({ type }) => type === "SpreadElement")) return "its options are not all written here";
  if (recursive?.type !== "Property") return null;
  const { value } = recursive;
  if (value.type !== "Literal") return "whether it is recursive is not written here";
  return value.value === true ? true : null;
}
