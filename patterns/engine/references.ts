import type { Node } from "oxc-parser";
import type { Located, NodesOfType } from "./located.ts";
import { patternNames } from "./pattern-names.ts";
import { type Binding, resolveName, type Scope } from "./scope.ts";

/** An identifier, in a place where it is used as a name of a value (or, in TypeScript, of a type). */
export type Reference = Located<Extract<Node, { type: "Identifier" }>>;

/** Where names are used and written to. What stands within reach of `with` or a direct `eval` is not in it. */
export interface References {
  /** Every use of a binding but its declarations, in the order of the text; JSX tags are told by `isTag`. */
  of(binding: Binding): readonly Reference[];
  /** True where something other than the declaration gives the binding a value. */
  isWritten(binding: Binding): boolean;
  /** True where a JSX tag or attribute has the name of the binding. */
  isTag(binding: Binding): boolean;
  /** Every use of a name that the file does not declare. */
  free(name: string): readonly Reference[];
}

/** Reads the references of a file, once. */
export function readReferences(nodesOfType: NodesOfType): References {
  const bound = new Map<Binding, Reference[]>();
  const free = new Map<string, Reference[]>();
  for (const reference of nodesOfType("Identifier")) {
    if (!isReference(reference)) continue;
    const resolution = resolveName(reference.scope, reference.node.name);
    if (resolution.kind === "bound") addTo(bound, resolution.binding, reference);
    if (resolution.kind === "free") addTo(free, reference.node.name, reference);
  }
  const written = new Set(assignments(nodesOfType).flatMap(({ node, scope }) => writtenBindings(node, scope)));
  const tags = new Set(nodesOfType("JSXIdentifier").flatMap(({ node, scope }) => bindingOf(scope, node.name)));
  return {
    of: (binding) => bound.get(binding) ?? [],
    isWritten: (binding) => written.has(binding),
    isTag: (binding) => tags.has(binding),
    free: (name) => free.get(name) ?? [],
  };
}

function addTo<K>(map: Map<K, Reference[]>, key: K, reference: Reference): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [reference]);
  else known.push(reference);
}

function writtenBindings(target: Node, scope: Scope): readonly Binding[] {
  return patternNames(target).flatMap((name) => bindingOf(scope, name));
}

function bindingOf(scope: Scope, name: string): readonly Binding[] {
  const resolution = resolveName(scope, name);
  return resolution.kind === "bound" ? [resolution.binding] : [];
}

interface Target {
  readonly node: Node;
  readonly scope: Scope;
}

function assignments(nodesOfType: NodesOfType): readonly Target[] {
  return [
    ...nodesOfType("AssignmentExpression").map(({ node, scope }) => ({ node: node.left, scope })),
    ...nodesOfType("UpdateExpression").map(({ node, scope }) => ({ node: node.argument, scope })),
    ...nodesOfType("ForInStatement").map(({ node, scope }) => ({ node: node.left, scope })),
    ...nodesOfType("ForOfStatement").map(({ node, scope }) => ({ node: node.left, scope })),
  ];
}

/** False for a declaration, a key, the name of a member or a label. */
function isReference({ node, parent }: Reference): boolean {
  if (parent === null) return true;
  const outer = parent.node;
  switch (outer.type) {
    case "MemberExpression":
      return outer.computed || outer.object === node;
    case "Property":
      return (outer.computed && outer.key === node) || (outer.value === node && !isPattern(parent));
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
      return outer.computed || outer.key !== node;
    case "VariableDeclarator":
      return outer.init === node;
    case "AssignmentPattern":
      return outer.right === node || !isPattern(parent);
    case "ExportSpecifier":
      return outer.local === node;
    default:
      return !neverReferences.has(outer.type) && !isPattern(parent) && !isOwnName(outer, node);
  }
}

const neverReferences: ReadonlySet<string> = new Set([
  "BreakStatement",
  "ContinueStatement",
  "ImportAttribute",
  "ImportDefaultSpecifier",
  "ImportNamespaceSpecifier",
  "ImportSpecifier",
  "LabeledStatement",
  "MetaProperty",
  "TSPropertySignature",
  "TSMethodSignature",
  "TSTypeParameter",
] satisfies Node["type"][]);

/** The name of a function or class, a parameter, or a caught error. */
function isOwnName(outer: Node, node: Node): boolean {
  if ("params" in outer && Array.isArray(outer.params) && outer.params.some((each) => each === node)) return true;
  if (outer.type === "CatchClause") return outer.param === node;
  return "id" in outer && outer.id === node;
}

/** True inside a pattern that declares names; the left side of an assignment declares none. */
function isPattern(located: Located): boolean {
  let child: Node = located.node;
  for (let at: Located | null = located; at !== null; at = at.parent) {
    const { node } = at;
    if (node.type === "VariableDeclarator") return node.id === child;
    if (!patternParts.has(node.type)) return isOwnName(node, child);
    if (node.type === "AssignmentPattern" && node.right === child) return false;
    child = node;
  }
  return false;
}

const patternParts: ReadonlySet<string> = new Set([
  "ArrayPattern",
  "AssignmentPattern",
  "ObjectPattern",
  "Property",
  "RestElement",
  "TSParameterProperty",
] satisfies Node["type"][]);
