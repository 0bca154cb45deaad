import type { Node } from "oxc-parser";
import type { Splice } from "./codemod.ts";
import { isBare } from "./expressions.ts";
import { type Binding, resolveName, type Scope, soleDeclaration } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";
import { directEval } from "./syntax.ts";

type Declared = Extract<Node, { type: "ImportDeclaration" | "VariableDeclaration" }>;

/**
 * What takes imports, `require` variables and members of their patterns away of which no use is left, given the identifiers that
 * are about to go. The caller answers for it that their values can be dropped. A declaration stays where it is exported, keeps
 * the rest of an object, or holds a comment; so does every name that `with` or a direct `eval` may use.
 */
export function dropUnused(source: SourceFile, gone: ReadonlySet<Node>): readonly Splice[] {
  const namesByStatement = new Map<Declared, Set<string>>();
  for (const binding of unusedBindings(source, gone)) {
    const statement = soleDeclaration(binding)?.statement;
    if (statement === undefined || !canLoseNames(source, statement)) continue;
    const names = namesByStatement.get(statement);
    if (names === undefined) namesByStatement.set(statement, new Set([binding.name]));
    else names.add(binding.name);
  }
  return [...namesByStatement].flatMap(([statement, names]) => dropFrom(source, statement, names) ?? []);
}

function unusedBindings(source: SourceFile, gone: ReadonlySet<Node>): ReadonlySet<Binding> {
  const unused = new Set<Binding>();
  if (directEval(source) !== null) return unused;
  const references = source.references();
  const unknown = namesInReachOfWith(source);
  for (const { node, scope } of source.nodesOfType("Identifier")) {
    if (!gone.has(node)) continue;
    const resolution = resolveName(scope, node.name);
    if (resolution.kind !== "bound" || references.isTag(resolution.binding) || unknown.has(node.name)) continue;
    if (references.of(resolution.binding).every((use) => gone.has(use.node))) unused.add(resolution.binding);
  }
  return unused;
}

/** Names that are used where `with` may give them another meaning, or may not. */
function namesInReachOfWith(source: SourceFile): ReadonlySet<string> {
  if (source.nodesOfType("WithStatement").length === 0) return new Set();
  const isUnknown = ({ node, scope }: { readonly node: { readonly name: string }; readonly scope: Scope }) =>
    resolveName(scope, node.name).kind === "unknown";
  return new Set(
    source
      .nodesOfType("Identifier")
      .filter(isUnknown)
      .map(({ node }) => node.name),
  );
}

function canLoseNames(source: SourceFile, statement: Node): statement is Declared {
  if (statement.type === "ImportDeclaration") return true;
  const located = source.nodesOfType("VariableDeclaration").find(({ node }) => node === statement);
  if (located === undefined) return false;
  return located.parent === null || located.parent.node.type === "BlockStatement";
}

function dropFrom(source: SourceFile, statement: Declared, names: ReadonlySet<string>): readonly Splice[] | null {
  if (statement.type === "ImportDeclaration") return dropImports(source, statement, names);
  const isGone = (node: Node): boolean =>
    node.type === "VariableDeclarator" && node.id.type === "Identifier" && names.has(node.id.name);
  const splices: Splice[] = [];
  const whole = statement.declarations.filter((each) => isGone(each) || keepsNothing(each.id, names));
  if (whole.length === statement.declarations.length) return dropStatement(source.text, statement);
  splices.push(...(dropElements(source.text, statement.declarations, new Set<Node>(whole)) ?? []));
  for (const { id } of statement.declarations.filter((each) => !whole.includes(each))) {
    if (id.type === "ObjectPattern") splices.push(...(dropProperties(source.text, id, names) ?? []));
  }
  return splices;
}

type ObjectPattern = Extract<Node, { type: "ObjectPattern" }>;

function goneProperties(pattern: ObjectPattern, names: ReadonlySet<string>): ReadonlySet<Node> {
  if (pattern.properties.some(({ type }) => type === "RestElement")) return new Set();
  return new Set(
    pattern.properties.filter(
      (each) => each.type === "Property" && each.value.type === "Identifier" && names.has(each.value.name),
    ),
  );
}

function keepsNothing(id: Node, names: ReadonlySet<string>): boolean {
  return (
    id.type === "ObjectPattern" && id.properties.length > 0 && goneProperties(id, names).size === id.properties.length
  );
}

function dropProperties(text: string, id: ObjectPattern, names: ReadonlySet<string>): readonly Splice[] | null {
  return dropElements(text, id.properties, goneProperties(id, names));
}

function dropImports(
  source: SourceFile,
  statement: Extract<Node, { type: "ImportDeclaration" }>,
  names: ReadonlySet<string>,
): readonly Splice[] | null {
  const { specifiers } = statement;
  const gone = new Set<Node>(specifiers.filter(({ local }) => names.has(local.name)));
  if (gone.size === specifiers.length) return dropStatement(source.text, statement);
  const named = specifiers.filter(({ type }) => type === "ImportSpecifier");
  const other = specifiers.find(({ type }) => type !== "ImportSpecifier");
  if (other === undefined) return dropElements(source.text, named, gone);
  if (specifiers.some(({ type }) => type === "ImportNamespaceSpecifier")) return null;
  const brace = source.text.indexOf("{", other.end);
  const close = source.text.lastIndexOf("}", statement.source.start);
  if (gone.has(other)) return bareSplice(source.text, other.start, brace, other);
  if (named.every((each) => gone.has(each))) return [{ start: other.end, end: close + 1, text: "" }];
  return dropElements(source.text, named, gone);
}

/** Nothing but the node itself and commas may stand where something is cut out. */
function bareSplice(text: string, start: number, end: number, node: Node): readonly Splice[] | null {
  return isBare(text, start, node.start, ",") && isBare(text, node.end, end, ",") ? [{ start, end, text: "" }] : null;
}

/** Cuts elements out of a list with their commas; null where a comment stands between them. */
function dropElements(text: string, elements: readonly Node[], gone: ReadonlySet<Node>): readonly Splice[] | null {
  const splices: Splice[] = [];
  let kept: Node | null = null;
  for (const [index, element] of elements.entries()) {
    const next = elements[index + 1];
    if (!gone.has(element)) {
      kept = element;
      continue;
    }
    const isLastRun = elements.slice(index).every((each) => gone.has(each));
    const start: number = isLastRun ? (elements[index - 1] ?? element).end : element.start;
    const end = isLastRun ? element.end : (next ?? element).start;
    if (isLastRun && kept === null) return null;
    if (!isBare(text, start, element.start, ",") || !isBare(text, element.end, end, ",")) return null;
    splices.push({ start, end, text: "" });
  }
  return splices;
}

/** Cuts a statement out, with its line where nothing else stands on it. */
function dropStatement(text: string, statement: Node): readonly Splice[] {
  const before = /[^\S\r\n]*$/.exec(text.slice(0, statement.start))?.[0].length ?? 0;
  const start = statement.start - before;
  const isLineStart = start === 0 || /[\r\n]/.test(text.charAt(start - 1));
  const rest = /^[^\S\r\n]*(\r\n|\n|\r|$)/.exec(text.slice(statement.end));
  if (!isLineStart || rest === null) return [{ start: statement.start, end: statement.end, text: "" }];
  return [{ start, end: statement.end + rest[0].length, text: "" }];
}
