import type { Node } from "oxc-parser";
import { eventBusNames } from "../../codemods/event-bus-names.ts";
import type { NodeOfType } from "../../engine/located.ts";
import { defineRule } from "../define-rule.ts";
import { findVariable } from "../find-variable.ts";
import {
  isOfType,
  type LintContext,
  type LintFix,
  type LintFixer,
  type LintListeners,
  type LintRule,
  type LintSource,
  on,
  rangeOf,
  sourceOf,
} from "../lint-rule.ts";
import { type RuleOptions, readOption } from "../rule-options.ts";
import { lastName, staticName } from "../static-name.ts";

const options: RuleOptions = {
  buses: { fallback: eventBusNames, description: "names of the event bus, alone or as the last member of a receiver" },
};

/**
 * Finds `bus.emit("name", payload)` and turns it into `bus.emit({ type: "name", payload })`, as the codemod `structured-event-emit` does,
 * with the same names and the same exceptions: a receiver that the file itself makes as a plain emitter dispatches by its first argument.
 */
export const structuredEventRule: LintRule = defineRule({
  name: "structured-event",
  version: "1.0.1",
  type: "suggestion",
  title: "Emit events as one structured object",
  description: "Finds `bus.emit('name', payload)` and turns it into `bus.emit({ type: 'name', payload })`.",
  messages: { positional: "{{name}}.emit takes one structured event: { type, payload }." },
  offers: ["fixes"],
  options,
  create,
});

interface Found {
  readonly node: NodeOfType<"CallExpression">;
  readonly name: string;
}

function create(context: LintContext): LintListeners {
  const buses = readOption(context, "buses", options);
  const found: Found[] = [];
  const emitters = new Set<string>();
  const note = (target: { readonly type: string } | null, value: Node | null): void => {
    const name = target === null ? null : lastName(target);
    if (name !== null && value !== null && isNewEmitter(value)) emitters.add(name);
  };
  return {
    ...on("VariableDeclarator", ({ id, init }) => note(id, init)),
    ...on("AssignmentExpression", ({ left, right }) => note(left, right)),
    ...on("PropertyDefinition", ({ key, value }) => note(key, value)),
    ...on("Property", ({ key, value }) => note(key, value)),
    ...on("CallExpression", (node) => {
      const name = busOf(node, buses);
      if (name !== null && isPositional(node) && isBus(node, context)) found.push({ node, name });
    }),
    ...on("Program", () => {}),
    "Program:exit": () => {
      for (const { node, name } of found) {
        if (emitters.has(name)) continue;
        context.report({
          node,
          messageId: "positional",
          data: { name },
          fix: isBracketed(node, sourceOf(context)) ? null : (fixer) => structuring(node, context, fixer),
        });
      }
    },
  };
}

function busOf({ callee }: NodeOfType<"CallExpression">, buses: readonly string[]): string | null {
  if (callee.type !== "MemberExpression" || callee.computed || staticName(callee) !== "emit") return null;
  const { object } = callee;
  const name = isOfType(object, "MemberExpression") && object.computed ? null : lastName(object);
  return name !== null && buses.includes(name) ? name : null;
}

/** A string first, and at most one payload: anything else is another form already, or says something that an object cannot. */
function isPositional(node: NodeOfType<"CallExpression">): boolean {
  const [type, payload] = node.arguments;
  if (!isOfType(type, "Literal") || typeof type.value !== "string" || node.arguments.length > 2) return false;
  const hasTypes = node.typeArguments !== undefined && node.typeArguments !== null;
  return payload?.type !== "SpreadElement" && !hasTypes;
}

/** A receiver with a dot is known by its last member; a plain name is not the bus where it shadows a name of the file. */
function isBus({ callee }: NodeOfType<"CallExpression">, context: LintContext): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return true;
  const { name } = callee.object;
  const variable = findVariable(name, sourceOf(context).getScope(callee));
  if (typeof variable === "string") return variable !== "unknown";
  const { upper } = variable.scope;
  return upper === null || typeof findVariable(name, upper) === "string";
}

/** What turns the arguments into one object, written around what is there, so that comments and another emit in the payload stay. */
function structuring(node: NodeOfType<"CallExpression">, context: LintContext, fixer: LintFixer): LintFix[] {
  const [type, payload] = node.arguments;
  if (type === undefined) return [];
  const before = fixer.insertTextBefore(type, "{ type: ");
  if (payload === undefined) return [before, fixer.insertTextAfter(type, " }")];
  const source = sourceOf(context);
  const [start, end] = withBrackets(payload, source);
  const key = source.text.slice(start, end) === "payload" ? "" : "payload: ";
  return [before, fixer.insertTextBeforeRange([start, start], key), fixer.insertTextBeforeRange([end, end], " }")];
}

/** The place of an argument that is not the first, with the brackets around it: they are in no syntax tree. */
function withBrackets(node: Node, source: LintSource): readonly [number, number] {
  let [start, end] = rangeOf(node);
  let before = source.getTokenBefore(node);
  let after = source.getTokenAfter(node);
  while (before?.value === "(" && after?.value === ")") {
    start = before.range?.[0] ?? start;
    end = after.range?.[1] ?? end;
    before = source.getTokenBefore(before);
    after = source.getTokenAfter(after);
  }
  return [start, end];
}

/** The name in brackets of its own could not be taken into an object with the payload. */
function isBracketed(node: NodeOfType<"CallExpression">, source: LintSource): boolean {
  const [type, payload] = node.arguments;
  return type !== undefined && payload !== undefined && source.getTokenAfter(type)?.value !== ",";
}

function isNewEmitter(node: Node): boolean {
  return node.type === "NewExpression" && /Emitter\d*$/.test(lastName(node.callee) ?? "");
}
