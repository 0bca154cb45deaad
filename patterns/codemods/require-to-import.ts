import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { textOf } from "../engine/expressions.ts";
import { mockedModules } from "../engine/loads.ts";
import { membersOfName } from "../engine/member-rewrites.ts";
import { createDenote, type Denote, memberName, propertyName } from "../engine/module-members.ts";
import { soleDeclaration } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { undeclaredWrite } from "../engine/strict-code.ts";
import { directEval, isHostName, isStringLiteral, isWrittenPlainly, type StringLiteral } from "../engine/syntax.ts";
import { hasBuiltinExport } from "./builtin-exports.ts";
import { builtinModules } from "./builtin-modules.ts";

/** Names that CommonJS gives to a file and an ES module does not. */
const commonJsNames = ["module", "exports", "__dirname", "__filename", "arguments"] as const;

/**
 * Turns `require` of modules of Node.js into `import`:
 *
 *     const fs = require("fs");                    import fs from "fs";
 *     const { join: j } = require("path");         import { join as j } from "path";
 *     const files = require("fs").promises;        import { promises as files } from "fs";
 *     require("fs");                               import "fs";
 *
 * **In an ES module** (by its syntax or name) each such statement at the top changes, whether `require` was made by
 * `createRequire` or is the host's, as a bundler has it. TypeScript gets `import * as fs` where the module is only read member by member,
 * since a default import may not be allowed; named imports serve all.
 *
 * **A script in CommonJS** becomes an ES module as a whole, or stays as a whole. It must say `"use strict"`, load nothing but modules
 * of Node.js, all in such statements, and use nothing that only CommonJS has: `module`, `exports`, `__dirname`, `this` at the top,
 * `require` in any other way, `eval`. So a file that exports anything is refused: what other files get from it would change. Node.js takes a
 * `.js` file with imports for an ES module from 20.19 on, or with `"type": "module"`; a package of `"type": "commonjs"` is skipped,
 * `.cjs` and `.cts` are left alone.
 *
 * Only modules of Node.js: they have no effects when they load, so that it does not matter that imports come first, and their
 * default export is what `require` gives. Of another package or file the text shows neither. Refused as well: a name that is
 * assigned to, a member to which the file gives another value, an export that Node.js 20 does not have or has deprecated (a named import of it may fail at load), a pattern with defaults or a
 * rest, a module that the file mocks. `require` inside of functions is left alone in an ES module, and refused in a script.
 */
