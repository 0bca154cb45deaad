import type { Node } from "oxc-parser";
import type { NodeOfType } from "../engine/located.ts";

/** A name in a scope, as the scope managers of ESLint, typescript-eslint and oxlint have it. */
export interface LintVariable {
  readonly name: string;
  readonly scope: LintScope;
  /** Empty for a name that only the configuration of the linter knows. */
  readonly defs: readonly LintDefinition[];
  readonly references: readonly LintReference[];
}

interface LintDefinition {
  readonly type: string;
  readonly node: unknown;
  readonly name: unknown;
  readonly parent?: unknown;
}

interface LintReference {
  readonly identifier: { readonly name: unknown };
  readonly init?: boolean;
  isWrite(): boolean;
  isRead(): boolean;
}

/** A scope, as those scope managers have it. */
export interface LintScope {
  readonly type: string;
  readonly upper: LintScope | null;
  readonly set: { get(name: string): LintVariable | undefined };
  /** References that nothing in the scope declares. */
  readonly through: readonly LintReference[];
}

/** The text of a file and what is known of it. */
export interface LintSource {
  readonly text: string;
  getScope(node: Node): LintScope;
  /** The tokens around a node; comments are none. */
  getTokenBefore(node: LintToken): LintToken | null;
  getTokenAfter(node: LintToken): LintToken | null;
}

/** A token, or a node in the place of its first or last one. */
export interface LintToken {
  readonly type: string;
  readonly value?: unknown;
  readonly range?: [number, number];
}

/** One replacement. */
export interface LintFix {
  range: [number, number];
  text: string;
}

/** Makes the replacements of a fix. */
export interface LintFixer {
  insertTextBefore(node: Node, text: string): LintFix;
  insertTextAfter(node: Node, text: string): LintFix;
  insertTextBeforeRange(range: [number, number], text: string): LintFix;
  replaceText(node: Node, text: string): LintFix;
}

type Fix = (fixer: LintFixer) => LintFix[];

/** A finding. `fix` keeps the meaning; what a suggestion does, a person must look at. */
export interface LintFinding {
  readonly node: Node;
  readonly messageId: string;
  readonly data?: Record<string, string>;
  readonly fix?: Fix | null;
  readonly suggest?: { readonly messageId: string; readonly data?: Record<string, string>; readonly fix: Fix }[];
}

/** What a rule gets from the linter, and all that it uses of it. */
export interface LintContext {
  /** Checked against the schema of the rule, with its defaults filled in. */
  readonly options: readonly unknown[];
  readonly filename: string;
  readonly cwd: string;
  /** A `LintSource`, which `sourceOf` gives: the types of ESLint promise less for a rule of any language. */
  readonly sourceCode: object;
  report(finding: LintFinding): void;
}

/** Called by the linter for each node of a type. */
export type LintListeners = Record<string, (node: unknown) => void>;

/** One rule: an object of the plugin interface of ESLint 9 and 10, which oxlint takes as well. */
export interface LintRule {
  readonly meta: {
    readonly type: "problem" | "suggestion";
    readonly docs: {
      readonly title: string;
      readonly description: string;
      readonly url: string;
      readonly version: string;
      readonly recommended: true;
    };
    readonly messages: Record<string, string>;
    readonly fixable?: "code";
    readonly hasSuggestions?: true;
    readonly schema: object[];
    readonly defaultOptions?: unknown[];
  };
  create(context: LintContext): LintListeners;
}

/** True for a node of the type. */
export function isOfType<T extends Node["type"]>(node: unknown, type: T): node is NodeOfType<T> {
  return typeof node === "object" && node !== null && "type" in node && node.type === type;
}

/** True for a node of any type. */
export function isNode(node: unknown): node is Node {
  return typeof node === "object" && node !== null && "type" in node && typeof node.type === "string";
}

/** The node around a node; null for the whole program. All three linters set it. */
export function parentOf(node: Node): Node | null {
  return "parent" in node && isNode(node.parent) ? node.parent : null;
}

/** The source of the file. The assertion is one of the linter's contract. */
export function sourceOf({ sourceCode }: Pick<LintContext, "sourceCode">): LintSource {
  if (isLintSource(sourceCode)) return sourceCode;
  throw new TypeError("this linter gives its rules no scopes; ESLint 9 or later and oxlint 1.50 or later do");
}

function isLintSource(source: object): source is LintSource {
  return "text" in source && typeof source.text === "string" && "getScope" in source;
}

/** A listener for the nodes of a type. */
export function on<T extends Node["type"]>(type: T, listen: (node: NodeOfType<T>) => void): LintListeners {
  return {
    [type]: (node) => {
      if (isOfType(node, type)) listen(node);
    },
  };
}

/** Where a node stands in the text. All three linters set `range`, and not all of them `start` and `end`. */
export function rangeOf({ type, range }: Node): readonly [number, number] {
  if (range === undefined) throw new TypeError(`this linter does not say where a ${type} stands`);
  return range;
}
