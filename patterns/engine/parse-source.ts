import { type ParseResult, type ParserOptions, parseSync } from "oxc-parser";
import type { SourceLanguage } from "./codemod.ts";
import { isNestedTooDeeply } from "./nesting.ts";
import { createSourceFile, type SourceFile } from "./source-file.ts";

const byExtension: Readonly<Record<string, SourceLanguage>> = {
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
};

/** The language of a file by its name, or null for one that no codemod reads. */
export function languageOf(path: string): SourceLanguage | null {
  const extension = /\.([cm]?[jt]s|[jt]sx)$/.exec(path)?.[1];
  return extension === undefined ? null : (byExtension[extension] ?? null);
}

/** A parsed file, or the reason why there is none, in words. */
type ParseOutcome =
  | { readonly ok: true; readonly source: SourceFile }
  | { readonly ok: false; readonly reason: string };

/**
 * Parses a text without a byte order mark. JavaScript may hold JSX whatever its extension, and `return` outside of functions,
 * as CommonJS allows. Never throws for a bad text.
 */
export function parseSource(path: string, text: string): ParseOutcome {
  const parsed = parseText(path, text);
  return typeof parsed === "string"
    ? { ok: false, reason: parsed }
    : { ok: true, source: sourceOf(path, text, parsed) };
}

/** Why a text cannot be parsed, or null where it can. Half the work of `parseSource`: the syntax tree stays where the parser made it. */
export function whyUnparsable(path: string, text: string): string | null {
  const parsed = parseText(path, text);
  return typeof parsed === "string" ? parsed : null;
}

function parseText(path: string, text: string): ParseResult | string {
  if (isNestedTooDeeply(text)) return "nested too deeply to be parsed safely";
  let reason = "";
  for (const options of attemptsFor(path)) {
    const result = parseSync(path, text, options);
    const problem = problemOf(result, text);
    if (problem === null) return result;
    reason ||= problem;
  }
  return `parse error: ${reason}`;
}

function attemptsFor(path: string): readonly ParserOptions[] {
  if (languageOf(path) !== "javascript") return [{}];
  if (path.endsWith(".mjs")) return [{ lang: "jsx", sourceType: "module" }];
  const asCommonJs: ParserOptions = { lang: "jsx", sourceType: "commonjs" };
  return path.endsWith(".cjs") ? [asCommonJs] : [{ lang: "jsx" }, asCommonJs];
}

function sourceOf(path: string, text: string, result: ParseResult): SourceFile {
  const { program } = result;
  const isModule = result.module.hasModuleSyntax || program.sourceType === "module";
  return createSourceFile(path, text, program, isModule);
}

function problemOf(result: ParseResult, text: string): string | null {
  const error = result.errors[0];
  if (error === undefined) return null;
  const at = error.labels[0]?.start;
  return at === undefined ? error.message : `line ${lineAt(text, at)}: ${error.message}`;
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (const lineBreak of text.slice(0, offset).matchAll(/\r\n|\n|\r/g)) if (lineBreak.index < offset) line += 1;
  return line;
}
