import type { Node } from "oxc-parser";
import type { SourceFile } from "../engine/source-file.ts";
import { isHostName, isStringLiteral, requiredModule } from "../engine/syntax.ts";

/** A specifier in a text. */
export interface Specifier {
  readonly value: string;
  readonly at: number;
}

/** How a file reaches other modules other than by plain imports and exports. */
export interface OpaqueUses {
  /** Modules whose namespace goes where names cannot be followed: passed on, returned, spread, written to. */
  readonly escaping: readonly Specifier[];
  /** Modules that are loaded as CommonJS. */
  readonly required: readonly Specifier[];
  /** Modules that are named in a call that is no import: mocks, `require.resolve`, `new URL`. */
  readonly named: readonly Specifier[];
  /** Where a module is loaded whose name only the running program knows. */
  readonly unknown: readonly number[];
  /** `export * as name from`. */
  readonly namespaces: readonly Specifier[];
}

/** Finds the uses of other modules that cannot be followed by names alone. */
export function findOpaqueUses(source: SourceFile): OpaqueUses {
  const taken = takenImports(source);
  const loads = source.nodesOfType("ImportExpression").map(({ node }) => node);
  const bound = namespaceImports(source).filter(({ name }) => escapes(source, name));
  const loose = loads.flatMap((load) =>
    isStringLiteral(load.source) && !taken.has(load) ? [specifierOf(load.source)] : [],
  );
  return {
    escaping: [...bound.map(({ specifier }) => specifier), ...loose],
    required: requiredModules(source),
    named: namedInCalls(source),
    unknown: [
      ...loads.filter((load) => !isStringLiteral(load.source)).map(({ start }) => start),
      ...unknownRequires(source),
    ],
    namespaces: source
      .nodesOfType("ExportAllDeclaration")
      .flatMap(({ node }) => (node.exported === null ? [] : [specifierOf(node.source)])),
  };
}

function requiredModules(source: SourceFile): readonly Specifier[] {
  return source.nodesOfType("CallExpression").flatMap(({ node, scope }) => {
    const literal = requiredModule(source, scope, node);
    return literal === null ? [] : [specifierOf(literal)];
  });
}

function unknownRequires(source: SourceFile): readonly number[] {
  return source.nodesOfType("CallExpression").flatMap(({ node, scope }) => {
    const isRequire = node.callee.type === "Identifier" && node.callee.name === "require";
    const isUnknown = isRequire && isHostName(source, scope, "require") && requiredModule(source, scope, node) === null;
    return isUnknown ? [node.start] : [];
  });
}

function specifierOf({ value, start }: { readonly value: unknown; readonly start: number }): Specifier {
  return { value: String(value), at: start };
}

interface NamespaceImport {
  readonly name: string;
  readonly specifier: Specifier;
}

function namespaceImports(source: SourceFile): readonly NamespaceImport[] {
  const found: NamespaceImport[] = [];
  for (const { node } of source.nodesOfType("ImportDeclaration")) {
    for (const each of node.specifiers) {
      if (each.type === "ImportNamespaceSpecifier")
        found.push({ name: each.local.name, specifier: specifierOf(node.source) });
    }
  }
  for (const { node } of source.nodesOfType("TSImportEqualsDeclaration")) {
    const { moduleReference } = node;
    if (moduleReference.type !== "TSExternalModuleReference") continue;
    found.push({ name: node.id.name, specifier: specifierOf(moduleReference.expression) });
  }
  for (const { node } of source.nodesOfType("VariableDeclarator")) {
    const { id, init } = node;
    if (id.type !== "Identifier" || init?.type !== "AwaitExpression" || init.argument.type !== "ImportExpression")
      continue;
    if (isStringLiteral(init.argument.source))
      found.push({ name: id.name, specifier: specifierOf(init.argument.source) });
  }
  return found;
}

