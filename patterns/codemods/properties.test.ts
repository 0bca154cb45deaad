import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import type { PatternFileResult } from "../../orchestrator/schema/pattern-port.ts";
import type { Codemod } from "../engine/codemod.ts";
import { parseSource } from "../engine/parse-source.ts";
import { isCandidateFor, transformText } from "../engine/run-codemod.ts";
import { shippedCodemods } from "../pattern-library.ts";
import { builtinModules } from "./builtin-modules.ts";

const codemods = shippedCodemods({ loggerModule: "src/logger.js" });
const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));
const sources = readdirSync(folder).flatMap((id) =>
  readdirSync(`${folder}${id}`).map((name) => ({ name, text: readFileSync(`${folder}${id}/${name}`, "utf8") })),
);

type Changed = Extract<PatternFileResult, { status: "changed" }>;

/** Reasons by which the engine stops a codemod that is wrong. */
const engineDoubt = /not idempotent|overlapping|the result cannot/;

/** What must hold of every change, whatever the text was. */
function expectSound(codemod: Codemod, result: Changed): void {
  const { path, before, after, edits } = result;
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

const gap = fc.constantFrom("", " ", "\t", "\n", "\r\n", "/* 😀 */", "// x\r\n");
const quote = fc.constantFrom("'", '"');
const name = fc.constantFrom("a", "𝒳", "ünï", "$_", "require2", "payload", "logger2");
const module = fc.constantFrom(...builtinModules, "./fs", "lodash", "node:fs");

const statement = fc.tuple(gap, quote, name, module, fc.nat(11)).map(([space, q, id, from, form]) => {
  const literal = `${q}${from}${q}`;
  return (
    [
      `import${space} ${id}${space} from${space} ${literal};`,
      `export *${space} from ${literal};`,
      `import(${space}${literal}${space}).then(${id});`,
      `var ${id} =${space} require(${space}${literal}${space});`,
      `function ${id}(require) { return require(${literal}); }`,
      `console${space}.${space}log(${space}${literal}, ${id});`,
      `console.error(${id}${space});`,
      `${id}.then(console.log);`,
      `bus${space}.emit(${space}${literal}${space},${space}${id}${space});`,
      `this.eventBus.emit(${literal}${space});`,
      `eventBus.emit(${literal}, () => { bus.emit(${literal}, console.log(require(${literal}))); });`,
      `// ${literal} console.log bus.emit require(${literal})`,
    ][form] ?? ""
  );
});

const head = fc.constantFrom(
  "",
  "\uFEFF",
  "#!/usr/bin/env node\n",
  "'use strict';\r\n",
  "import { logger } from './logger.js';\n",
  "const logger = require('./logger');\r\n",
  "import './first.js';\r\n",
);
const lineEnd = fc.constantFrom("\n", "\r\n", "\r", "\u2028");
const generated = fc
  .tuple(head, fc.array(fc.tuple(statement, lineEnd), { minLength: 1, maxLength: 8 }))
  .map(([first, lines]) => first + lines.map((line) => line.join("")).join(""));

test("generated sources: changes are sound for every quote, gap, name, line end and head", () => {
  let changed = 0;
  fc.assert(
    fc.property(generated, fc.constantFrom("src/x/a.js", "a.mjs", "src/a.ts", "a.cjs"), (text, path) => {
      for (const codemod of codemods) {
        const result = transformText(codemod, path, text);
        if (result.status === "changed") expectSound(codemod, result);
        if (result.status === "changed") changed += 1;
        if (result.status === "skipped") expect(result.reason).not.toMatch(engineDoubt);
      }
    }),
    { numRuns: 500 },
  );
  expect(changed).toBeGreaterThan(100);
});

/** A fixture with pieces cut out, doubled, moved or replaced by what hurts most. */
const mutated = fc
  .tuple(
    fc.constantFrom(...sources),
    fc.array(
      fc.tuple(
        fc.nat(2000),
        fc.nat(30),
        fc.constantFrom(
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
        ),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([{ name: file, text }, mutations]) => ({ file, text: mutations.reduce(mutate, text) }));

function mutate(text: string, [at, length, put]: readonly [number, number, string]): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + put + text.slice(put.length > 1 ? start : start + length);
}

test("mutated sources: nothing crashes, and what changes is sound", () => {
  const seen = { changed: 0, skipped: 0, unchanged: 0 };
  fc.assert(
    fc.property(mutated, ({ file, text }) => {
      for (const codemod of codemods) {
        const result = transformText(codemod, `src/${file}`, text);
        seen[result.status] += 1;
        if (result.status === "changed") expectSound(codemod, result);
        if (result.status === "skipped") expect(result.reason).not.toMatch(engineDoubt);
      }
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(seen.changed, seen.skipped, seen.unchanged)).toBeGreaterThan(30);
});

test("the prefilter turns no text away that the codemod would change", () => {
  let rewrites = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        generated,
        mutated.map(({ text }) => text),
      ),
      (text) => {
        const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
        const parsed = parseSource("src/a.js", body);
        if (!parsed.ok) return;
        for (const codemod of codemods) {
          const found = codemod.scan(parsed.source).rewrites.length;
          rewrites += found;
          if (found > 0) expect(isCandidateFor(codemod, "src/a.js", text)).toBe(true);
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(rewrites).toBeGreaterThan(100);
});
