import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { expect } from "vitest";
import type { PatternFileResult } from "../../orchestrator/schema/pattern-port.ts";
import type { Codemod } from "../engine/codemod.ts";
import { transformText } from "../engine/run-codemod.ts";

/** A text with the path by which it is read. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

type Changed = Extract<PatternFileResult, { status: "changed" }>;

/** Reasons by which the engine stops a codemod that is wrong. */
const engineDoubt = /not idempotent|overlapping|the result cannot/;
/** Codemods that turn a script into a module, and leave it to the parser to say what a module cannot hold. */
const moduleMakers: ReadonlySet<string> = new Set(["require-to-import", "test-runner-mocha-to-vitest"]);

/** Transforms a text and asserts what must hold whatever the text is: no crash, nothing outside of the edits, a result that parses and stays. */
export function expectSoundTransform(codemod: Codemod, { path, text }: Source): PatternFileResult["status"] {
  const result = transformText(codemod, path, text);
  if (result.status === "changed") expectSoundChange(codemod, result);
  if (result.status === "skipped" && !moduleMakers.has(codemod.id)) expect(result.reason).not.toMatch(engineDoubt);
  if (result.status === "skipped") expect(result.reason).not.toMatch(/not idempotent|overlapping/);
  return result.status;
}

function expectSoundChange(codemod: Codemod, { path, before, after, edits }: Changed): void {
  const mark = before.startsWith("\uFEFF") ? 1 : 0;
  let read = 0;
  let written = 0;
  for (const { start, end, text } of edits) {
    const kept = before.slice(read, start + mark);
    expect(after.slice(written, written + kept.length)).toBe(kept);
    written += kept.length;
    expect(after.slice(written, written + text.length)).toBe(text);
    written += text.length;
    read = end + mark;
  }
  expect(after.slice(written)).toBe(before.slice(read));
  expect(parses(path, after.slice(mark))).toBe(true);
  expect(transformText(codemod, path, after).status).not.toBe("changed");
}

function parses(path: string, text: string): boolean {
  const lang = /\.[cm]?js$/.test(path) ? ({ lang: "jsx" } as const) : {};
  return [lang, { ...lang, sourceType: "commonjs" as const }].some(
    (options) => parseSync(path, text, options).errors.length === 0,
  );
}

const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** The fixtures of all patterns, both sides. */
function fixtureSources(): readonly Source[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files
    .sort((left, right) => (join(left.parentPath, left.name) < join(right.parentPath, right.name) ? -1 : 1))
    .map(({ parentPath, name }) => ({ path: `src/${name}`, text: readFileSync(join(parentPath, name), "utf8") }));
}

const hurtful = [
  "",
  "'",
  '"',
  "`",
  "(",
  ")",
  "{",
  "}",
  "//",
  "/*",
  "\\",
  "${",
  "\n",
  "😀",
  "require",
  "with(a)",
  "eval(b);",
  "\uFEFF",
  "\u0000",
  "\ud800",
];

/** A fixture with pieces cut out, doubled, moved or replaced by what hurts most. */
export function mutatedSources(): fc.Arbitrary<Source> {
  const mutation = fc.tuple(fc.nat(2000), fc.nat(30), fc.constantFrom(...hurtful));
  return fc
    .tuple(fc.constantFrom(...fixtureSources()), fc.array(mutation, { minLength: 1, maxLength: 2 }))
    .map(([{ path, text }, mutations]) => ({ path, text: mutations.reduce(mutate, text) }));
}

function mutate(text: string, [at, length, put]: readonly [number, number, string]): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(put.length > 1 ? start : start + length);
}

/** Members that the codemods are about, by their modules; any may be looked for in another one as well. */
const targets: readonly (readonly [string, string])[] = [
  "assert equal deepEqual strict default",
  "buffer Buffer SlowBuffer",
  "crypto createCredentials Credentials",
  "fs F_OK rmdir rmdirSync readFile stat promises",
  "fs/promises rmdir",
  "https request",
  "mocha describe it before",
  "process binding",
  "promise.allsettled default",
  "tls connect createSecurePair",
  "url parse",
  "util isArray isString isDate isError isObject isNull _extend log puts debug promisify",
  "zod z ZodError",
  "_tls_wrap TLSSocket",
].flatMap((line) => {
  const [module = "", ...names] = line.split(" ");
  return names.map((name) => [module, name] as const);
});

/** Ways to get at a member `m` of a module `x`, as statements, each with the expression that then denotes it. */
const loads: readonly ((x: string, m: string) => readonly [string, string])[] = [
  (x, m) => [`const lib = require('${x}');`, `lib.${m}`],
  (x, m) => [`var lib = require("node:${x}"), other = 1;`, `lib["${m}"]`],
  (x, m) => [`const { ${m}: own } = require('${x}');`, "own"],
  (x, m) => [`const { ${m} } = require('${x}');`, m],
  (x, m) => [`const own = require('${x}').${m};`, "own"],
  (x, m) => [`import lib from '${x}';`, `lib.${m}`],
  (x, m) => [`import * as lib from '${x}'\n`, `lib.${m}`],
  (x, m) => [`import { ${m} as own, other } from '${x}';`, "own"],
  (x, m) => [`import lib, { ${m} as own } from '${x}';`, `own`],
  (x, m) => [`const lib = await import('${x}');`, `lib.default.${m}`],
  (x, m) => [`const lib = process.getBuiltinModule('${x}');`, `lib?.${m}`],
  (x, m) => [`let lib = require('${x}'); lib = lib || other;`, `lib.${m}`],
  (x, m) => [`const lib = require('${x}'); const { ${m}: own } = lib; const again = own;`, "again"],
  (_, m) => ["", `globalThis.${m}`],
];

