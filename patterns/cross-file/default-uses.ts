import type { Node } from "oxc-parser";
import type { Splice } from "../engine/codemod.ts";
import type { NodeOfType, SourceFile } from "../engine/source-file.ts";
import { isStringLiteral } from "../engine/syntax.ts";
import { exportedNames, nameOf } from "./default-exports.ts";
import { findOpaqueUses, type Specifier } from "./module-uses.ts";

/** One use of the default export of a module: what it becomes, or why that cannot be said. */
export type DefaultUse =
  | { readonly target: string; readonly at: number; readonly splice: Splice }
  | { readonly target: string; readonly at: number; readonly refusal: string };

/** Where a specifier leads, and the name that a module's default export gets; null for a module that keeps its own. */
export interface Naming {
  readonly resolve: (specifier: string) => string | null;
  readonly nameOf: (target: string) => string | null;
}

/** Every use in a file of default exports that get names. */
export function findDefaultUses(source: SourceFile, naming: Naming): readonly DefaultUse[] {
  const lead = (specifier: string) => {
    const target = naming.resolve(specifier);
    const name = target === null ? null : naming.nameOf(target);
    return target === null || name === null ? null : { target, name };
  };
  return [
    ...source.nodesOfType("ImportDeclaration").flatMap(({ node }) => inImport(source, node, lead(node.source.value))),
    ...source
      .nodesOfType("ExportNamedDeclaration")
      .flatMap(({ node }) => inExport(node, node.source === null ? null : lead(node.source.value))),
    ...source.nodesOfType("ExportAllDeclaration").flatMap(({ node }) => inStar(source, node, lead(node.source.value))),
    ...source
      .nodesOfType("ImportExpression")
      .flatMap(({ node }) =>
        isStringLiteral(node.source) ? inDynamicImport(source, node, lead(node.source.value)) : [],
      ),
    ...source.nodesOfType("TSImportType").flatMap(({ node }) => inImportType(node, lead(node.source.value))),
    ...opaqueUses(source, lead),
  ];
}

interface Lead {
  readonly target: string;
  readonly name: string;
}

function inImport(source: SourceFile, node: NodeOfType<"ImportDeclaration">, lead: Lead | null): readonly DefaultUse[] {
  if (lead === null) return [];
  const { target, name } = lead;
  const uses: DefaultUse[] = [];
  for (const specifier of node.specifiers) {
    const at = specifier.start;
    const local = specifier.local.name;
    const written = local === name ? name : `${name} as ${local}`;
    if (specifier.type === "ImportNamespaceSpecifier") uses.push(...throughName(source, local, lead));
    else if (specifier.type === "ImportSpecifier") {
      if (nameOf(specifier.imported) !== "default") continue;
      uses.push({ target, at, splice: { start: specifier.imported.start, end: specifier.end, text: written } });
    } else uses.push(defaultSpecifier(source, node, specifier, written, target));
  }
  return uses;
}

