import type { Node } from "oxc-parser";
import { builtinModules } from "../codemods/builtin-modules.ts";
import { type FoundVariable, findVariable } from "./find-variable.ts";
import { isNode, isOfType, type LintSource, type LintVariable } from "./lint-rule.ts";
import { pathInPattern } from "./path-in-pattern.ts";
import { staticName } from "./static-name.ts";

/**
 * What an expression denotes: a module or a name of the host, and the way from there. A step is a member's name, `()` for the result of a
 * call, `await` for what a promise gives, or `type:` and the name of an exported type for a value that is declared to be of it.
 */
export interface Denotation {
  readonly kind: "host" | "module";
  /** Of a built-in module without `node:`. */
  readonly name: string;
  readonly path: readonly string[];
}

const stepsMax = 30;
/** The names by which the host's own names are members of one object. */
const globalObjects: ReadonlySet<string> = new Set(["globalThis", "global", "window", "self"]);
const transparent: ReadonlySet<string> = new Set([
  "ChainExpression",
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
]);

/**
 * What an expression denotes, or null where the text does not say. Imports of all kinds, `require`, `createRequire`, `import()`,
 * `process.getBuiltinModule`, destructuring, members and variables that are written once are followed. A name that the file declares or
 * writes to is never the host's, and within reach of `with` no name is known.
 */
export function denote(expression: Node, source: LintSource): Denotation | null {
  return follow(expression, source, stepsMax);
}

/** True where the expression denotes a member of something that the host has as a name and as a built-in module, such as `process`. */
export function isHostMember(found: Denotation | null, name: string, members: readonly string[]): boolean {
  if (found?.name !== name || found.path.length !== 1) return false;
  return members.includes(found.path[0] ?? "");
}

function follow(node: Node, source: LintSource, steps: number): Denotation | null {
  if (steps === 0) return null;
  const next = (inner: Node) => follow(inner, source, steps - 1);
  if (transparent.has(node.type) && "expression" in node && isNode(node.expression)) return next(node.expression);
  switch (node.type) {
    case "Identifier":
      return ofName(node, source, steps);
    case "MemberExpression": {
      const name = staticName(node);
      return name === null ? null : step(next(node.object), name);
    }
    case "CallExpression":
      return ofCall(next(node.callee), node.arguments);
    case "ImportExpression":
      return moduleOf(node.source);
    case "AwaitExpression":
      return isOfType(node.argument, "ImportExpression") ? next(node.argument) : step(next(node.argument), "await");
    default:
      return null;
  }
}

function step(found: Denotation | null, name: string): Denotation | null {
  if (found === null) return null;
  const isWhole = found.path.length === 0;
  if (isWhole && found.kind === "host" && globalObjects.has(found.name)) return { kind: "host", name, path: [] };
  // The default export of a built-in module is the module.
  if (isWhole && name === "default" && builtinModules.has(found.name)) return found;
  return { ...found, path: [...found.path, name] };
}

function ofCall(callee: Denotation | null, given: readonly Node[]): Denotation | null {
  if (callee === null) return null;
  const loader = `${callee.name}.${callee.path.join(".")}`;
  const loads =
    (callee.kind === "host" && callee.name === "require" && callee.path.length === 0) ||
    (callee.kind === "module" && loader === "module.createRequire.()") ||
    loader === "process.getBuiltinModule";
  return loads ? (given.length === 1 ? moduleOf(given[0]) : null) : step(callee, "()");
}

function moduleOf(specifier: unknown): Denotation | null {
  if (!isOfType(specifier, "Literal") || typeof specifier.value !== "string") return null;
  return { kind: "module", name: specifier.value.replace(/^node:/, ""), path: [] };
}

function ofName(node: Extract<Node, { type: "Identifier" }>, source: LintSource, steps: number): Denotation | null {
  const found: FoundVariable = findVariable(node.name, source.getScope(node));
  if (found === "unknown" || found === "written") return null;
  return found === "host" ? { kind: "host", name: node.name, path: [] } : ofVariable(found, source, steps);
}

function ofVariable(variable: LintVariable, source: LintSource, steps: number): Denotation | null {
  const [definition] = variable.defs;
  if (definition === undefined || variable.defs.length > 1) return null;
  if (definition.type === "ImportBinding") return ofImport(definition.node, definition.parent);
  if (variable.references.some((reference) => reference.isWrite() && reference.init !== true)) return null;
  const declared = ofType(definition.name, source, steps);
  if (declared !== null) return declared;
  if (!isOfType(definition.node, "VariableDeclarator") || definition.node.init === null) return null;
  const path = pathInPattern(definition.node.id, variable.name);
  if (path === null) return null;
  const init = follow(definition.node.init, source, steps - 1);
  return path.reduce(step, init);
}

function ofImport(specifier: unknown, declaration: unknown): Denotation | null {
  if (isOfType(specifier, "TSImportEqualsDeclaration")) {
    const { moduleReference } = specifier;
    return moduleReference.type === "TSExternalModuleReference" ? moduleOf(moduleReference.expression) : null;
  }
  if (!isOfType(declaration, "ImportDeclaration")) return null;
  const whole = moduleOf(declaration.source);
  if (isOfType(specifier, "ImportDefaultSpecifier")) return step(whole, "default");
  if (!isOfType(specifier, "ImportSpecifier")) return whole;
  const { imported } = specifier;
  return step(whole, imported.type === "Literal" ? imported.value : imported.name);
}

/** What a name is declared to be: `run: RunHandle`, where the type is imported. */
function ofType(name: unknown, source: LintSource, steps: number): Denotation | null {
  if (!isOfType(name, "Identifier") || !("typeAnnotation" in name)) return null;
  const annotation: unknown = name.typeAnnotation;
  if (!isOfType(annotation, "TSTypeAnnotation") || annotation.typeAnnotation.type !== "TSTypeReference") return null;
  const { typeName } = annotation.typeAnnotation;
  if (typeName.type !== "Identifier") return null;
  const found = follow(typeName, source, steps - 1);
  if (found?.kind !== "module" || found.path.length !== 1) return null;
  return { ...found, path: [`type:${found.path[0]}`] };
}
