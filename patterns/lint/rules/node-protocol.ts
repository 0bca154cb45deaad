import type { Node } from "oxc-parser";
import { builtinModules } from "../../codemods/builtin-modules.ts";
import type { NodeOfType } from "../../engine/located.ts";
import { defineRule } from "../define-rule.ts";
import { denote } from "../denote.ts";
import {
  isOfType,
  type LintContext,
  type LintListeners,
  type LintRule,
  on,
  parentOf,
  rangeOf,
  sourceOf,
} from "../lint-rule.ts";
import { type RuleOptions, readOption } from "../rule-options.ts";

const options: RuleOptions = {
  ignore: {
    fallback: [],
    description: "built-in modules that are left as they are, such as `punycode` for the package of that name",
  },
};

/**
 * Finds the specifier of a built-in module without `node:`, in `import`, `export … from`, `import()`, `require`, `import x = require()` and
 * import types, and adds it: what the codemod of the same name does, found while one types. `require` counts where it is the host's own or
 * was made by `createRequire`.
 */
export const nodeProtocolRule: LintRule = defineRule({
  name: "node-protocol",
  version: "1.0.1",
  type: "suggestion",
  title: "Load built-in modules by node:",
  description:
    "Finds the specifiers of built-in modules without `node:`, in all kinds of import and require, and adds it.",
  messages: {
    plain: "{{name}} is a built-in module: load it as node:{{name}}.",
    escaped: "{{name}} is a built-in module, written with an escape: load it as node:{{name}}.",
  },
  offers: ["fixes"],
  options,
  create,
});

function create(context: LintContext): LintListeners {
  const source = sourceOf(context);
  const ignored = readOption(context, "ignore", options);
  const check = (specifier: unknown): void => {
    if (!isOfType(specifier, "Literal") || typeof specifier.value !== "string") return;
    const name = specifier.value;
    if (!builtinModules.has(name) || ignored.includes(name) || isInForeignModule(specifier)) return;
    const [start, end] = rangeOf(specifier);
    const isPlain = source.text.slice(start + 1, end - 1) === name;
    context.report({
      node: specifier,
      messageId: isPlain ? "plain" : "escaped",
      data: { name },
      fix: isPlain ? (fixer) => [fixer.insertTextBeforeRange([start + 1, start + 1], "node:")] : null,
    });
  };
  return {
    ...on("ImportDeclaration", (node) => check(node.source)),
    ...on("ExportNamedDeclaration", (node) => check(node.source)),
    ...on("ExportAllDeclaration", (node) => check(node.source)),
    ...on("ImportExpression", (node) => check(node.source)),
    ...on("TSExternalModuleReference", (node) => check(node.expression)),
    ...on("TSImportType", (node) => check(node.source ?? formerSource(node))),
    ...on("CallExpression", (node) => {
      const [argument] = node.arguments;
      if (node.arguments.length === 1 && isLoader(node, context)) check(argument);
    }),
  };
}

function isLoader({ callee }: NodeOfType<"CallExpression">, context: LintContext): boolean {
  if (callee.type !== "Identifier") return false;
  const found = denote(callee, sourceOf(context));
  if (found?.kind === "host") return found.name === "require" && found.path.length === 0;
  return found?.name === "module" && found.path.join(".") === "createRequire.()";
}

/** The specifier as releases of typescript-eslint before `source` have it: a type. */
function formerSource(node: object): unknown {
  const type: unknown = "argument" in node ? node.argument : undefined;
  return isOfType(type, "TSLiteralType") ? type.literal : undefined;
}

/** `declare module "…"` describes foreign code. */
function isInForeignModule(node: Node): boolean {
  for (let at: Node | null = node; at !== null; at = parentOf(at)) {
    if (at.type === "TSModuleDeclaration" && at.id.type === "Literal") return true;
  }
  return false;
}
