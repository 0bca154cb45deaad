import type { LintContext, LintListeners, LintRule } from "./lint-rule.ts";
import { optionsMeta, type RuleOptions } from "./rule-options.ts";

/** What differs from one rule to another. */
interface RuleParts {
  readonly name: string;
  /** Its own, apart from that of the package. */
  readonly version: string;
  readonly type: "problem" | "suggestion";
  readonly title: string;
  readonly description: string;
  readonly messages: Record<string, string>;
  /** Whether it fixes something, suggests something, or both. */
  readonly offers: readonly ("fixes" | "suggestions")[];
  readonly options: RuleOptions;
  readonly create: (context: LintContext) => LintListeners;
}

/** A rule as the linters take it, which all are recommended and have their pages in this package. */
export function defineRule({
  name,
  version,
  type,
  title,
  description,
  messages,
  offers,
  ...parts
}: RuleParts): LintRule {
  const url = `docs/lint-rules.md#${name}`;
  return {
    meta: {
      type,
      docs: { title, description, url, version, recommended: true },
      messages,
      ...(offers.includes("fixes") ? { fixable: "code" } : {}),
      ...(offers.includes("suggestions") ? { hasSuggestions: true } : {}),
      ...optionsMeta(parts.options),
    },
    create: parts.create,
  };
}
