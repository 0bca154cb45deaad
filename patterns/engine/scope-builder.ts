import type { Node } from "oxc-parser";
import { patternNames } from "./pattern-names.ts";
import type { Binding, Declaration, Scope } from "./scope.ts";

interface OpenBinding extends Binding {
  readonly declarations: [Declaration, ...Declaration[]];
}

/** A scope while the file is being read. Names are complete only when the whole file was read, since some are hoisted. */
export interface OpenScope extends Scope {
  readonly parent: OpenScope | null;
  readonly bindings: Map<string, OpenBinding>;
  isDynamic: boolean;
}

/** What holds for a whole file. */
export interface ScopeRules {
  /** True for strict code by its syntax: neither `eval` nor a block's functions reach outwards. */
  readonly isModule: boolean;
}

/** A scope without names. */
export function openScope(node: Node, parent: OpenScope | null): OpenScope {
  return { node, parent, bindings: new Map(), isDynamic: node.type === "WithStatement" };
}

const scopeOpeners: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "BlockStatement",
  "CatchClause",
  "ClassDeclaration",
  "ClassExpression",
  "ForInStatement",
  "ForOfStatement",
  "ForStatement",
  "FunctionDeclaration",
  "FunctionExpression",
  "StaticBlock",
  "SwitchStatement",
  "TSDeclareFunction",
  "TSEmptyBodyFunctionExpression",
  "TSEnumDeclaration",
  "TSModuleBlock",
  "WithStatement",
] satisfies Node["type"][]);

const hoistTargets: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "FunctionDeclaration",
  "FunctionExpression",
  "Program",
  "StaticBlock",
  "TSModuleBlock",
] satisfies Node["type"][]);

/** The scope for the children of a node: a new one where the node opens one. Declares nothing. */
export function scopeInside(node: Node, scope: OpenScope): OpenScope {
  return scopeOpeners.has(node.type) ? openScope(node, scope) : scope;
}

/**
 * Enters the names that a node declares: `outer` is the scope that the node stands in, `inner` the one for its children. A
 * scope may be taken too wide (parameters and body are one; a decorator sees the names of its class), never too narrow: an
 * inner name is then found where there is none, and the codemods leave alone what an inner name may mean.
 */
export function declareNames(node: Node, outer: OpenScope, inner: OpenScope, rules: ScopeRules): void {
  if (node.type === "VariableDeclaration") declareVariables(node, outer);
  else if (isFunction(node)) declareFunction(node, outer, inner, rules);
  else if (node.type === "ClassDeclaration" || node.type === "ClassExpression") declareClass(node, outer, inner);
  else if (node.type === "CatchClause") declareCaught(node, inner);
  else if (node.type === "ImportDeclaration") declareImports(node, outer);
  else if (node.type === "CallExpression") noticeEval(node, outer, rules);
  else declareTypeScriptNames(node, outer, inner);
}

type AnyFunction = Extract<Node, { params: unknown; body: unknown }>;

function isFunction(node: Node): node is AnyFunction {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

function declareCaught(node: Extract<Node, { type: "CatchClause" }>, inner: OpenScope): void {
  if (node.param !== null) declarePattern(inner, node.param, { kind: "catch", node, statement: node });
}

/** Outside of strict code, a direct `eval` can declare variables in the function around it. */
function noticeEval(node: Extract<Node, { type: "CallExpression" }>, outer: OpenScope, rules: ScopeRules): void {
  const isDirectEval = node.callee.type === "Identifier" && node.callee.name === "eval";
  if (isDirectEval && !rules.isModule) hoistTarget(outer).isDynamic = true;
}

function declareTypeScriptNames(node: Node, outer: OpenScope, inner: OpenScope): void {
  if (node.type === "TSImportEqualsDeclaration" && node.importKind !== "type") {
    add(outer, node.id.name, { kind: "import", node, statement: node });
  } else if (node.type === "TSEnumDeclaration" && !node.declare) {
    add(outer, node.id.name, { kind: "enum", node, statement: node });
    for (const member of node.body.members) {
      if (member.id.type === "Identifier") add(inner, member.id.name, { kind: "enum", node: member, statement: node });
    }
  } else if (node.type === "TSModuleDeclaration" && !node.declare) {
    const name = leftmostName(node.id);
    if (name !== null) add(outer, name, { kind: "namespace", node, statement: node });
  }
}

/** `a` of `namespace a.b.c { }`; null for a module that is named by a string. */
function leftmostName(id: Node): string | null {
  let node = id;
  while (node.type === "TSQualifiedName") node = node.left;
  return node.type === "Identifier" ? node.name : null;
}

function declareVariables(node: Extract<Node, { type: "VariableDeclaration" }>, outer: OpenScope): void {
  if (node.declare) return;
  const target = node.kind === "var" ? hoistTarget(outer) : outer;
  const kind = node.kind === "await using" ? "using" : node.kind;
  for (const declarator of node.declarations) {
    declarePattern(target, declarator.id, { kind, node: declarator, statement: node });
  }
}

function declareFunction(node: AnyFunction, outer: OpenScope, inner: OpenScope, rules: ScopeRules): void {
  if ("declare" in node && node.declare) return;
  const own: Declaration = { kind: "function", node, statement: node };
  if (node.id !== null && node.type === "FunctionExpression") add(inner, node.id.name, own);
  if (node.id !== null && node.type === "FunctionDeclaration") {
    add(outer, node.id.name, own);
    // Outside of strict code, the function of a block is a `var` of the function around it as well.
    const target = hoistTarget(outer);
    if (!rules.isModule && target !== outer) add(target, node.id.name, own);
  }
  for (const parameter of node.params) {
    const pattern = parameter.type === "TSParameterProperty" ? parameter.parameter : parameter;
    declarePattern(inner, pattern, { kind: "parameter", node: parameter, statement: node });
  }
}

function declareClass(node: Extract<Node, { superClass: unknown }>, outer: OpenScope, inner: OpenScope): void {
  if (node.id === null || node.declare) return;
  const declaration: Declaration = { kind: "class", node, statement: node };
  if (node.type === "ClassDeclaration") add(outer, node.id.name, declaration);
  add(inner, node.id.name, declaration);
}

function declareImports(node: Extract<Node, { type: "ImportDeclaration" }>, outer: OpenScope): void {
  if (node.importKind === "type") return;
  for (const specifier of node.specifiers) {
    if (specifier.type === "ImportSpecifier" && specifier.importKind === "type") continue;
    add(outer, specifier.local.name, { kind: "import", node: specifier, statement: node });
  }
}

function declarePattern(scope: OpenScope, pattern: Node, declaration: Declaration): void {
  for (const name of patternNames(pattern)) add(scope, name, declaration);
}

function add(scope: OpenScope, name: string, declaration: Declaration): void {
  const known = scope.bindings.get(name);
  if (known === undefined) scope.bindings.set(name, { name, scope, declarations: [declaration] });
  else known.declarations.push(declaration);
}

/** The scope that a `var` belongs to. */
function hoistTarget(scope: OpenScope): OpenScope {
  let target = scope;
  while (target.parent !== null && !hoistTargets.has(target.node.type)) target = target.parent;
  return target;
}
