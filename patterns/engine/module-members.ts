import type { Node } from "oxc-parser";
import { isWriteTarget } from "./expressions.ts";
import { lazily } from "./lazily.ts";
import { type Binding, resolveName, type Scope, soleDeclaration } from "./scope.ts";
import type { Located, SourceFile } from "./source-file.ts";
import { isStringLiteral, type StringLiteral } from "./syntax.ts";

/** What an expression denotes: `{ module: "fs", path: ["promises", "readFile"] }`. An empty path is the module itself. */
export interface Member {
  /** As it is imported, but without `node:`. */
  readonly module: string;
  /** A default import of a package begins with `default`; the default export of a module of Node.js is the module itself. */
  readonly path: readonly string[];
  /** Why the expression may denote something else, in words; null where it does not. */
  readonly doubt: string | null;
}

/** Tells which member of which module an expression denotes, or null where it is none, or not by what the file shows. */
export type Denote = (scope: Scope, expression: Node) => Member | null;

/** A use of a member of a module: the expression that denotes it. */
export interface MemberUse {
  readonly located: Located;
  readonly member: Member;
}

const stepsMax = 20;

/**
 * The one resolver of members of modules. It follows `require` (the host's, or one that `createRequire` made), named, default and
 * namespace imports, `await import()`, `import().then((m) => …)`, `process.getBuiltinModule()`, TypeScript's `import x = require()`,
 * destructuring without defaults, and aliases. The globals `process` and `Buffer` count as members of their modules, also behind
 * `globalThis` and `global`. A variable that is declared twice denotes nothing; one that is assigned to, and a name within reach
 * of `with` or a direct `eval`, has a doubt, and so has a member that the file gives another value (`fs.readFile = stub`).
 */
export function createDenote(source: SourceFile, builtins: ReadonlySet<string>): Denote {
  const work: Resolver = { source, builtins, thenParameters: lazily(() => readThenParameters(source)) };
  const replaced = lazily(() => replacedMembers(work));
  return (scope, expression) => {
    const member = denote(work, scope, expression, 0);
    if (member === null || member.doubt !== null || replaced().size === 0) return member;
    const name = placesTo(member).find((place) => replaced().has(place));
    return name === undefined ? member : { ...member, doubt: `the file gives ${name} another value` };
  };
}

/** The members of modules to which the file writes, by `placesTo`. */
function replacedMembers(work: Resolver): ReadonlySet<string> {
  const targets = work.source.nodesOfType("MemberExpression").filter(isWriteTarget);
  const members = targets.map(({ node, scope }) => denote(work, scope, node, 0));
  return new Set(members.flatMap((member) => (member === null ? [] : placesTo(member).slice(-1))));
}

/** A member and all that it is a member of, each by its name: `fs`, `fs.promises`, `fs.promises.readFile`. */
function placesTo({ module, path }: Member): readonly string[] {
  return [module, ...path.map((_, index) => [module, ...path.slice(0, index + 1)].join("."))];
}

interface Resolver {
  readonly source: SourceFile;
  readonly builtins: ReadonlySet<string>;
  readonly thenParameters: () => ReadonlyMap<Node, StringLiteral>;
}

function denote(work: Resolver, scope: Scope, expression: Node, steps: number): Member | null {
  if (steps > stepsMax) return null;
  const node = withoutBrackets(expression);
  if (node.type === "Identifier") return denoteName(work, scope, node.name, steps);
  if (node.type === "MemberExpression") {
    const name = memberName(node);
    const object = name === null ? null : denote(work, scope, node.object, steps + 1);
    return object === null || name === null ? null : memberOf(work, object, [name]);
  }
  return denoteLoaded(work, scope, node, steps);
}

function denoteLoaded(work: Resolver, scope: Scope, node: Node, steps: number): Member | null {
  if (node.type === "AwaitExpression" && node.argument.type === "ImportExpression") {
    return moduleOf(work, node.argument.source);
  }
  if (node.type !== "CallExpression" || node.optional || node.arguments.length !== 1) return null;
  const [argument] = node.arguments;
  if (argument === undefined || !isStringLiteral(argument)) return null;
  const doubt = loaderDoubt(work, scope, node.callee, steps + 1);
  const loaded = doubt === "no" ? null : moduleOf(work, argument);
  return loaded === null ? null : { ...loaded, doubt: doubt === "yes" ? null : doubt };
}

