import type { PatternSummary } from "../../orchestrator/schema/handoff.ts";
import { eslintPlugin } from "./eslint-plugin.ts";
import type { LintRule } from "./lint-rule.ts";

/** A lint rule as a pattern of the library. */
export interface LintPattern extends PatternSummary {
  readonly kind: "linter-rule";
  /** Its name in the plugin. */
  readonly name: string;
  readonly rule: LintRule;
}

/** The lint rules of this package, in the order of their names. As patterns they are `lint/<rule>`, since a codemod may have the same name. */
export function shippedLintRules(): readonly LintPattern[] {
  return Object.entries(eslintPlugin.rules).map(([name, rule]) => {
    const { version, title, description } = rule.meta.docs;
    return { id: `lint/${name}`, kind: "linter-rule", version, title, description, keywords: [], name, rule };
  });
}

/** The lint rule of that id, or null where none has it. */
export function findLintRule(id: string): LintPattern | null {
  return shippedLintRules().find((each) => each.id === id) ?? null;
}

/** A lint rule as planner and reviewer see a pattern. */
export function lintSummaryOf({ name: _, rule: __, ...summary }: LintPattern): PatternSummary {
  return summary;
}
