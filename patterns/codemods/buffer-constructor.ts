import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { insertion, isBare } from "../engine/expressions.ts";
import { constantValue, knownType } from "../engine/known-type.ts";
import { doubtAboutUse, dropRewrites, isAlias, reexportRefusals } from "../engine/member-rewrites.ts";
import { createDenote, isPath, type MemberUse, memberUses } from "../engine/module-members.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { isHostName } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/**
 * Replaces `new Buffer(…)` and `Buffer(…)` (DEP0005) by `Buffer.from` or `Buffer.alloc`, and `SlowBuffer(n)` (DEP0030) by
 * `Buffer.allocUnsafeSlow(n)`. `Buffer` is the global or the one of `buffer`, however it was loaded; one from another package
 * (`safe-buffer`) is left alone.
 *
 * Which of the two is meant depends on the first argument: a number allocates, anything else is copied. So a call changes only
 * where the text shows the type of that argument: a literal, a template, an array, an operator, a host function such as
 * `String()`, a constant with such a value, or a name that TypeScript annotates. A string as the second argument decides as
 * well: a number with an encoding has always thrown. All else is refused, `x.length` too, since an object can say anything.
 * `Buffer.alloc` fills with zeros, as the constructor has done since Node.js 8.
 *
 * Left alone: `extends Buffer`, `instanceof Buffer`, `Buffer` as a value.
 */
export const bufferConstructor: Codemod = {
  id: "buffer-constructor",
  version: "2.0.0",
  title: "Replace the Buffer constructor",
  description:
    "Turns `new Buffer(x)` into `Buffer.from(x)` or `Buffer.alloc(x)`, and `SlowBuffer` into `allocUnsafeSlow`.",
  keywords: [
    "buffer constructor",
    "new buffer buffer from",
    "replace new buffer",
    "replace deprecated buffer",
    "deprecated buffer constructor",
    "remove new buffer",
    "buffer from over new buffer",
    "buffer alloc over new buffer",
    "replace slowbuffer",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\b(?:Slow)?Buffer\b/.test(text),
  scan,
};

type Construction = Extract<Node, { type: "CallExpression" | "NewExpression" }>;

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [...reexportRefusals(source, new Set(["buffer"]), (name) => name === "SlowBuffer")];
  const gone: Node[] = [];
  const isWanted = (path: readonly string[]) => path.length === 1 && (path[0] === "Buffer" || path[0] === "SlowBuffer");
  for (const use of memberUses(source, denote, ({ module, path }) => module === "buffer" && isWanted(path))) {
    const construction = constructionOf(use);
    const isSlow = isPath(use.member, "SlowBuffer");
    if (construction === null) continue;
    const at = construction.start;
    const doubt = doubtAboutUse(use) ?? doubtAboutCall(source, construction);
    const method = doubt === null ? methodFor(source, use, construction, isSlow) : { refusal: doubt };
    if (typeof method !== "string") refusals.push({ at, reason: `the constructor stays: ${method.refusal}` });
    else {
      rewrites.push(rewriteOf(use, construction, method, isSlow));
      if (isSlow && use.located.node.type === "Identifier" && !isAlias(denote, use)) gone.push(use.located.node);
    }
  }
  return { rewrites: [...rewrites, ...dropRewrites(source, gone)], refusals };
}

/** The call or `new` whose callee a use is. */
function constructionOf({ located }: MemberUse): Construction | null {
  const outer = located.parent?.node;
  if (outer?.type !== "CallExpression" && outer?.type !== "NewExpression") return null;
  return outer.callee === located.node ? outer : null;
}

function doubtAboutCall({ text }: SourceFile, node: Construction): string | null {
  if (node.type === "CallExpression" && node.optional) return "it is called with ?.";
  if (node.type === "NewExpression" && !/^\s/.test(text.slice(node.start + 3))) return "new stands before a bracket";
  if (!isBare(text, node.start + (node.type === "NewExpression" ? 3 : 0), node.callee.start))
    return "a comment stands there";
  return null;
}

type Method = "from" | "alloc" | "allocUnsafeSlow" | { readonly refusal: string };

function methodFor(source: SourceFile, use: MemberUse, node: Construction, isSlow: boolean): Method {
  const { scope } = use.located;
  const [first, second] = node.arguments;
  if (node.arguments.some(({ type }) => type === "SpreadElement")) return { refusal: "an argument is spread" };
  if (first === undefined) return { refusal: "it has no argument" };
  if (isSlow) return slowMethod(source, use, node);
  const type = knownType(source, scope, first);
  const isEncoded = second !== undefined && knownType(source, scope, second) === "string";
  if (type === "number" || type === "numeric") return isEncoded ? { refusal: "a number has no encoding" } : "alloc";
  if (type !== null || isEncoded || isBytes(source, use, first)) return "from";
  return { refusal: "its argument may be a number or data" };
}

/** An array buffer or typed array that is made in place. */
function isBytes(source: SourceFile, { located }: MemberUse, argument: Node): boolean {
  return knownType(source, located.scope, constantValue(located.scope, argument)) === "object";
}

function slowMethod(source: SourceFile, { located }: MemberUse, node: Construction): Method {
  if (node.arguments.length !== 1) return { refusal: "it has more than one argument" };
  const needsGlobal = located.node.type === "Identifier";
  const isThere = !needsGlobal || isHostName(source, located.scope, "Buffer");
  return isThere ? "allocUnsafeSlow" : { refusal: "Buffer is another one here" };
}

function rewriteOf({ located }: MemberUse, node: Construction, method: string, isSlow: boolean): Rewrite {
  const { callee } = node;
  const splices: Splice[] = callee.start > node.start ? [{ start: node.start, end: callee.start, text: "" }] : [];
  if (!isSlow) splices.push(insertion(callee.end, `.${method}`));
  else if (located.node.type === "MemberExpression") {
    const { property, computed } = located.node;
    const start = computed ? located.node.object.end : property.start;
    splices.push({ start, end: callee.end, text: `${computed ? "." : ""}Buffer.${method}` });
  } else splices.push({ start: callee.start, end: callee.end, text: `Buffer.${method}` });
  const reason = isSlow ? "SlowBuffer is deprecated (DEP0030)" : "the Buffer constructor is deprecated (DEP0005)";
  return { at: node.start, reason, splices };
}