/** `yes` for a function that loads modules, `no` for any other, and the doubt where there is one. */
function loaderDoubt(work: Resolver, scope: Scope, callee: Node, steps: number): string {
  if (callee.type === "Identifier" && callee.name === "require") {
    const resolution = resolveName(scope, "require");
    if (resolution.kind === "unknown") return "require may be shadowed by with or eval";
    if (resolution.kind === "free") return work.source.assignedNames().has("require") ? "no" : "yes";
  }
  const member = denote(work, scope, callee, steps);
  if (member?.module === "process" && isPath(member, "getBuiltinModule")) return member.doubt ?? "yes";
  const maker = madeBy(work, scope, callee);
  const made = maker === null ? null : denote(work, maker.scope, maker.callee, steps);
  return made?.module === "module" && isPath(made, "createRequire") ? (made.doubt ?? "yes") : "no";
}

/** The call that made the value of a callee: `f` of `f(x)(y)`, and of `const g = f(x); g(y)`. */
function madeBy(work: Resolver, scope: Scope, callee: Node): { readonly scope: Scope; readonly callee: Node } | null {
  if (callee.type === "CallExpression") return { scope, callee: callee.callee };
  if (callee.type !== "Identifier") return null;
  const resolution = resolveName(scope, callee.name);
  const binding = resolution.kind === "bound" ? resolution.binding : null;
  const node = binding === null ? null : soleDeclaration(binding)?.node;
  if (binding === null || node?.type !== "VariableDeclarator" || node.id.type !== "Identifier") return null;
  if (node.init?.type !== "CallExpression" || work.source.references().isWritten(binding)) return null;
  return { scope: binding.scope, callee: node.init.callee };
}

function denoteName(work: Resolver, scope: Scope, name: string, steps: number): Member | null {
  const resolution = resolveName(scope, name);
  if (resolution.kind === "bound") return denoteBinding(work, resolution.binding, steps);
  const global = work.source.assignedNames().has(name) ? null : denoteGlobal(name);
  if (resolution.kind === "free") return global;
  const hidden = bindingIgnoringWith(scope, name);
  const member = hidden === null ? global : denoteBinding(work, hidden, steps);
  return member === null ? null : { ...member, doubt: `${name} may be shadowed by with or eval` };
}

function denoteBinding(work: Resolver, binding: Binding, steps: number): Member | null {
  const declaration = soleDeclaration(binding);
  if (declaration === null) return null;
  const member = denoteDeclared(work, binding, declaration.node, declaration.statement, steps);
  if (member === null || !work.source.references().isWritten(binding)) return member;
  return { ...member, doubt: `${binding.name} is assigned to` };
}

function denoteDeclared(work: Resolver, binding: Binding, node: Node, statement: Node, steps: number): Member | null {
  if (statement.type === "ImportDeclaration") {
    const loaded = moduleOf(work, statement.source);
    return loaded === null ? null : memberOf(work, loaded, importedPath(node));
  }
  if (node.type === "TSImportEqualsDeclaration") {
    const { moduleReference } = node;
    return moduleReference.type === "TSExternalModuleReference" ? moduleOf(work, moduleReference.expression) : null;
  }
  const value =
    node.type === "VariableDeclarator" && node.init !== null
      ? denote(work, binding.scope, node.init, steps + 1)
      : parameterModule(work, node);
  const path = value === null ? null : pathTo(node.type === "VariableDeclarator" ? node.id : node, binding.name);
  return value === null || path === null ? null : memberOf(work, value, path);
}

function parameterModule(work: Resolver, node: Node): Member | null {
  const loaded = work.thenParameters().get(node);
  return loaded === undefined ? null : moduleOf(work, loaded);
}

function moduleOf(work: Resolver, specifier: Node): Member | null {
  if (!isStringLiteral(specifier)) return null;
  const { value } = specifier;
  const module = value.startsWith("node:") && work.builtins.has(value.slice(5)) ? value.slice(5) : value;
  return { module, path: [], doubt: null };
}

function memberOf(work: Resolver, member: Member, names: readonly string[]): Member {
  const path = [...member.path, ...names];
  if (isGlobalObject(member) && path.length === 1)
    return { ...member, path, ...denoteOnGlobalObject(work, path[0] ?? "") };
  return { ...member, path: work.builtins.has(member.module) && path[0] === "default" ? path.slice(1) : path };
}

