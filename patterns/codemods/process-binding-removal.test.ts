import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { processBindingRemoval } from "./process-binding-removal.ts";

const after = (text: string, path?: string) => afterText(processBindingRemoval, text, path);

test.each([
  [
    "const c = require('c'); process.binding('constants').fs.O_RDONLY;",
    "const c = require('c'); require('node:fs').constants.O_RDONLY;",
  ],
  ["const fs = require('fs'); process.binding('constants').fs;", "const fs = require('fs'); fs.constants;"],
  ["exports.a = process.binding('util').isDate(x);", "exports.a = require('node:util').types.isDate(x);"],
  [
    "import 'a';\nprocess.binding('util').isMap(x);",
    "import 'a';\nimport util from 'node:util';\nutil.types.isMap(x);",
  ],
  [
    "const { isMap, isSet: s } = process.binding('util'); module.exports = s;",
    "const { isMap, isSet: s } = require('node:util').types; module.exports = s;",
  ],
  [
    "const c = process.binding('constants'); exports.a = [c.os.errno, c.fs.F_OK];",
    "const c = { fs: require('node:fs').constants, os: require('node:os').constants }; exports.a = [c.os.errno, c.fs.F_OK];",
  ],
  [
    "const { zlib } = process.binding('constants'); exports.a = zlib;",
    "const { zlib } = { zlib: require('node:zlib').constants }; exports.a = zlib;",
  ],
  [
    "import { binding } from 'process';\nbinding('constants').os;",
    "import { binding } from 'process';\nimport os from 'node:os';\nos.constants;",
  ],
  [
    "const p = require('node:process'); globalThis.process.binding('util').isSet(p);",
    "const p = require('node:process'); require('node:util').types.isSet(p);",
  ],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test("TypeScript imports the whole module as a namespace", () => {
  expect(after("import 'a';\nprocess.binding('util').isMap(x);", "a.ts")).toContain(
    "import * as util from 'node:util';",
  );
});

test.each([
  "function f(process) { process.binding('util').isMap(x); }",
  "this.process.binding('util'); process;",
  "process.bindings('util'); binding;",
  "import process from './process.js'; process.binding('util').isMap(x);",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  ["exports.a = process.binding('natives');", "nothing public is equal to the binding natives"],
  ["exports.a = process.binding(name).x;", "the binding is not named by one string"],
  ["exports.a = process.binding('util');", "its result is used as a whole"],
  ["exports.a = process.binding('constants').trace;", "nothing public is equal to trace of the binding constants"],
  ["exports.a = process.binding('constants')[x];", "its result is used as a whole"],
  ["const c = process.binding('constants'); exports.a = c;", "its result is used as a whole"],
  ["const { fs, ...rest } = process.binding('constants'); exports.a = rest;", "its result is used as a whole"],
  ["exports.a = process.binding;", "only its calls can be replaced"],
  ["process.binding = x; exports.a = 1;", "it is given a value here"],
  ["process.binding('util').isMap(x);", "the file has no way to the module"],
  ["import 'a'; const util = 1; process.binding('util').isMap(x);", "the file has no way to the module"],
])("%s is refused: %s", (text, reason) => {
  expect(after(text)).toBe(`skipped: process.binding stays: ${reason} (line 1)`);
});

test("a function that the file puts in the place of Node's stays", () => {
  const text = "f(() => process.binding('constants').fs); process.binding = g; require('fs');";
  expect(after(text)).toBe(
    "skipped: process.binding stays: the file gives process.binding another value (line 1, and 1 more)",
  );
});
