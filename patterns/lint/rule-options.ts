import type { LintContext } from "./lint-rule.ts";

/** The options of a rule, each a list of texts, with its default and what it means. */
export type RuleOptions = Readonly<
  Record<string, { readonly fallback: readonly string[]; readonly description: string }>
>;

/** Schema and defaults of options, as the linters take them. */
export function optionsMeta(options: RuleOptions): { schema: object[]; defaultOptions: unknown[] } {
  const entries = Object.entries(options);
  const texts = { type: "array", items: { type: "string", minLength: 1 }, uniqueItems: true };
  const properties = Object.fromEntries(entries.map(([name, { description }]) => [name, { ...texts, description }]));
  return {
    schema: [{ type: "object", properties, additionalProperties: false }],
    defaultOptions: [Object.fromEntries(entries.map(([name, { fallback }]) => [name, [...fallback]]))],
  };
}

/** The texts of one option: those that are given, or the default. */
export function readOption({ options }: LintContext, name: string, known: RuleOptions): readonly string[] {
  const [given] = options;
  const value: unknown =
    typeof given === "object" && given !== null ? Object.entries(given).find(([key]) => key === name)?.[1] : undefined;
  if (!Array.isArray(value)) return known[name]?.fallback ?? [];
  return value.filter((each) => typeof each === "string");
}
