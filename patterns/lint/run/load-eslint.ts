import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import type { LintRule } from "../lint-rule.ts";

/** A rule to run, by the name that it has in the configuration. */
export interface RuleRun {
  readonly rule: LintRule;
  readonly path: string;
  readonly text: string;
}

/** ESLint in this process, for one rule and one text at a time. Throws a plain error for a text that cannot be parsed. */
export interface RuleRunner {
  /** The lines of the findings, in their order. */
  lines(run: RuleRun): readonly number[];
  /** The text after all fixes. */
  fix(run: RuleRun): string;
}

interface LinterLike {
  verify(text: string, config: object, options: object): readonly { line: number; fatal?: boolean; message: string }[];
  verifyAndFix(text: string, config: object, options: object): { readonly output: string };
}

/** Loads ESLint and its parser for TypeScript from beside this package. Throws `linter_unavailable`. */
export async function loadEslint(): Promise<RuleRunner> {
  const [eslint, parser] = [await load("eslint"), await load("@typescript-eslint/parser")];
  if (!isEslint(eslint)) throw missing();
  const linter = new eslint.Linter();
  const config = (rule: LintRule) => ({
    files: ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"],
    plugins: { own: { rules: { rule } } },
    rules: { "own/rule": "error" },
    languageOptions: { parser },
  });
  return {
    lines: ({ rule, path, text }) => {
      const messages = linter.verify(text, config(rule), { filename: path });
      const fatal = messages.find((message) => message.fatal === true);
      if (fatal !== undefined) throw new SyntaxError(fatal.message);
      return messages.map(({ line }) => line);
    },
    fix: ({ rule, path, text }) => linter.verifyAndFix(text, config(rule), { filename: path }).output,
  };
}

async function load(name: string): Promise<unknown> {
  let path: string;
  try {
    path = createRequire(import.meta.url).resolve(name);
  } catch {
    throw missing();
  }
  const loaded: unknown = await import(pathToFileURL(path).href);
  return typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded;
}

function missing(): OrchestratorError {
  return new OrchestratorError(
    "linter_unavailable",
    "the cases of the lint rules are run by ESLint, which is not beside this package; npm install --save-dev eslint @typescript-eslint/parser",
  );
}

function isEslint(value: unknown): value is { readonly Linter: new () => LinterLike } {
  return typeof value === "object" && value !== null && "Linter" in value && typeof value.Linter === "function";
}
