import type { Node } from "oxc-parser";
import type { Refusal, Rewrite, Splice } from "./codemod.ts";
import { isWriteTarget } from "./expressions.ts";
import { type Denote, type MemberUse, memberName, propertyName } from "./module-members.ts";
import { type Binding, resolveName, soleDeclaration } from "./scope.ts";
import type { Located, SourceFile } from "./source-file.ts";
import { dropUnused } from "./unused-names.ts";

/** A call, with everything that a codemod asks of it. */
export type Call = Extract<Node, { type: "CallExpression" }>;

/** The call whose callee a use is, or null where it is used otherwise, or only perhaps (`f?.()`). */
export function callOf({ located }: MemberUse): Located<Call> | null {
  const { parent, node } = located;
  if (parent?.node.type !== "CallExpression" || parent.node.callee !== node || parent.node.optional) return null;
  return { node: parent.node, scope: parent.scope, parent: parent.parent };
}

/** The arguments of a call where none is spread and none has types of its own; null elsewhere. */
export function plainArguments(call: Call): readonly Node[] | null {
  const hasTypes = call.typeArguments !== undefined && call.typeArguments !== null;
  return hasTypes || call.arguments.some(({ type }) => type === "SpreadElement") ? null : call.arguments;
}

/** Why a use cannot be replaced by another expression, or null where it can. */
export function doubtAboutUse({ located, member }: MemberUse): string | null {
  const { node, parent } = located;
  if (isWriteTarget(located)) return "it is given a value here";
  if (member.doubt !== null) return member.doubt;
  if (node.type === "MemberExpression" && node.optional) return "it is read with ?.";
  if (parent === null) return null;
  const outer = parent.node;
  if (outer.type === "ExportSpecifier") return "it is exported by its name";
  if (outer.type.startsWith("TS") && !transparent.has(outer.type)) return "it is part of a type";
  return null;
}

const transparent: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSExportAssignment",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
] satisfies Node["type"][]);

/** True for a name that only stands for an expression elsewhere in the file, which is rewritten in its place. */
export function isAlias(denote: Denote, { located }: MemberUse): boolean {
  const { node, scope } = located;
  if (node.type !== "Identifier") return false;
  const resolution = resolveName(scope, node.name);
  const declaration = resolution.kind === "bound" ? soleDeclaration(resolution.binding) : null;
  if (resolution.kind !== "bound" || declaration?.node.type !== "VariableDeclarator") return false;
  const { id, init } = declaration.node;
  if (id.type !== "Identifier" || init === null) return false;
  const member = denote(resolution.binding.scope, init);
  return member !== null && member.path.length > 0;
}

/** The name that is no longer used once an expression is replaced: its own, or that of the object it is a member of. */
export function rootName(expression: Node): Node | null {
  let node = expression;
  while (node.type === "MemberExpression") node = node.object;
  return node.type === "Identifier" ? node : null;
}

/** The rewrite that takes away the names of which no use is left; empty where each has one, or is `needed`. */
export function dropRewrites(
  source: SourceFile,
  gone: readonly (Node | null)[],
  needed: ReadonlySet<string> = new Set(),
): readonly Rewrite[] {
  const names = new Set(
    gone.filter((each): each is Node => each !== null && !(each.type === "Identifier" && needed.has(each.name))),
  );
  const splices = dropUnused(source, names);
  const [first] = splices;
  return first === undefined ? [] : [{ at: first.start, reason: "the name is no longer used", splices }];
}

/** Drops and new imports together: an import that belongs right behind a statement that goes takes its place. */
export function joinImports(text: string, drops: readonly Rewrite[], imports: readonly Rewrite[]): readonly Rewrite[] {
  const inserted = imports[0]?.splices[0];
  if (inserted === undefined) return drops;
  const isInWay = ({ start, end }: Splice) => start <= inserted.start && inserted.start <= end;
  const inWay = drops.flatMap(({ splices }) => splices).find(isInWay);
  if (inWay === undefined) return [...drops, ...imports];
  const lineEnd = /(?:\r\n|\n|\r)$/.exec(text.slice(inWay.start, inWay.end))?.[0] ?? "";
  const joined = { ...inWay, text: `${inserted.text.trim()}${lineEnd}` };
  return drops.map((drop) => ({ ...drop, splices: drop.splices.map((each) => (each === inWay ? joined : each)) }));
}

/** Members that `export { … } from` hands on, which another file may rely on. */
export function reexportRefusals(
  source: SourceFile,
  modules: ReadonlySet<string>,
  isWanted: (name: string) => boolean,
): readonly Refusal[] {
  return source.nodesOfType("ExportNamedDeclaration").flatMap(({ node }) => {
    if (node.source === null || !modules.has(node.source.value.replace(/^node:/, ""))) return [];
    return node.specifiers
      .filter(({ local }) => isWanted(local.type === "Literal" ? local.value : local.name))
      .map((specifier) => ({ at: specifier.start, reason: "it is exported to other files" }));
  });
}

/** The binding that a name means, or null where it has none or may have another. */
export function bindingOf({ node, scope }: Located): Binding | null {
  const resolution = node.type === "Identifier" ? resolveName(scope, node.name) : null;
  return resolution?.kind === "bound" ? resolution.binding : null;
}

/**
 * The members of what an expression gives (a call, or the name of an import) that the file uses, or null where it may use
 * others: where the value is handed on as a whole.
 */
export function membersInUse(source: SourceFile, call: Located): ReadonlySet<string> | null {
  const { node, parent } = call;
  if (parent === null) return null;
  const outer = parent.node;
  if (outer.type === "MemberExpression" && outer.object === node) return oneName(memberName(outer));
  if (outer.type !== "VariableDeclarator" || parent.parent?.parent?.node.type === "ExportNamedDeclaration") return null;
  if (outer.id.type === "ObjectPattern") return keysOf(outer.id);
  return membersOfName(source, { node: outer.id, scope: call.scope, parent });
}

/** The members of what a name holds that the file uses, or null where it may use others. */
export function membersOfName(source: SourceFile, name: Located): ReadonlySet<string> | null {
  const binding = bindingOf(name);
  const references = source.references();
  if (binding === null || binding.declarations.length > 1 || references.isWritten(binding)) return null;
  if (references.isTag(binding)) return null;
  const uses = references.of(binding).map((use) => membersInUseOf(use));
  return uses.some((use) => use === null) ? null : new Set(uses.flatMap((use) => [...(use ?? [])]));
}

function membersInUseOf({ node, parent }: Located): ReadonlySet<string> | null {
  if (parent?.node.type !== "MemberExpression" || parent.node.object !== node) return null;
  return oneName(memberName(parent.node));
}

function oneName(name: string | null): ReadonlySet<string> | null {
  return name === null ? null : new Set([name]);
}

function keysOf(pattern: Extract<Node, { type: "ObjectPattern" }>): ReadonlySet<string> | null {
  const keys = pattern.properties.map((each) => (each.type === "Property" ? propertyName(each) : null));
  return keys.some((key) => key === null) ? null : new Set(keys.filter((key): key is string => key !== null));
}
