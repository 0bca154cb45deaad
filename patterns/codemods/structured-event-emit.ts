import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan, Splice } from "../engine/codemod.ts";
import { resolveName, type Scope } from "../engine/scope.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { isStringLiteral, plainName } from "../engine/syntax.ts";
import { eventBusNames } from "./event-bus-names.ts";

type Call = Extract<Node, { type: "CallExpression" }>;

/**
 * Turns `bus.emit("name", payload)` into `bus.emit({ type: "name", payload })`, and `bus.emit("name")` into
 * `bus.emit({ type: "name" })`. The bus is known by name: `bus`, `eventBus` or `events`, alone or as the last member of a
 * receiver (`this.bus`, `services.eventBus`).
 *
 * Left alone: a local name that shadows one of the file's own bindings, a first argument that is no string literal (a template,
 * a constant, an object: the new form already), three or more arguments, a spread, type arguments, a computed `["emit"]`.
 * Refused: a receiver that the file itself makes as a plain emitter (`new EventEmitter()`, any class whose name ends in
 * `Emitter`), which dispatches by its first argument, and a name within reach of `with` or a direct `eval`.
 *
 * A bus that comes from another file must take events as objects; the listeners (`bus.on`) are not changed.
 */
export const structuredEventEmit: Codemod = {
  id: "structured-event-emit",
  version: "1.0.0",
  title: "Emit events as one structured object",
  description: "Turns `bus.emit('name', payload)` into `bus.emit({ type: 'name', payload })`.",
  keywords: [
    "emit structured event",
    "emit structured bus event",
    "emit structured object",
    "emit one structured object",
    "emit single structured object",
    "emit event structured",
    "emit event one structured",
    "emit event object",
    "emit event one object",
    "emit event single object",
    "event emit structured",
    "event emit one structured",
    "structured event emit",
    "bus emit structured",
    "replace bus emit structured",
    "replace event structured event",
    "replace event structured object",
    "replace event emit structured",
    "use structured event",
    "structured event bus",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => text.includes("emit") && /\b(?:bus|eventBus|events)\b/.test(text),
  scan,
};

function scan(source: SourceFile): Scan {
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const emitters = plainEmitterNames(source);
  for (const { node, scope } of source.nodesOfType("CallExpression")) {
    const name = busOf(node);
    const splices = structuredSplices(node, source.text);
    if (name === null || splices === null) continue;
    const answer = isBus(node.callee, scope);
    if (answer === "unknown") refusals.push({ at: node.start, reason: `${name} may be shadowed by with or eval` });
    else if (answer === "no") continue;
    else if (emitters.has(name)) {
      refusals.push({ at: node.start, reason: `${name} is a plain emitter, which dispatches by its first argument` });
    } else rewrites.push({ at: node.start, reason: `${name}.emit takes one structured event`, splices });
  }
  return { rewrites, refusals };
}

/** The name of the bus that a call emits on, or null for any other call. */
function busOf({ callee }: Call): string | null {
  if (callee.type !== "MemberExpression" || callee.computed || plainName(callee.property) !== "emit") return null;
  const name = lastName(callee.object);
  return name !== null && eventBusNames.includes(name) ? name : null;
}

function lastName(node: Node): string | null {
  return node.type === "MemberExpression" && !node.computed ? plainName(node.property) : plainName(node);
}

/** A receiver with a dot is known by its last member; a plain name is not the bus where it shadows a name of the file. */
function isBus(callee: Node, scope: Scope): "yes" | "no" | "unknown" {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return "yes";
  const { name } = callee.object;
  const resolution = resolveName(scope, name);
  if (resolution.kind !== "bound") return resolution.kind === "free" ? "yes" : "unknown";
  const outside = resolution.binding.scope.parent;
  return outside !== null && resolveName(outside, name).kind === "bound" ? "no" : "yes";
}

/** What turns the arguments into one object, written as insertions so that the payload itself may hold another emit. */
function structuredSplices(node: Call, text: string): readonly Splice[] | null {
  const [type, payload] = node.arguments;
  if (type === undefined || !isStringLiteral(type) || node.arguments.length > 2 || hasTypeArguments(node)) return null;
  if (payload === undefined) return [insertion(type.start, "{ type: "), insertion(type.end, " }")];
  if (payload.type === "SpreadElement") return null;
  const key = text.slice(payload.start, payload.end) === "payload" ? [] : [insertion(payload.start, "payload: ")];
  return [insertion(type.start, "{ type: "), ...key, insertion(payload.end, " }")];
}

function hasTypeArguments(node: Call): boolean {
  return node.typeArguments !== undefined && node.typeArguments !== null;
}

function insertion(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** Names, of variables and members alike, that the file gives a `new …Emitter()`. */
function plainEmitterNames(source: SourceFile): ReadonlySet<string> {
  const named: readonly (readonly [string | null, Node | null])[] = [
    ...source.nodesOfType("VariableDeclarator").map(({ node }) => [variableName(node.id), node.init] as const),
    ...source.nodesOfType("AssignmentExpression").map(({ node }) => [lastName(node.left), node.right] as const),
    ...source.nodesOfType("PropertyDefinition").map(({ node }) => [plainName(node.key), node.value] as const),
    ...source.nodesOfType("Property").map(({ node }) => [plainName(node.key), node.value] as const),
  ];
  return new Set(
    named.flatMap(([name, value]) => (name !== null && value !== null && isNewEmitter(value) ? [name] : [])),
  );
}

/** A declared name, whatever type stands behind it. */
function variableName(id: Node): string | null {
  return id.type === "Identifier" ? id.name : null;
}

function isNewEmitter(node: Node): boolean {
  if (node.type !== "NewExpression") return false;
  return /Emitter\d*$/.test(lastName(node.callee) ?? "");
}
