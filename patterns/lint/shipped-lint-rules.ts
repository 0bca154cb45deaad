import type { PatternSummary } from "../../orchestrator/schema/handoff.ts";
import { eslintPlugin } from "./index.ts";

/** A lint rule as a pattern of the library. */
export interface LintPattern extends PatternSummary {
  readonly kind: "linter-rule";
  /** Its name in the plugin. */
  readonly rule: string;
}

/** The lint rules of this package, in the order of their names. As patterns they are `lint/<rule>`, since a codemod may have the same name. */
export function shippedLintRules(): readonly LintPattern[] {
  return Object.entries(eslintPlugin.rules).map(([rule, { meta }]) => {
    const messages = Object.values(meta.messages);
    const mends = meta.fixable === undefined ? "suggests" : "fixes";
    return {
      id: `lint/${rule}`,
      kind: "linter-rule",
      version: meta.docs.version,
      title: meta.docs.description.replace(/\.$/, ""),
      description: `Finds, and ${mends}: ${messages[0]}`,
      keywords: [],
      rule,
    };
  });
}
