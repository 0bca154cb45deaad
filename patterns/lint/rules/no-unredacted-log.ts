import type { Node } from "oxc-parser";
import type { NodeOfType } from "../../engine/located.ts";
import { defineRule } from "../define-rule.ts";
import { type Denotation, denote } from "../denote.ts";
import { findVariable } from "../find-variable.ts";
import {
  type LintContext,
  type LintFixer,
  type LintListeners,
  type LintRule,
  on,
  parentOf,
  rangeOf,
  sourceOf,
} from "../lint-rule.ts";
import { type RuleOptions, readOption } from "../rule-options.ts";
import { isSecretName, secretEndings } from "../secret-names.ts";
import { lastName, staticName } from "../static-name.ts";

const options: RuleOptions = {
  endings: { fallback: secretEndings, description: "words, in small letters, that the names of credentials end in" },
  ignore: { fallback: [], description: "names that are no credentials whatever they end in" },
  loggers: { fallback: ["logger", "log"], description: "names of loggers, alone or as the last member of a receiver" },
  redactors: {
    fallback: ["redact"],
    description: "functions that a suggestion may wrap a value in, where one is in scope",
  },
};
const loggerMethods: ReadonlySet<string> = new Set(["trace", "debug", "info", "log", "warn", "error", "fatal"]);
const consoleMethods: ReadonlySet<string> = new Set([...loggerMethods, "dir", "table", "group"]);
/** Functions whose result shows all that they are given. */
const showing: ReadonlySet<string> = new Set([
  "String",
  "JSON.stringify",
  "util.inspect",
  "util.format",
  "util.styleText",
]);
const valuesMax = 1_000;

/**
 * Finds values in a log message whose names say that they are credentials (`token`, `user.password`, `process.env.API_KEY`), and the whole of
 * `process.env`. What another function gives is left alone, so that `redact(token)` passes; only functions that merely show a value are
 * looked into.
 */
export const noUnredactedLogRule: LintRule = defineRule({
  name: "no-unredacted-log",
  version: "1.0.1",
  type: "problem",
  title: "Redact credentials before they are logged",
  description:
    "Finds values in log messages whose names say that they are credentials, and the whole of `process.env`; suggests a redactor that is in scope.",
  messages: {
    secret: "{{name}} looks like a credential: log it redacted, or not at all.",
    redact: "Wrap it in {{redactor}}().",
  },
  offers: ["suggestions"],
  options,
  create,
});

function create(context: LintContext): LintListeners {
  const source = sourceOf(context);
  const endings = readOption(context, "endings", options);
  const ignored = readOption(context, "ignore", options);
  const loggers = readOption(context, "loggers", options);
  const isSecret = (name: string) => !ignored.includes(name) && isSecretName(name, endings);
  const nameOf = (node: Node): string | null => {
    if (node.type !== "Identifier" && node.type !== "MemberExpression") return null;
    const name = lastName(node);
    if (name !== null && isSecret(name)) return name;
    return isEnvironment(denote(node, source)) && !ignored.includes("env") ? "process.env" : null;
  };
  return on("CallExpression", (node) => {
    if (!isLogCall(node, loggers, context)) return;
    for (const value of shownValues(node.arguments, context)) {
      const name = nameOf(value);
      if (name !== null)
        context.report({ node: value, messageId: "secret", data: { name }, suggest: suggestions(value, context) });
    }
  });
}

function isEnvironment(found: Denotation | null): boolean {
  return found?.name === "process" && found.path.join(".") === "env";
}

function isLogCall(
  { callee }: NodeOfType<"CallExpression">,
  loggers: readonly string[],
  context: LintContext,
): boolean {
  const found = denote(callee, sourceOf(context));
  const way = found?.path.join(".") ?? "";
  if (found?.name === "console") return consoleMethods.has(way);
  if (found?.name === "process") return way === "stdout.write" || way === "stderr.write";
  if (callee.type !== "MemberExpression") return false;
  const receiver = lastName(callee.object);
  return receiver !== null && loggers.includes(receiver) && loggerMethods.has(staticName(callee) ?? "");
}

/** The values of which the arguments show something: parts of texts, of objects and lists, and of what merely shows them. */
function* shownValues(given: readonly Node[], context: LintContext): Generator<Node> {
  const open: Node[] = [...given].reverse();
  for (let count = 0; count < valuesMax; count += 1) {
    const node = open.pop();
    if (node === undefined) return;
    const parts = partsOf(node, context);
    if (parts === null) yield node;
    else open.push(...[...parts].reverse());
  }
}

/** What an expression shows of others; null for one that stands for itself. */
function partsOf(node: Node, context: LintContext): readonly Node[] | null {
  switch (node.type) {
    case "TemplateLiteral":
      return node.expressions;
    case "ObjectExpression":
      return node.properties.map((property) => (property.type === "Property" ? property.value : property.argument));
    case "ArrayExpression":
      return node.elements.filter((element) => element !== null);
    case "SpreadElement":
      return [node.argument];
    case "BinaryExpression":
      return node.operator === "+" ? [node.left, node.right] : [];
    case "LogicalExpression":
      return node.operator === "&&" ? [node.right] : [node.left, node.right];
    case "ConditionalExpression":
      return [node.consequent, node.alternate];
    case "CallExpression":
      return isShowing(node, context) ? node.arguments : [];
    case "ChainExpression":
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return [node.expression];
    default:
      return null;
  }
}

function isShowing({ callee }: NodeOfType<"CallExpression">, context: LintContext): boolean {
  const found = denote(callee, sourceOf(context));
  return found !== null && showing.has([found.name, ...found.path].join("."));
}

/** In the first redactor that is in scope. A shorthand property needs its name again. */
function suggestions(value: Node, context: LintContext) {
  const source = sourceOf(context);
  const redactor = readOption(context, "redactors", options).find(
    (name) => typeof findVariable(name, source.getScope(value)) !== "string",
  );
  if (redactor === undefined) return [];
  const [start, end] = rangeOf(value);
  const text = source.text.slice(start, end);
  const parent = parentOf(value);
  const key = parent?.type === "Property" && parent.shorthand ? `${text}: ` : "";
  return [
    {
      messageId: "redact",
      data: { redactor },
      fix: (fixer: LintFixer) => [fixer.replaceText(value, `${key}${redactor}(${text})`)],
    },
  ];
}