/** True where the name stands anywhere but before a dot or a quoted member; what another scope calls by the same name counts too. */
function escapes(source: SourceFile, name: string, declaration?: Node): boolean {
  const followed = new Set<Node>(declaration === undefined ? [] : [declaration]);
  for (const { node } of source.nodesOfType("MemberExpression")) {
    if (!node.computed || isStringLiteral(node.property)) followed.add(node.object);
    if (!node.computed) followed.add(node.property);
  }
  for (const { node } of source.nodesOfType("TSQualifiedName")) {
    followed.add(node.left);
    followed.add(node.right);
  }
  for (const { node } of source.nodesOfType("ImportNamespaceSpecifier")) followed.add(node.local);
  for (const { node } of source.nodesOfType("TSImportEqualsDeclaration")) followed.add(node.id);
  for (const { node } of source.nodesOfType("VariableDeclarator")) {
    followed.add(node.id);
    if (node.id.type === "ObjectPattern" && node.init !== null && isTaken(node.id)) followed.add(node.init);
  }
  for (const { node } of source.nodesOfType("Property")) if (!node.computed && !node.shorthand) followed.add(node.key);
  return source.nodesOfType("Identifier").some(({ node }) => node.name === name && !followed.has(node));
}

/** `{ a, b: c }`: each name is taken by itself. */
function isTaken(pattern: Node): boolean {
  return (
    pattern.type === "ObjectPattern" &&
    pattern.properties.every((property) => property.type === "Property" && !property.computed)
  );
}

/** The calls of `import()` whose result is a member's object, a pattern's value, a name's value, or what `then` gives to one of these. */
function takenImports(source: SourceFile): ReadonlySet<Node> {
  const taken = new Set<Node>();
  const take = (node: Node | null): void => {
    if (node?.type === "ParenthesizedExpression") take(node.expression);
    else if (node?.type === "AwaitExpression") taken.add(node.argument);
  };
  for (const { node } of source.nodesOfType("MemberExpression")) if (!node.computed) take(node.object);
  for (const { node } of source.nodesOfType("VariableDeclarator")) {
    if (node.id.type === "Identifier" || isTaken(node.id)) take(node.init);
  }
  for (const { node } of source.nodesOfType("ExpressionStatement")) take(node.expression);
  for (const { node } of source.nodesOfType("CallExpression")) {
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.object.type !== "ImportExpression") continue;
    const [callback] = node.arguments;
    const [parameter] = callback?.type === "ArrowFunctionExpression" ? callback.params : [];
    const isNamed = parameter?.type === "Identifier" && !escapes(source, parameter.name, parameter);
    if (parameter !== undefined && (isNamed || isTaken(parameter))) taken.add(callee.object);
  }
  return taken;
}

function namedInCalls(source: SourceFile): readonly Specifier[] {
  const found: Specifier[] = [];
  for (const { node, scope } of [...source.nodesOfType("CallExpression"), ...source.nodesOfType("NewExpression")]) {
    if (requiredModule(source, scope, node) !== null) continue;
    for (const argument of node.arguments) {
      if (isStringLiteral(argument) && /^[.#@\w]/.test(argument.value)) found.push(specifierOf(argument));
    }
  }
  return found;
}

/** True where a name is declared or used in a file, other than as the name of a member. */
export function usesName(source: SourceFile, name: string): number | null {
  const members = new Set<Node>();
  for (const { node } of source.nodesOfType("MemberExpression")) if (!node.computed) members.add(node.property);
  for (const type of [
    "Property",
    "PropertyDefinition",
    "MethodDefinition",
    "TSPropertySignature",
    "TSMethodSignature",
  ] as const) {
    for (const { node } of source.nodesOfType(type))
      if (!node.computed && !("shorthand" in node && node.shorthand)) members.add(node.key);
  }
  const [first] = source.nodesOfType("Identifier").filter(({ node }) => node.name === name && !members.has(node));
  const [element] = source.nodesOfType("JSXIdentifier").filter(({ node }) => node.name === name);
  return first?.node.start ?? element?.node.start ?? null;
}

/** The last part of a module's path that an import must hold: its name, or its folder's where it is an index. */
export function moduleStem(path: string): string {
  const parts = path.replace(/(?:\.d)?\.(?:[cm]?[jt]s|[jt]sx)$/, "").split("/");
  const last = parts.at(-1) ?? "";
  return last === "index" ? (parts.at(-2) ?? "") : last;
}
