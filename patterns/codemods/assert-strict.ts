import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { isWriteTarget } from "../engine/expressions.ts";
import { constantValue, knownType } from "../engine/known-type.ts";
import { type Load, loadsOf, mockedModules } from "../engine/loads.ts";
import { callOf, doubtAboutUse, isAlias, plainArguments } from "../engine/member-rewrites.ts";
import {
  createDenote,
  type Denote,
  type MemberUse,
  memberName,
  memberUses,
  propertyName,
} from "../engine/module-members.ts";
import { type Scope, soleDeclaration } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isWrittenPlainly } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** Functions that compare loosely, with their strict names. */
const strictNames: ReadonlyMap<string, string> = new Map([
  ["equal", "strictEqual"],
  ["notEqual", "notStrictEqual"],
  ["deepEqual", "deepStrictEqual"],
  ["notDeepEqual", "notDeepStrictEqual"],
]);

/**
 * Makes a file use the strict assertions of Node.js, as far as that cannot change what passes.
 *
 * `equal` and `notEqual` compare with `==`, `deepEqual` and `notDeepEqual` do so inside as well. A call is proven where both values
 * are known to be strings, or booleans, or numbers of which one is written and not zero (`==` takes 0 for -0, strict assertions do
 * not). With every loose call of a file proven, and none left in doubt, the file loads `assert/strict` instead of `assert`: all
 * else is the same there. Where some are not proven, those that are become `strictEqual` and `notStrictEqual`, and the others are
 * refused, each by its line; so are all `deepEqual`, since the text does not show what is inside of the values.
 *
 * What a failing assertion says does change: it names the strict operator.
 *
 * The file keeps `assert` where the module goes elsewhere as a whole (an argument, an export, `then`), where it gets a new member, where a loose function is passed on
 * as a value, and where the file's tests put another module in its place (`jest.mock("assert")`). Left alone: `assert.strict` and `assert/strict`,
 * other packages (`chai`), a name that is shadowed.
 */
export const assertStrict: Codemod = {
  id: "assert-strict",
  version: "2.0.0",
  title: "Use strict assertions",
  description: "Loads assert/strict instead of assert, or names strictEqual, wherever the result cannot change.",
  keywords: [
    "strict assertion",
    "strict assert",
    "use assert strict",
    "assert strict over assert",
    "replace assert equal strictequal",
    "replace assert assert strict",
    "strictequal over equal",
    "legacy assert",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /["'](?:node:)?assert["']/.test(text),
  scan,
};

const assertOnly: ReadonlySet<string> = new Set(["assert"]);

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const loads = loadsOf(source, assertOnly).filter((load) => !isStrictLoad(load));
  const loose = memberUses(source, denote, (member) => member.module === "assert" && member.path.length === 1).filter(
    (use) => strictNames.has(use.member.path[0] ?? "") && !isAlias(denote, use),
  );
  const doubts = loose.flatMap((use) => doubtRefusal(source, use));
  const [whole] = [...loads.flatMap((load) => escapeOf(source, denote, load)), ...mockRefusals(source, loads)];
  if (doubts.length === 0 && whole === undefined) return { rewrites: loads.map(loadRewrite), refusals: [] };
  const proven = loose.filter((use) => doubtRefusal(source, use).length === 0);
  const refusals = whole === undefined ? doubts : [...doubts, whole];
  return { rewrites: proven.flatMap(nameRewrites), refusals };
}

/** True for `require("assert").strict`, `import { strict } from "assert"` and what is destructured so: strict already. */
function isStrictLoad({ site, specifier }: Load): boolean {
  const { node, parent } = site;
  if (specifier.value.endsWith("/strict")) return true;
  if (node.type === "ImportDeclaration") {
    const names = node.specifiers.map((each) => (each.type === "ImportSpecifier" ? importedName(each.imported) : ""));
    return names.length > 0 && names.every((name) => name === "strict");
  }
  if (parent?.node.type === "MemberExpression") return memberName(parent.node) === "strict";
  if (parent?.node.type !== "VariableDeclarator" || parent.node.id.type !== "ObjectPattern") return false;
  const { properties } = parent.node.id;
  return (
    properties.length > 0 && properties.every((each) => each.type === "Property" && propertyName(each) === "strict")
  );
}

function importedName(node: Node): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : "";
}

function doubtRefusal(source: SourceFile, use: MemberUse): readonly Refusal[] {
  const name = use.member.path[0] ?? "";
  const call = callOf(use);
  const reason =
    doubtAboutUse(use) ??
    (call === null ? "it is passed on as a value" : isProven(source, call.scope, name, plainArguments(call.node)));
  return reason === null ? [] : [{ at: use.located.node.start, reason: `assert.${name} stays loose: ${reason}` }];
}

