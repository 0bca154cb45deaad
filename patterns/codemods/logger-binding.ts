import type { Node } from "oxc-parser";
import { lazily } from "../engine/lazily.ts";
import { type Binding, type Declaration, resolveName, type Scope, soleDeclaration } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { requiredModule, rootOf } from "../engine/syntax.ts";

/** Says why `logger` cannot stand in for the console at a call, or null where it can. */
type LoggerDoubt = (call: Located) => string | null;

/** The reason at a place where the name `logger` means nothing that the file declares. */
export const noLogger = "no logger in scope";

/**
 * Reads what the file says of `logger`, once. A logger that can be used is an import, or a top-level variable that nothing else
 * writes to and whose value comes from an import or a `require`; at the call it must be initialised, and the call must not be
 * part of what the logger itself runs.
 */
export function readLogger(source: SourceFile): LoggerDoubt {
  const fileDoubt = lazily(() => doubtAboutFile(source));
  const ownCalls = source.nodesOfType("CallExpression").filter(({ node }) => isNamed(rootOf(node), "logger"));
  return (call) => {
    const resolution = resolveName(call.scope, "logger");
    if (resolution.kind === "free") return noLogger;
    if (resolution.kind === "unknown") return "logger may be shadowed by with or eval";
    if (resolution.binding.scope !== source.topScope) return "logger is a local name here, which may hold anything";
    if (ownCalls.some(({ node }) => node.start < call.node.start && call.node.end < node.end)) {
      return "the call stands inside a call of the logger";
    }
    return fileDoubt() ?? doubtAboutTime(resolution.binding, call);
  };
}

/** What speaks against the top-level `logger` as a whole. */
function doubtAboutFile(source: SourceFile): string | null {
  const binding = source.topScope.bindings.get("logger");
  const declaration = binding === undefined ? null : soleDeclaration(binding);
  if (declaration === null) return "logger is declared more than once";
  if (source.assignedNames().has("logger")) return "logger is assigned to";
  if (writesMember(source)) return "the file gives the logger its methods";
  if (declaration.kind === "import") return null;
  if (!isVariable(declaration)) return "logger is neither imported nor a variable";
  if (!comesFromElsewhere(source, source.topScope, declaration.node)) return "the file makes the logger itself";
  return mentionsLaterCode(source, declaration) ? "what the logger is made of refers to code that comes later" : null;
}

type VariableDeclaration = Declaration & { readonly node: Extract<Node, { type: "VariableDeclarator" }> };

function isVariable(declaration: Declaration): declaration is VariableDeclaration {
  return declaration.node.type === "VariableDeclarator";
}

function writesMember(source: SourceFile): boolean {
  return source
    .nodesOfType("AssignmentExpression")
    .some(({ node }) => node.left.type === "MemberExpression" && isNamed(rootOf(node.left), "logger"));
}

/** True where a value begins with an import, a `require`, or a variable that does: `require("pino")()`, `log.child({ … })`. */
function comesFromElsewhere(source: SourceFile, scope: Scope, declarator: VariableDeclaration["node"]): boolean {
  let init: Node | null = declarator.init;
  for (let step = 0; init !== null && step < 10; step += 1) {
    if (holdsRequire(source, scope, init)) return true;
    const root = rootOf(init);
    const resolution = root.type === "Identifier" ? resolveName(scope, root.name) : null;
    const declaration = resolution?.kind === "bound" ? soleDeclaration(resolution.binding) : null;
    if (declaration === null) return false;
    if (declaration.kind === "import") return true;
    init = isVariable(declaration) ? declaration.node.init : null;
  }
  return false;
}

/** True where an expression begins with a call of the host's `require`. */
function holdsRequire(source: SourceFile, scope: Scope, expression: Node): boolean {
  const { start } = rootOf(expression);
  return source
    .nodesOfType("CallExpression")
    .some(({ node }) => node.callee.start === start && requiredModule(source, scope, node) !== null);
}

/**
 * True where the code up to the logger names a function, or anything that is declared after it. Such code could run before the
 * logger is there, or be what the logger calls. Names of properties count as well, which errs to the safe side.
 */
function mentionsLaterCode(source: SourceFile, logger: VariableDeclaration): boolean {
  const end = logger.statement.end;
  const functions = source.program.body.filter((node) => node.type === "FunctionDeclaration");
  return source.nodesOfType("Identifier").some(({ node }) => {
    if (node.start >= end || functions.some((each) => each.start <= node.start && node.end <= each.end)) return false;
    const binding = source.topScope.bindings.get(node.name);
    return binding?.declarations.some((each) => isLater(each, end)) === true;
  });
}

function isLater(declaration: Declaration, end: number): boolean {
  if (declaration.kind === "import") return false;
  return declaration.kind === "function" || declaration.node.start >= end;
}

/** A variable exists for what comes after it in the text; `mentionsLaterCode` has ruled out that a function runs earlier. */
function doubtAboutTime(binding: Binding, call: Located): string | null {
  const declaration = soleDeclaration(binding);
  if (declaration === null || declaration.kind === "import" || declaration.statement.end <= call.node.start)
    return null;
  return "logger is declared only after the call";
}

function isNamed(node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}
