import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSource } from "../engine/parse-source.ts";
import { isCandidateFor } from "../engine/run-codemod.ts";
import { shippedCodemods } from "../pattern-library.ts";
import { builtinModules } from "./builtin-modules.ts";
import { expectSoundTransform, generatedSources, mutatedSources } from "./sources.test-support.ts";

const codemods = shippedCodemods({ loggerModule: "src/logger.js" }).map((each) => ({ ...each, preconditions: [] }));
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
        if (expectSoundTransform(codemod, { path, text }) === "changed") changed += 1;
      }
    }),
    { numRuns: 150 },
  );
  expect(changed).toBeGreaterThan(50);
});

test("the prefilter turns no text away that the codemod would change", () => {
  let rewrites = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        generated,
        generatedSources().map(({ text }) => text),
        mutatedSources().map(({ text }) => text),
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
    { numRuns: 200 },
  );
  expect(rewrites).toBeGreaterThan(100);
});
