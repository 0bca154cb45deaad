import { consoleLevels } from "../../codemods/console-levels.ts";
import type { NodeOfType } from "../../engine/located.ts";
import { defineRule } from "../define-rule.ts";
import { denote, isHostMember } from "../denote.ts";
import { findVariable } from "../find-variable.ts";
import {
  isOfType,
  type LintContext,
  type LintFixer,
  type LintListeners,
  type LintRule,
  on,
  rangeOf,
  sourceOf,
} from "../lint-rule.ts";
import { type RuleOptions, readOption } from "../rule-options.ts";

const options: RuleOptions = {
  methods: { fallback: [...consoleLevels.keys()], description: "methods of the console that are found" },
  loggers: {
    fallback: ["logger"],
    description: "names that hold a logger; the first that is in scope takes the place of the console",
  },
};

/**
 * Finds messages that go to the console. Where a logger is imported under one of its names, the call is fixed to go there; where the name
 * is bound otherwise, that is a suggestion, since the text does not show that it holds a logger by then. Arguments stay as they are.
 */
export const preferLoggerOverConsoleRule: LintRule = defineRule({
  name: "prefer-logger-over-console",
  version: "1.0.1",
  type: "suggestion",
  title: "Log through the logger instead of the console",
  description:
    "Finds messages to the console, also by aliases; sends them to an imported logger, and suggests any other one that is in scope.",
  messages: {
    console: "console.{{method}} goes past the logger, its levels and its redaction.",
    replace: "Call {{logger}}.{{level}} instead.",
  },
  offers: ["fixes", "suggestions"],
  options,
  create,
});

function create(context: LintContext): LintListeners {
  const source = sourceOf(context);
  const methods = readOption(context, "methods", options);
  const names = readOption(context, "loggers", options);
  return on("CallExpression", (node) => {
    // An empty line is no message.
    if (node.arguments.length === 0) return;
    const found = denote(node.callee, source);
    if (found === null || !isHostMember(found, "console", methods)) return;
    const method = found.path[0] ?? "";
    const level = consoleLevels.get(method);
    const logger = level === undefined || !isPlainCall(node) ? null : loggerFor(node, names, context);
    if (logger === null) return context.report({ node, messageId: "console", data: { method } });
    const data = { logger: logger.name, level: level ?? method };
    const fix = replacing(node, `${data.logger}.${data.level}`);
    context.report({
      node,
      messageId: "console",
      data: { method },
      ...(logger.isImported ? { fix } : { suggest: [{ messageId: "replace", data, fix }] }),
    });
  });
}

function replacing({ callee }: NodeOfType<"CallExpression">, text: string) {
  return (fixer: LintFixer) => [fixer.replaceText(callee, text)];
}

/** `console.log(…)` itself, with nothing between the names that a replacement would lose. */
function isPlainCall({ callee, optional }: NodeOfType<"CallExpression">): boolean {
  if (callee.type !== "MemberExpression" || callee.computed || callee.optional || optional) return false;
  if (callee.object.type !== "Identifier" || callee.property.type !== "Identifier") return false;
  const [, end] = rangeOf(callee.object);
  const [start] = rangeOf(callee.property);
  return start - end === 1;
}

interface Logger {
  readonly name: string;
  /** An imported name is set before anything of the file runs. */
  readonly isImported: boolean;
}

function loggerFor(call: NodeOfType<"CallExpression">, names: readonly string[], context: LintContext): Logger | null {
  const source = sourceOf(context);
  for (const name of names) {
    const variable = findVariable(name, source.getScope(call));
    if (typeof variable === "string") continue;
    const definition = variable.defs.length === 1 ? variable.defs[0] : undefined;
    const isImported =
      definition?.type === "ImportBinding" &&
      !isOfType(definition.node, "TSImportEqualsDeclaration") &&
      !isTypeOnly(definition.node, definition.parent);
    if (isImported) return { name, isImported };
    if (definition?.type === "Variable" || definition?.type === "Parameter") return { name, isImported: false };
  }
  return null;
}

function isTypeOnly(...nodes: readonly unknown[]): boolean {
  return nodes.some(
    (node) => typeof node === "object" && node !== null && "importKind" in node && node.importKind === "type",
  );
}
