// Linters that load a plugin by its specifier ask for the default export.
export { eslintPlugin, eslintPlugin as default, type LintConfig, type LintPlugin } from "./eslint-plugin.ts";
export type { LintRule } from "./lint-rule.ts";
