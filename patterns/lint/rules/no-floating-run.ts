import type { Node } from "oxc-parser";
import { defineRule } from "../define-rule.ts";
import { denote } from "../denote.ts";
import {
  isOfType,
  type LintContext,
  type LintFixer,
  type LintListeners,
  type LintRule,
  type LintSource,
  on,
  parentOf,
  rangeOf,
  sourceOf,
} from "../lint-rule.ts";
import { type RuleOptions, readOption } from "../rule-options.ts";
import { staticName } from "../static-name.ts";

const options: RuleOptions = {
  modules: {
    fallback: ["codex-orchestrator"],
    description: "modules that export the orchestrator, such as a team's own wrapper",
  },
};
/** What starts a run, by the way to it from the module: on an orchestrator or on pipelines, however the file comes by them. */
const starters =
  /^(?:createOrchestrator\.\(\)\.await|type:Orchestrator|openPipelines\.\(\)\.await|type:Pipelines)\.(?:run|resume|start)\.\(\)/;
/** A fault that is caught, or a step that follows whatever happens, keeps the promise but not the handle. */
const caught = /\.(?:catch|finally)\.\(\)/g;

type Floating = "started" | "handle" | "finished";

/**
 * Finds a run that nobody holds: `orchestrator.run(…)` as a statement, with `await` or without, a handle that is kept in a name that is
 * never read, and `run.finished()` whose promise is dropped. Its fault, and its question to a person, would go unheard. By names and imports
 * alone, without types. What is returned, given on, or dropped by `void` is left alone.
 */
export const noFloatingRunRule: LintRule = defineRule({
  name: "no-floating-run",
  version: "1.0.1",
  type: "problem",
  title: "Hold on to every run that is started",
  description:
    "Finds runs of this library that are neither awaited nor kept, and handles that are dropped or never used; suggests to wait for the end.",
  messages: {
    started: "This run is neither awaited nor kept: nobody hears how it ends.",
    handle: "The handle of this run is dropped: nobody hears how it ends.",
    finished: "The promise of finished() is dropped: nobody hears how the run ends.",
    unread: "The handle in {{name}} is never used: nobody hears how the run ends.",
    wait: "Wait until the run is finished.",
  },
  offers: ["suggestions"],
  options,
  create,
});

function create(context: LintContext): LintListeners {
  const source = sourceOf(context);
  const modules = readOption(context, "modules", options);
  return {
    ...on("ExpressionStatement", (statement) => {
      for (const node of resultsOf(statement.expression)) {
        const floating = floatingIn(node, source, modules);
        if (floating === null) continue;
        const mayWait = node === statement.expression && mayAwait(node) && !isCaught(node);
        context.report({ node, messageId: floating, suggest: mayWait ? [waiting(node, floating, source)] : [] });
      }
    }),
    ...on("VariableDeclarator", ({ id, init }) => {
      if (id.type !== "Identifier" || init === null || floatingIn(init, source, modules) === null) return;
      const variable = source.getScope(id).set.get(id.name);
      if (variable === undefined || variable.references.some((reference) => reference.isRead())) return;
      if (!isExported(id)) context.report({ node: id, messageId: "unread", data: { name: id.name } });
    }),
  };
}

/** The expressions that a statement leaves: all but the conditions. */
function resultsOf(expression: Node): readonly Node[] {
  switch (expression.type) {
    case "LogicalExpression":
      return resultsOf(expression.right);
    case "ConditionalExpression":
      return [...resultsOf(expression.consequent), ...resultsOf(expression.alternate)];
    case "SequenceExpression":
      return expression.expressions.flatMap(resultsOf);
    default:
      return [expression];
  }
}

/** What of a run a call or an `await` leaves: something that must be held, or null. */
function floatingIn(node: Node, source: LintSource, modules: readonly string[]): Floating | null {
  if (node.type === "Identifier") return null;
  const found = denote(node, source);
  if (found?.kind !== "module" || !modules.includes(found.name)) return null;
  const way = found.path
    .join(".")
    .replaceAll(caught, "")
    .replace(starters, "started")
    .replace(/^type:RunHandle/, "started.await");
  switch (way) {
    case "started":
      return "started";
    case "started.await":
      return "handle";
    case "started.await.finished.()":
      return "finished";
    default:
      return null;
  }
}

/** True for a promise that gives something else than a handle where the run fails. */
function isCaught(node: Node): boolean {
  const call = isOfType(node, "AwaitExpression") ? node.argument : node;
  if (call.type !== "CallExpression" || call.callee.type !== "MemberExpression") return false;
  return ["catch", "finally"].includes(staticName(call.callee) ?? "");
}

/** True at a place where `await` can stand. */
function mayAwait(node: Node): boolean {
  let at: Node = node;
  for (let parent = parentOf(at); parent !== null; parent = parentOf(at)) {
    at = parent;
    if ("async" in at) return at.async === true;
    if (at.type === "StaticBlock" || at.type === "PropertyDefinition") return false;
  }
  return isOfType(at, "Program") && at.sourceType === "module";
}

function waiting(node: Node, floating: Floating, source: LintSource) {
  const [start, end] = rangeOf(node);
  const text = source.text.slice(start, end);
  const handle = floating === "started" ? `(await ${text})` : `(${text})`;
  return {
    messageId: "wait",
    fix: (fixer: LintFixer) => [
      fixer.replaceText(node, floating === "finished" ? `await ${text}` : `await ${handle}.finished()`),
    ],
  };
}

function isExported(id: Node): boolean {
  const declarator = parentOf(id);
  const declaration = declarator === null ? null : parentOf(declarator);
  return declaration !== null && parentOf(declaration)?.type === "ExportNamedDeclaration";
}