export const requireToImport: Codemod = {
  id: "require-to-import",
  version: "2.0.0",
  title: "Use import instead of require for modules of Node.js",
  description:
    "Turns `const fs = require('fs')` into `import fs from 'fs'` in ES modules and in scripts that can become one.",
  keywords: [
    "require to import",
    "replace require import",
    "replace require es import",
    "replace require es module import",
    "import over require",
    "es import over require",
    "replace commonjs es module",
    "replace commonjs require import",
    "commonjs to es module",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\brequire\b/.test(text) || text.includes("createRequire"),
  preconditions: [
    ({ packageJson }, path) =>
      packageJson?.["type"] === "commonjs" && /\.[jt]sx?$/.test(path) ? 'the package says "type": "commonjs"' : null,
  ],
  scan,
};

interface Work {
  readonly source: SourceFile;
  readonly denote: Denote;
  readonly mocked: ReadonlySet<string>;
}

function scan(source: SourceFile): Scan {
  if (/\.c[jt]s$/.test(source.path)) return { rewrites: [], refusals: [] };
  const work: Work = { source, denote: createDenote(source, builtinModules), mocked: mockedModules(source) };
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  for (const statement of source.program.body) {
    const result = importsFor(work, statement);
    if (typeof result === "string") refusals.push({ at: statement.start, reason: result });
    else if (result !== null) rewrites.push(rewriteOf(source, statement, result));
  }
  if (source.isModule || source.path.endsWith(".mjs") || source.path.endsWith(".mts")) return { rewrites, refusals };
  if (rewrites.length === 0) return { rewrites: [], refusals: [] };
  const doubt = refusals[0] ?? doubtAboutScript(source, rewrites);
  return doubt === null ? { rewrites, refusals: [] } : { rewrites: [], refusals: [doubt] };
}

function rewriteOf(source: SourceFile, statement: Node, imports: readonly string[]): Rewrite {
  const end = /\S;$/.test(textOf(statement, source.text)) ? ";" : "";
  const lineEnd = /\r\n|\n|\r/.exec(source.text)?.[0] ?? "\n";
  const text = imports.map((each) => `${each}${end}`).join(lineEnd);
  return {
    at: statement.start,
    reason: "modules of Node.js can be imported",
    splices: [{ start: statement.start, end: endOf(statement, source.text), text }],
  };
}

/** The end of a statement, but before a semicolon that stands apart from it and guards what follows. */
function endOf(statement: Node, text: string): number {
  const apart = /\s+;$/.exec(textOf(statement, text));
  return statement.end - (apart?.[0].length ?? 0);
}

/** The imports that a statement stands for, null where it loads no module of Node.js, or the reason why it stays. */
function importsFor(work: Work, statement: Node): readonly string[] | string | null {
  const { source } = work;
  const isLoad = (node: Node) => loadedBy(work, node) !== null;
  if (statement.type === "ExpressionStatement") {
    const load = loadedBy(work, statement.expression);
    if (load === null || load.member !== null) return null;
    return doubtAboutText(source, statement) ?? [`import ${textOf(load.specifier, source.text)}`];
  }
  if (statement.type !== "VariableDeclaration" || statement.declare) return null;
  if (!statement.declarations.some(({ init }) => init !== null && isLoad(init))) return null;
  const imports: string[] = [];
  for (const { id, init } of statement.declarations) {
    const load = init === null ? null : loadedBy(work, init);
    if (load === null) return "the statement declares something else as well";
    const clause = clauseFor(work, id, load);
    if (clause.doubt !== null) return clause.doubt;
    imports.push(`import ${clause.text} from ${textOf(load.specifier, source.text)}`);
  }
  return doubtAboutText(source, statement) ?? imports;
}

function doubtAboutText({ text }: SourceFile, statement: Node): string | null {
  return /\/[/*]/.test(textOf(statement, text)) ? "a comment stands in the statement" : null;
}

/** A module of Node.js, or one member of it, that an expression loads. */
interface BuiltinLoad {
  readonly specifier: StringLiteral;
  readonly module: string;
  readonly member: string | null;
}

function loadedBy({ source, denote }: Work, expression: Node): BuiltinLoad | null {
  const member = expression.type === "MemberExpression" ? memberName(expression) : null;
  const call = expression.type === "MemberExpression" && member !== null ? expression.object : expression;
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier" || call.arguments.length !== 1) return null;
  const [specifier] = call.arguments;
  if (specifier === undefined || !isStringLiteral(specifier) || !isWrittenPlainly(specifier, source.text)) return null;
  const loaded = denote(source.topScope, call);
  if (loaded === null || loaded.doubt !== null || !builtinModules.has(loaded.module)) return null;
  return { specifier, module: loaded.module, member };
}

type Clause = { readonly text: string; readonly doubt: null } | { readonly text: null; readonly doubt: string };

function clauseFor(work: Work, id: Node, { module, member }: BuiltinLoad): Clause {
  if (work.mocked.has(module)) return doubtful(`the file puts another module in the place of ${module}`);
  if (id.type === "ObjectPattern")
    return member === null ? namedClause(work, id, module) : doubtful("a member is taken apart");
  if (id.type !== "Identifier") return doubtful("what is loaded is taken apart as a list");
  const doubt = doubtAboutName(work, id.name);
  if (doubt !== null) return doubtful(doubt);
  const given = work.denote(work.source.topScope, id)?.doubt ?? null;
  if (given !== null) return doubtful(given);
  if (member !== null) return specifierFor(module, member, id.name, (text) => `{ ${text} }`);
  if (!/\.[cm]?tsx?$/.test(work.source.path)) return { text: id.name, doubt: null };
  const members = membersOfName(work.source, { node: id, scope: work.source.topScope, parent: null });
  return members === null
    ? doubtful(`${id.name} is used as a whole, and a default import may not be allowed`)
    : { text: `* as ${id.name}`, doubt: null };
}

function doubtful(doubt: string): Clause {
  return { text: null, doubt };
}

function doubtAboutName({ source }: Work, name: string): string | null {
  const binding = source.topScope.bindings.get(name);
  if (binding === undefined || soleDeclaration(binding) === null) return `${name} is declared more than once`;
  return source.references().isWritten(binding) ? `${name} is assigned to` : null;
}

function specifierFor(module: string, name: string, local: string, wrap: (text: string) => string): Clause {
  if (!hasBuiltinExport(module, name)) return doubtful(`${module} may not export ${name}`);
  return { text: wrap(name === local ? name : `${name} as ${local}`), doubt: null };
}

function namedClause(work: Work, pattern: Extract<Node, { type: "ObjectPattern" }>, module: string): Clause {
  const names: string[] = [];
  for (const property of pattern.properties) {
    const name = property.type === "Property" ? propertyName(property) : null;
    if (property.type !== "Property" || name === null || property.value.type !== "Identifier") {
      return doubtful("a pattern has defaults, a rest, or patterns inside");
    }
    const given = work.denote(work.source.topScope, property.value)?.doubt ?? null;
    const doubt = doubtAboutName(work, property.value.name) ?? given;
    const clause = doubt === null ? specifierFor(module, name, property.value.name, (text) => text) : doubtful(doubt);
    if (clause.doubt !== null) return clause;
    names.push(clause.text);
  }
  return { text: names.length === 0 ? "{}" : `{ ${names.join(", ")} }`, doubt: null };
}

/** The first place that keeps a script from becoming an ES module, or null where there is none. */
function doubtAboutScript(source: SourceFile, rewrites: readonly Rewrite[]): Refusal | null {
  const [first] = source.program.body;
  const isStrict = source.program.body.some(
    (node) => node.type === "ExpressionStatement" && node.directive === "use strict",
  );
  const at = first?.start ?? 0;
  if (!isStrict) return { at, reason: 'the script does not say "use strict", and may do otherwise as a module' };
  const evaluated = directEval(source);
  if (evaluated !== null) return { at: evaluated.start, reason: "the script uses eval, which may use all of CommonJS" };
  const reserved = source.nodesOfType("Identifier").find(({ node }) => node.name === "await");
  if (reserved !== undefined) return { at: reserved.node.start, reason: "await is no name in a module" };
  const isTaken = ({ start, end }: Node) =>
    rewrites.some(({ splices }) => splices.some((splice) => splice.start <= start && end <= splice.end));
  const requires = source
    .references()
    .free("require")
    .filter(({ node }) => !isTaken(node));
  const others = commonJsNames.flatMap((name) =>
    source
      .references()
      .free(name)
      .filter(({ scope, parent }) => isHostName(source, scope, name) && !isInFunction(name, parent)),
  );
  const [other] = [...requires, ...others];
  if (other !== undefined) return { at: other.node.start, reason: `the script uses ${other.node.name} of CommonJS` };
  const top = source.nodesOfType("ThisExpression").find(({ parent }) => !isInFunction("arguments", parent));
  if (top !== undefined) return { at: top.node.start, reason: "the script uses this of CommonJS" };
  return undeclaredWrite(source);
}

/** True for `arguments` and `this` that a function or class has of its own. */
function isInFunction(name: string, parent: Located | null): boolean {
  if (name !== "arguments") return false;
  for (let at = parent; at !== null; at = at.parent) {
    if (/^Function|^Class|^Method|^PropertyDefinition|^StaticBlock/.test(at.node.type)) return true;
  }
  return false;
}
