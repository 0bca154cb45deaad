import type { Rewrite } from "../engine/codemod.ts";
import { importSplice, type ModuleSystem, moduleSystem, quoteOf } from "../engine/import-place.ts";
import type { SourceFile } from "../engine/source-file.ts";

/** The rewrite that brings the project's logger into a file, or the reason why it cannot be placed. */
type LoggerImport = { readonly ok: true; readonly rewrite: Rewrite } | { readonly ok: false; readonly reason: string };

/**
 * Imports `logger` from the project's logger module: after the file's first run of imports, or of `require` statements, and at
 * the top of a file that has neither. `module` is relative to the repository, with the extension that the specifier shall have.
 */
export function importLogger(source: SourceFile, module: string): LoggerImport {
  if (withoutExtension(source.path) === withoutExtension(module)) return refused("this is the logger module itself");
  if (source.nodesOfType("Identifier").some(({ node }) => node.name === "logger")) {
    return refused("the file uses the name logger for something else");
  }
  const system = moduleSystem(source);
  if (system === null) return refused("neither an ES module nor CommonJS, by what the file shows");
  const statement = statementFor(system, relativeSpecifier(source.path, module), quoteOf(source));
  const splice = importSplice(source, system, [statement]);
  if (splice === null) return refused("no clear place for the import of the logger");
  return { ok: true, rewrite: { at: splice.start, reason: `the logger comes from ${module}`, splices: [splice] } };
}

function refused(reason: string): LoggerImport {
  return { ok: false, reason };
}

function statementFor(system: ModuleSystem, specifier: string, quote: string): string {
  const quoted = `${quote}${specifier}${quote}`;
  return system === "import" ? `import { logger } from ${quoted};` : `const { logger } = require(${quoted});`;
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}

function relativeSpecifier(from: string, to: string): string {
  const folders = from.split("/").slice(0, -1);
  const parts = to.split("/");
  let shared = 0;
  while (shared < folders.length && shared < parts.length - 1 && folders[shared] === parts[shared]) shared += 1;
  const up = "../".repeat(folders.length - shared);
  return `${up === "" ? "./" : up}${parts.slice(shared).join("/")}`;
}
