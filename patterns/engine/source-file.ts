import { type Node, type Program, visitorKeys } from "oxc-parser";
import { lazily } from "./lazily.ts";
import type { Located, NodeOfType, NodesOfType } from "./located.ts";
import { patternNames } from "./pattern-names.ts";
import { type References, readReferences } from "./references.ts";
import type { Scope } from "./scope.ts";
import { declareNames, type OpenScope, openScope, type ScopeRules, scopeInside } from "./scope-builder.ts";

export type { Located, NodeOfType } from "./located.ts";

/**
 * A parsed file as a codemod sees it. What stands inside `declare module "…" { }` is not in it: it describes foreign code.
 */
export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  /** Without a byte order mark; all offsets count in it. */
  readonly text: string;
  readonly program: Program;
  /** True for a file that is an ES module by its name or its syntax. */
  readonly isModule: boolean;
  readonly topScope: Scope;
  /** All nodes of a type, in the order of the text. */
  readonly nodesOfType: NodesOfType;
  /** Names that something other than their declaration writes to, anywhere in the file and in whatever scope. */
  assignedNames(): ReadonlySet<string>;
  /** Where the names of the file are used, binding by binding. */
  references(): References;
}

/** Reads the scopes and nodes of a parsed text, once. */
export function createSourceFile(path: string, text: string, program: Program, isModule: boolean): SourceFile {
  const topScope = openScope(program, null);
  const nodes = readNodes(program, topScope, { isModule });
  function nodesOfType<T extends Node["type"]>(type: T): readonly Located<NodeOfType<T>>[] {
    return (nodes.get(type) ?? []).filter((located): located is Located<NodeOfType<T>> => located.node.type === type);
  }
  const assigned = lazily(() => assignedNames(nodesOfType));
  const references = lazily(() => readReferences(nodesOfType));
  return { path, text, program, isModule, topScope, nodesOfType, assignedNames: assigned, references };
}

interface Frame extends Located {
  readonly scope: OpenScope;
}

/** With a stack of its own, since a recursive walk would end at the depth of a long chain of calls. */
function readNodes(program: Program, topScope: OpenScope, rules: ScopeRules): ReadonlyMap<string, Located[]> {
  const nodes = new Map<string, Located[]>();
  const open: Frame[] = [];
  pushChildren(open, program, topScope, null);
  for (let frame = open.pop(); frame !== undefined; frame = open.pop()) {
    const { node, scope } = frame;
    const ofType = nodes.get(node.type);
    if (ofType === undefined) nodes.set(node.type, [frame]);
    else ofType.push(frame);
    const inner = scopeInside(node, scope);
    declareNames(node, scope, inner, rules);
    if (!isForeignModule(node)) pushChildren(open, node, inner, frame);
  }
  return nodes;
}

function isForeignModule(node: Node): boolean {
  return node.type === "TSModuleDeclaration" && node.id.type === "Literal";
}

function pushChildren(open: Frame[], node: Node, scope: OpenScope, parent: Frame | null): void {
  const keys = visitorKeys[node.type];
  if (keys === undefined || !isRecord(node)) return;
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const child = node[keys[index] ?? ""];
    if (Array.isArray(child)) {
      for (let at = child.length - 1; at >= 0; at -= 1) pushNode(open, child[at], scope, parent);
    } else {
      pushNode(open, child, scope, parent);
    }
  }
}

function pushNode(open: Frame[], value: unknown, scope: OpenScope, parent: Frame | null): void {
  if (isNode(value)) open.push({ node: value, scope, parent });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isNode(value: unknown): value is Node {
  return isRecord(value) && typeof value["type"] === "string";
}

function assignedNames(nodesOfType: SourceFile["nodesOfType"]): ReadonlySet<string> {
  const targets: Node[] = [
    ...nodesOfType("AssignmentExpression").map(({ node }) => node.left),
    ...nodesOfType("UpdateExpression").map(({ node }) => node.argument),
    ...nodesOfType("ForInStatement").map(({ node }) => node.left),
    ...nodesOfType("ForOfStatement").map(({ node }) => node.left),
  ];
  return new Set(targets.flatMap(patternNames));
}