/** Null where strict and loose comparison agree, otherwise why that is not known. */
function isProven(source: SourceFile, scope: Scope, name: string, values: readonly Node[] | null): string | null {
  const [left, right] = values ?? [];
  if (left === undefined || right === undefined) return "its arguments are not two values";
  if (name === "deepEqual" || name === "notDeepEqual") return "what is inside of the values is not known";
  const type = knownType(source, scope, left);
  if (type === null || type !== knownType(source, scope, right)) return "the values may differ in their types";
  if (type === "string" || type === "boolean") return null;
  const isSafe = type === "number" && [left, right].some((each) => isNonZero(scope, each));
  return isSafe ? null : "the values may be 0 and -0, or no primitives";
}

function isNonZero(scope: Scope, expression: Node): boolean {
  const node = constantValue(scope, expression);
  return node.type === "Literal" && typeof node.value === "number" && node.value !== 0;
}

/** Where a loaded module goes that the codemod cannot follow. */
function escapeOf(source: SourceFile, denote: Denote, { site, specifier }: Load): readonly Refusal[] {
  const refusal = { at: specifier.start, reason: "assert stays: it is handed on as a whole" };
  const { node } = site;
  if (!isWrittenPlainly(specifier, source.text)) {
    return [{ at: specifier.start, reason: "assert stays: its name is written with an escape" }];
  }
  if (node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") return [refusal];
  if (node.type === "ImportExpression" || node.type === "CallExpression") {
    return isFollowed(source, denote, site) ? [] : [refusal];
  }
  const names: readonly Node[] =
    node.type === "ImportDeclaration"
      ? node.specifiers.flatMap((each) =>
          each.type === "ImportSpecifier" && importedName(each.imported) !== "default" ? [] : [each.local],
        )
      : node.type === "TSImportEqualsDeclaration"
        ? [node.id]
        : [];
  return names.every((name) => isNameFollowed(source, site.scope, name)) ? [] : [refusal];
}

function isFollowed(source: SourceFile, denote: Denote, { node, parent, scope }: Located): boolean {
  if (parent === null) return false;
  const outer = parent.node;
  if (outer.type === "ExpressionStatement") return true;
  if (outer.type === "AwaitExpression" || outer.type === "ParenthesizedExpression") {
    return isFollowed(source, denote, parent);
  }
  if (outer.type === "CallExpression") return outer.callee === node;
  if (outer.type === "MemberExpression") return isMemberFollowed(node, parent);
  if (outer.type !== "VariableDeclarator" || parent.parent?.parent?.node.type === "ExportNamedDeclaration")
    return false;
  if (outer.id.type === "Identifier") return isNameFollowed(source, scope, outer.id);
  return (
    outer.id.type === "ObjectPattern" && outer.id.properties.every((each) => each.type === "Property" && isPlain(each))
  );
}

function isPlain(property: Extract<Node, { type: "Property" }>): boolean {
  const name = propertyName(property);
  return name !== null && !wholes.has(name) && property.value.type === "Identifier";
}

/** Members by which the module itself goes elsewhere: the default export of its namespace, and those of the promise of it. */
const wholes: ReadonlySet<string> = new Set(["catch", "default", "finally", "then"]);

/** True for a member that is read by its name and is not the module itself. What is written to it, other files may see. */
function isMemberFollowed(node: Node, outer: Located): boolean {
  const name = outer.node.type === "MemberExpression" && outer.node.object === node ? memberName(outer.node) : null;
  return name !== null && !wholes.has(name) && !isWriteTarget(outer);
}

/** True where a name of the whole module is only called, or read member by member. */
function isNameFollowed(source: SourceFile, scope: Scope, name: Node): boolean {
  const binding = name.type === "Identifier" ? scope.bindings.get(name.name) : undefined;
  if (binding === undefined || soleDeclaration(binding) === null || source.references().isWritten(binding))
    return false;
  return source
    .references()
    .of(binding)
    .every(({ node, parent }) => {
      const outer = parent?.node;
      if (parent !== null && outer?.type === "MemberExpression") return isMemberFollowed(node, parent);
      return outer?.type === "CallExpression" && outer.callee === node;
    });
}

function mockRefusals(source: SourceFile, loads: readonly Load[]): readonly Refusal[] {
  const [first] = loads;
  if (first === undefined || !mockedModules(source).has("assert")) return [];
  return [{ at: first.specifier.start, reason: "assert stays: a test puts another module in its place" }];
}

function loadRewrite({ specifier }: Load): Rewrite {
  const at = specifier.end - 1;
  return {
    at: specifier.start,
    reason: "no loose comparison is left: assert/strict",
    splices: [{ start: at, end: at, text: "/strict" }],
  };
}

/** The strict name, for a member that is named in full; a name that was imported would need another import. */
function nameRewrites({ located, member }: MemberUse): readonly Rewrite[] {
  const { node } = located;
  const name = member.path[0] ?? "";
  const strict = strictNames.get(name);
  if (node.type !== "MemberExpression" || node.computed || strict === undefined) return [];
  const splices = [{ start: node.property.start, end: node.property.end, text: strict }];
  return [{ at: node.start, reason: `both values have one type: assert.${strict}`, splices }];
}
