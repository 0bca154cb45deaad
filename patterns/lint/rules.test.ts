import * as parser from "@typescript-eslint/parser";
import { RuleTester } from "@typescript-eslint/rule-tester";
import { type ESLint, Linter } from "eslint";
import { afterAll, describe, expect, it, test } from "vitest";
import { eslintPlugin } from "./eslint-plugin.ts";
import { type RuleCase, ruleCases } from "./rule-cases.test-support.ts";

type TesterRule = Parameters<RuleTester["run"]>[1];

RuleTester.afterAll = afterAll;
RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

const filename = "src/file.ts";
const tester = new RuleTester();

for (const [name, rule] of Object.entries(eslintPlugin.rules)) {
  const cases = ruleCases[name] ?? [];
  tester.run(name, asTesterRule(rule), {
    valid: cases.filter(({ errors }) => errors.length === 0).map(({ errors: _, ...valid }) => ({ filename, ...valid })),
    invalid: cases.filter(({ errors }) => errors.length > 0).map(invalidCase),
  });
}

function invalidCase({ errors, output, ...invalid }: RuleCase) {
  return {
    filename,
    ...invalid,
    output: output === undefined ? null : typeof output === "string" ? output : [...output],
    errors: errors.map(({ suggestions = null, ...error }) => ({ ...error, suggestions })),
  };
}

test("every rule has cases of both kinds, a schema, and a second fix that changes nothing", () => {
  // The types of ESLint take the plugin as it is.
  const plugin: ESLint.Plugin = eslintPlugin;
  const linter = new Linter();
  expect(Object.keys(ruleCases)).toEqual(Object.keys(eslintPlugin.rules));
  for (const [name, cases] of Object.entries(ruleCases)) {
    expect(new Set(cases.map(({ errors }) => errors.length > 0)).size).toBe(2);
    for (const { code, output, options = [], filename: path = filename } of cases) {
      const last = typeof output === "object" ? output.at(-1) : output;
      if (last === undefined) continue;
      const rules: Linter.RulesRecord = { [`own/${name}`]: ["error", ...options] };
      const config = {
        files: ["**/*.{js,cjs,mjs,ts,cts}"],
        plugins: { own: plugin },
        rules,
        languageOptions: { parser },
      };
      expect(linter.verifyAndFix(code, config, { filename: path }).output).toBe(last);
      expect(linter.verifyAndFix(last, config, { filename: path })).toMatchObject({ fixed: false, output: last });
    }
  }
});

test("the recommended config turns every rule on", () => {
  const { recommended } = eslintPlugin.configs;
  expect(Object.keys(recommended.rules)).toEqual(
    Object.keys(eslintPlugin.rules).map((name) => `codex-orchestrator/${name}`),
  );
  expect(recommended.plugins["codex-orchestrator"]).toBe(eslintPlugin);
  const messages = new Linter().verify("process.exit(1);\nf();\n", recommended, { filename: "src/file.js" });
  expect(messages.map(({ ruleId, line }) => [ruleId, line])).toEqual([
    ["codex-orchestrator/no-process-exit-in-library", 1],
  ]);
});

/** The tester's types promise more to a rule than ours ask for. */
function asTesterRule(rule: unknown): TesterRule {
  if (!isTesterRule(rule)) throw new TypeError("this is no rule");
  return rule;
}

function isTesterRule(rule: unknown): rule is TesterRule {
  return typeof rule === "object" && rule !== null && "create" in rule;
}
