import { codeVersion } from "../../orchestrator/schema/version.ts";
import type { LintRule } from "./lint-rule.ts";
import { noFloatingRunRule } from "./rules/no-floating-run.ts";
import { noProcessExitInLibraryRule } from "./rules/no-process-exit-in-library.ts";
import { noUnredactedLogRule } from "./rules/no-unredacted-log.ts";
import { nodeProtocolRule } from "./rules/node-protocol.ts";
import { preferLoggerOverConsoleRule } from "./rules/prefer-logger-over-console.ts";
import { structuredEventRule } from "./rules/structured-event.ts";

/** A plugin of ESLint 9 and 10, which is a `jsPlugin` of oxlint as well. */
export interface LintPlugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Record<string, LintRule>;
  readonly configs: { readonly recommended: LintConfig };
}

/** A flat config that turns every rule on. */
export interface LintConfig {
  readonly name: string;
  readonly plugins: Record<string, LintPlugin>;
  readonly rules: Record<string, "error">;
}

const namespace = "codex-orchestrator";
// oxlint takes a plugin's name from its `meta.name`, without `eslint-plugin-`.
const meta = { name: `eslint-plugin-${namespace}`, version: codeVersion, namespace } as const;
const rules: Record<string, LintRule> = {
  "no-floating-run": noFloatingRunRule,
  "no-process-exit-in-library": noProcessExitInLibraryRule,
  "no-unredacted-log": noUnredactedLogRule,
  "node-protocol": nodeProtocolRule,
  "prefer-logger-over-console": preferLoggerOverConsoleRule,
  "structured-event": structuredEventRule,
};
const recommended: LintConfig = {
  name: `${namespace}/recommended`,
  get plugins() {
    return { [namespace]: eslintPlugin };
  },
  rules: Object.fromEntries(Object.keys(rules).map((name) => [`${namespace}/${name}`, "error"])),
};

/**
 * The lint rules of this package as one plugin, for the `eslint.config.js` of a team or the `jsPlugins` of oxlint. Nothing of a linter is
 * loaded by it.
 */
export const eslintPlugin: LintPlugin = { meta, rules, configs: { recommended } };