function denoteOnGlobalObject({ source }: Resolver, name: string): Member | null {
  const global = denoteGlobal(name);
  return global !== null && source.assignedNames().has(name) ? { ...global, doubt: `${name} is assigned to` } : global;
}

/** True where the path of a member is these names. */
export function isPath(member: Member, ...names: readonly string[]): boolean {
  return member.path.length === names.length && names.every((name, index) => member.path[index] === name);
}

/** Every member expression and name that denotes what is wanted, in the order of the text; a name that is a key is none. */
export function memberUses(
  source: SourceFile,
  denote: Denote,
  isWanted: (member: Member) => boolean,
): readonly MemberUse[] {
  const expressions: Located[] = [
    ...source.nodesOfType("MemberExpression"),
    ...source.nodesOfType("Identifier").filter(isUsedName),
  ];
  return expressions
    .flatMap((located) => {
      const member = denote(located.scope, located.node);
      return member !== null && isWanted(member) ? [{ located, member }] : [];
    })
    .sort((left, right) => left.located.node.start - right.located.node.start);

  function isUsedName({ node, scope }: Located): boolean {
    if (node.type !== "Identifier") return false;
    const resolution = resolveName(scope, node.name);
    const uses =
      resolution.kind === "bound" ? source.references().of(resolution.binding) : source.references().free(node.name);
    return resolution.kind === "unknown" || uses.some((use) => use.node === node);
  }
}

/** The expression in brackets, however many. */
export function withoutBrackets(expression: Node): Node {
  let node = expression;
  while (node.type === "ParenthesizedExpression" || node.type === "ChainExpression") node = node.expression;
  return node;
}

/** The name of a member, where the text shows it and no escape hides it; null for `a[b]`. */
export function memberName(node: Extract<Node, { type: "MemberExpression" }>): string | null {
  if (node.computed) return isStringLiteral(node.property) ? node.property.value : null;
  return node.property.type === "Identifier" ? node.property.name : null;
}

function denoteGlobal(name: string): Member | null {
  if (name === "process") return { module: "process", path: [], doubt: null };
  if (name === "Buffer") return { module: "buffer", path: ["Buffer"], doubt: null };
  if (name === "globalThis" || name === "global") return { module: "globalThis", path: [], doubt: null };
  return null;
}

function isGlobalObject(member: Member): boolean {
  return member.module === "globalThis" && member.path.length === 0;
}

function importedPath(specifier: Node): readonly string[] {
  if (specifier.type === "ImportDefaultSpecifier") return ["default"];
  if (specifier.type !== "ImportSpecifier") return [];
  return [specifier.imported.type === "Literal" ? specifier.imported.value : specifier.imported.name];
}

/** The keys that lead to a name in a pattern without defaults; null where it is elsewhere, or holds the rest. */
function pathTo(pattern: Node, name: string): readonly string[] | null {
  if (pattern.type === "Identifier") return pattern.name === name ? [] : null;
  if (pattern.type !== "ObjectPattern") return null;
  for (const property of pattern.properties) {
    if (property.type !== "Property") continue;
    const key = propertyName(property);
    const inner = key === null ? null : pathTo(property.value, name);
    if (key !== null && inner !== null) return [key, ...inner];
  }
  return null;
}

/** The name of a property of a literal or a pattern, where the text shows it. */
export function propertyName(property: { readonly key: Node; readonly computed: boolean }): string | null {
  if (isStringLiteral(property.key)) return property.key.value;
  return !property.computed && property.key.type === "Identifier" ? property.key.name : null;
}

function bindingIgnoringWith(from: Scope, name: string): Binding | null {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const binding = scope.bindings.get(name);
    if (binding !== undefined) return binding;
  }
  return null;
}

/** The first parameter of a function that `import("…").then(…)` calls, with the specifier. */
function readThenParameters(source: SourceFile): ReadonlyMap<Node, StringLiteral> {
  const parameters = new Map<Node, StringLiteral>();
  for (const { node } of source.nodesOfType("CallExpression")) {
    const { callee } = node;
    const [handler] = node.arguments;
    if (callee.type !== "MemberExpression" || memberName(callee) !== "then") continue;
    if (callee.object.type !== "ImportExpression" || !isStringLiteral(callee.object.source)) continue;
    if (handler?.type !== "ArrowFunctionExpression" && handler?.type !== "FunctionExpression") continue;
    const [parameter] = handler.params;
    if (parameter !== undefined) parameters.set(parameter, callee.object.source);
  }
  return parameters;
}