/** `import a from`, and `import a, { b } from`. */
function defaultSpecifier(
  { text }: SourceFile,
  node: NodeOfType<"ImportDeclaration">,
  { start, end }: { readonly start: number; readonly end: number },
  written: string,
  target: string,
): DefaultUse {
  const [, other] = node.specifiers;
  const tail = text.slice(end, node.source.start);
  if (/^\s*from\s*$/.test(tail)) return { target, at: start, splice: { start, end, text: `{ ${written} }` } };
  if (other?.type === "ImportNamespaceSpecifier")
    return { target, at: start, refusal: "is imported together with its namespace here" };
  const opening = /^\s*,\s*\{/.exec(tail)?.[0];
  if (opening === undefined) return { target, at: start, refusal: "is imported here with a comment in between" };
  const isEmpty = other === undefined;
  return { target, at: start, splice: { start, end: end + opening.length, text: `{ ${written}${isEmpty ? "" : ","}` } };
}

function inExport(node: NodeOfType<"ExportNamedDeclaration">, lead: Lead | null): readonly DefaultUse[] {
  if (lead === null) return [];
  const { target, name } = lead;
  return node.specifiers.flatMap(({ local, exported, start }) => {
    if (nameOf(local) !== "default") return [];
    const shown = exported.type === "Identifier" ? exported.name : `"${nameOf(exported)}"`;
    return [
      {
        target,
        at: start,
        splice: { start: local.start, end: exported.end, text: shown === name ? name : `${name} as ${shown}` },
      },
    ];
  });
}

/** A star does not pass the default export on, and would pass on the named one. */
function inStar(
  source: SourceFile,
  node: NodeOfType<"ExportAllDeclaration">,
  lead: Lead | null,
): readonly DefaultUse[] {
  if (lead === null) return [];
  const { target, name } = lead;
  if (node.exported !== null) return [{ target, at: node.start, refusal: "is exported within a namespace here" }];
  if (exportedNames(source).has(name)) return [];
  return [{ target, at: node.start, refusal: `would be passed on here as ${name} too, by export *` }];
}

/** `(await import("…")).default`, `const { default: a } = await import("…")`, `.then((m) => m.default)`; what else there is, is opaque. */
function inDynamicImport(
  source: SourceFile,
  load: NodeOfType<"ImportExpression">,
  lead: Lead | null,
): readonly DefaultUse[] {
  if (lead === null) return [];
  const isLoad = (node: Node | null): boolean =>
    node === load ||
    (node?.type === "AwaitExpression" && node.argument === load) ||
    (node?.type === "ParenthesizedExpression" && isLoad(node.expression));
  const uses: DefaultUse[] = [];
  for (const { node } of source.nodesOfType("MemberExpression"))
    if (isLoad(node.object)) uses.push(...member(node, lead));
  for (const { node } of source.nodesOfType("VariableDeclarator")) {
    if (!isLoad(node.init)) continue;
    if (node.id.type === "Identifier") uses.push(...throughName(source, node.id.name, lead));
    else uses.push(...throughPattern(node.id, lead));
  }
  for (const { node } of source.nodesOfType("CallExpression")) {
    if (node.callee.type !== "MemberExpression" || node.callee.object !== load) continue;
    const [callback] = node.arguments;
    const [parameter] = callback?.type === "ArrowFunctionExpression" ? callback.params : [];
    if (parameter?.type === "Identifier") uses.push(...throughName(source, parameter.name, lead));
    else if (parameter !== undefined) uses.push(...throughPattern(parameter, lead));
  }
  return uses;
}

function member(node: NodeOfType<"MemberExpression">, { target, name }: Lead): readonly DefaultUse[] {
  const { property } = node;
  if (node.computed) return [{ target, at: node.start, refusal: "is taken by a quoted or computed name here" }];
  return property.type === "Identifier" ? namedDefault(property, { target, name }) : [];
}

/** Members of a namespace that has a name. That the name goes nowhere else is seen elsewhere, so another value of the same name is refused. */
function throughName(source: SourceFile, local: string, lead: Lead): readonly DefaultUse[] {
  const declared = source
    .nodesOfType("Identifier")
    .filter(({ node, scope }) => node.name === local && scope.bindings.has(local));
  const scopes = new Set(declared.map(({ scope }) => scope));
  if (scopes.size > 1)
    return [
      { target: lead.target, at: 0, refusal: `is reached through ${local}, which names several things in a file` },
    ];
  const members = source
    .nodesOfType("MemberExpression")
    .filter(({ node }) => node.object.type === "Identifier" && node.object.name === local);
  const patterns = source
    .nodesOfType("VariableDeclarator")
    .filter(({ node }) => node.init?.type === "Identifier" && node.init.name === local);
  const elements = source
    .nodesOfType("JSXMemberExpression")
    .filter(({ node }) => node.object.type === "JSXIdentifier" && node.object.name === local);
  const types = source
    .nodesOfType("TSQualifiedName")
    .filter(({ node }) => node.left.type === "Identifier" && node.left.name === local);
  return [
    ...members.flatMap(({ node }) => member(node, lead)),
    ...elements.flatMap(({ node }) => namedDefault(node.property, lead)),
    ...types.flatMap(({ node }) => namedDefault(node.right, lead)),
    ...patterns.flatMap(({ node }) => throughPattern(node.id, lead)),
  ];
}

function namedDefault(
  { name: written, start, end }: { readonly name: string; readonly start: number; readonly end: number },
  { target, name }: Lead,
): readonly DefaultUse[] {
  return written === "default" ? [{ target, at: start, splice: { start, end, text: name } }] : [];
}

function throughPattern(pattern: Node, { target, name }: Lead): readonly DefaultUse[] {
  if (pattern.type !== "ObjectPattern") return [];
  return pattern.properties.flatMap((property) => {
    if (property.type !== "Property" || nameOf(property.key) !== "default") return [];
    const { start, end } = property.key;
    return [{ target, at: start, splice: { start, end, text: name } }];
  });
}

function inImportType(node: NodeOfType<"TSImportType">, lead: Lead | null): readonly DefaultUse[] {
  if (lead === null) return [];
  const { target, name } = lead;
  let first = node.qualifier;
  while (first?.type === "TSQualifiedName") first = first.left;
  if (first === null) return [{ target, at: node.start, refusal: "is part of a type of the whole module here" }];
  return first.type === "Identifier" ? namedDefault(first, { target, name }) : [];
}

function opaqueUses(source: SourceFile, lead: (specifier: string) => Lead | null): readonly DefaultUse[] {
  const { required, escaping, named } = findOpaqueUses(source);
  const refuse = (found: readonly Specifier[], refusal: string) =>
    found.flatMap(({ value, at }) => {
      const target = lead(value)?.target;
      return target === undefined ? [] : [{ target, at, refusal }];
    });
  return [
    ...refuse(required, "is loaded by require here, where a default export is a member"),
    ...refuse(escaping, "is handed on with its whole module here"),
    ...refuse(named, "is in a module that a call names here, as a mock does it"),
  ];
}