/** Expressions with holes (`@`) for others. `#` is the member under test. */
const expressions: readonly string[] = [
  "#(@)",
  "#(@, @)",
  "!#(@)",
  "new #(@)",
  "new #(@, 'hex')",
  "#",
  "#.call(@)",
  "#`a`",
  "#?.(@)",
  "# = @",
  "[#]",
  "({ a: # })",
  "{ ...# }",
  "a",
  "a.b",
  "'a'",
  "1",
  `\`x$\{@}\``,
  "(@)",
  "@ + @",
  "a ?? @",
  "@ ? @ : @",
  "async () => await @",
  "f(@)",
  "() => @",
  "async () => { @; }",
  "function () { return @; }",
  "Object.assign({}, @)",
  "Object.assign({ a: 1 }, @, { b: @ })",
  "a && a.b",
  "a && a.b && a.b.c",
  "a != null && a.b(@)",
  "a == null ? undefined : a.b",
  "a !== null && a !== undefined && a[@]",
  "Promise.all(xs.map((x) => x.then((value) => ({ status: 'fulfilled', value }), (reason) => ({ status: 'rejected', reason }))))",
  "#(@, { recursive: true })",
  "#('https://a.example/b').host",
  "#('https://a.example/' + @).hostname",
  "#({ secureProtocol: 'TLSv1_2_method' })",
  "#('constants').fs",
  "#('util').isMap(@)",
  "#.string().email()",
  "#.record(@)",
  "#.string({ required_error: 'a' })",
  "#(#.readFile)",
  "new Promise((y, n) => #(@, (e, v) => e ? n(e) : y(v)))",
  "describe('a', () => { it('b', () => @); before(() => { @; }); })",
  "console.log(@)",
  "bus.emit('a', @)",
  "require('fs')",
  "import('util').then((m) => m.isArray(@))",
];

const statements: readonly string[] = [
  "@;",
  "@\n",
  "if (@) b;",
  "if (!(@)) { @; }",
  "return @;",
  "const v = @;",
  "const w = @, y = @\n",
  "export default @;",
  "while (@ && @) c;",
  "for (const i of @) { @; }",
  "with (a) { @; }",
  "{ const lib = 1; @; }",
  "function g(lib, own) { return @; }",
  "try { @; } catch (e) { if (e instanceof #) f(e.errors); }",
  "eval(a); @;",
  "class A extends # { b = @; }",
  "/* a */ @ /* b */;",
  "switch (@) { case 1: @; }",
];

const ends = ["\n", "\r\n", " ", "\n// note\n"];

/** Programs made of loads, statements and expressions around members that the codemods are about. */
export function generatedSources(): fc.Arbitrary<Source> {
  const choice = fc.tuple(
    fc.constantFrom(...targets),
    fc.constantFrom(...targets),
    fc.nat(9),
    fc.nat(loads.length - 1),
  );
  const pick = fc.array(fc.nat(10_000), { minLength: 60, maxLength: 60 });
  const path = fc.constantFrom("src/a.js", "src/a.mjs", "src/a.cjs", "src/a.ts", "src/a.jsx");
  const head = fc.constantFrom("", "'use strict';\n", "\uFEFF", "#!/usr/bin/env node\n");
  return fc
    .tuple(path, head, choice, pick, fc.integer({ min: 1, max: 4 }))
    .map(([where, first, [target, [, other], chance, form], picks, count]) => {
      const [x, m] = chance === 0 ? [target[0], other] : target;
      const [load, member] = loads[form]?.(x, m) ?? ["", m];
      const next = picker(picks);
      const lines = Array.from({ length: count }, () => fill(next(statements), member, next, 0) + next(ends));
      return { path: where, text: `${first}${load}${next(ends)}${lines.join("")}` };
    });
}

type Next = (from: readonly string[]) => string;

function picker(picks: readonly number[]): Next {
  let at = 0;
  return (from) => {
    at += 1;
    return from[(picks[at % picks.length] ?? 0) % from.length] ?? "";
  };
}

/** Fills the holes of a template; no deeper than three expressions. */
function fill(template: string, member: string, next: Next, depth: number): string {
  const parts = template.split("@");
  const filled = parts.map((part, index) => {
    if (index === parts.length - 1) return part;
    return part + (depth > 2 ? "a" : fill(next(expressions), member, next, depth + 1));
  });
  return filled.join("").replaceAll("#", member);
}
