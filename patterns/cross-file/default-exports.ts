import type { Node } from "oxc-parser";
import type { Rewrite } from "../engine/codemod.ts";
import { patternNames } from "../engine/pattern-names.ts";
import type { SourceFile } from "../engine/source-file.ts";

/** A default export that could be a named one: its name, and the edit in its own module. */
export interface DefaultExport {
  readonly name: string;
  readonly at: number;
  readonly rewrite: Rewrite;
}

/** Why a default export stays one. */
export interface StayingDefault {
  readonly at: number;
  readonly reason: string;
}

/** The default export of a module as a named one, or why it cannot be; null where there is no `export default`. */
export function readDefaultExport(source: SourceFile): DefaultExport | StayingDefault | null {
  const [first, second] = source.nodesOfType("ExportDefaultDeclaration").map(({ node }) => node);
  if (first === undefined) return null;
  const at = first.start;
  if (second !== undefined) return { at, reason: "the default export is declared more than once, as overloads are" };
  const { declaration } = first;
  const head = source.text.slice(at, declaration.start);
  if (!/^export\s+default\s+$/.test(head))
    return { at, reason: "a comment stands between export and what is exported" };
  if (declaration.type === "Identifier") return exportedIdentifier(source, first, declaration.name);
  const name = "id" in declaration && declaration.id?.type === "Identifier" ? declaration.id.name : null;
  if (name === null || !declarations.has(declaration.type))
    return { at, reason: "the default export has no name of its own" };
  if (exportedNames(source).has(name)) return { at, reason: `the module exports another ${name}` };
  if (source.assignedNames().has(name))
    return { at, reason: `${name} is assigned to, which a named export shows and a default export does not` };
  const splice = { start: at, end: declaration.start, text: "export " };
  return { name, at, rewrite: { at, reason: `the default export ${name} is a named one`, splices: [splice] } };
}

const declarations: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "ClassDeclaration",
  "TSInterfaceDeclaration",
]);

interface Span {
  readonly start: number;
  readonly end: number;
}

/** `export default name`: the name is one that the module declares at its top and never changes. */
function exportedIdentifier(
  source: SourceFile,
  { start: at, end }: Span,
  name: string,
): DefaultExport | StayingDefault {
  if (source.topScope.bindings.get(name) === undefined)
    return { at, reason: `${name} is no value that this module declares` };
  if (source.assignedNames().has(name))
    return { at, reason: `${name} is assigned to, which a named export shows and a default export does not` };
  const reason = `the default export ${name} is a named one`;
  if (declaredExports(source).has(name)) {
    const rest = /^[ \t]*(?:\r\n|\n|\r)?/.exec(source.text.slice(end))?.[0] ?? "";
    return { name, at, rewrite: { at, reason, splices: [{ start: at, end: end + rest.length, text: "" }] } };
  }
  if (exportedNames(source).has(name)) return { at, reason: `the module exports another ${name}` };
  const hasSemicolon = source.text.slice(at, end).endsWith(";");
  return {
    name,
    at,
    rewrite: { at, reason, splices: [{ start: at, end, text: `export { ${name} }${hasSemicolon ? ";" : ""}` }] },
  };
}

/** Names that `export const a`, `export function a` and the like export as what they declare. */
function declaredExports(source: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { node } of source.nodesOfType("ExportNamedDeclaration")) {
    const { declaration } = node;
    if (declaration?.type === "VariableDeclaration") {
      for (const { id } of declaration.declarations) for (const name of patternNames(id)) names.add(name);
    } else if (declaration !== null && "id" in declaration && declaration.id?.type === "Identifier") {
      names.add(declaration.id.name);
    }
  }
  return names;
}

/** All names that the module exports by writing them; those of `export *` are not known here. */
export function exportedNames(source: SourceFile): ReadonlySet<string> {
  const written = source
    .nodesOfType("ExportNamedDeclaration")
    .flatMap(({ node }) => node.specifiers.map(({ exported }) => nameOf(exported)));
  return new Set([...declaredExports(source), ...written]);
}

/** The name of an export, which may be written as a string. */
export function nameOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : "";
}
