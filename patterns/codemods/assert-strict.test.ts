import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { assertStrict } from "./assert-strict.ts";

const after = (text: string, path?: string) => afterText(assertStrict, text, path);
const load = "const assert = require('assert'); ";

test.each([
  [
    "const assert = require('assert'); assert(a); assert.strictEqual(a, b);",
    "const assert = require('assert/strict'); assert(a); assert.strictEqual(a, b);",
  ],
  [
    "import assert from 'node:assert'; assert.equal(typeof a, 'string');",
    "import assert from 'node:assert/strict'; assert.equal(typeof a, 'string');",
  ],
  [
    "import * as assert from 'assert'; assert.equal(a === b, true);",
    "import * as assert from 'assert/strict'; assert.equal(a === b, true);",
  ],
  [
    `import { equal, ok } from 'assert'; equal(\`a\${b}\`, 'c'); ok(a);`,
    `import { equal, ok } from 'assert/strict'; equal(\`a\${b}\`, 'c'); ok(a);`,
  ],
  ["const { deepStrictEqual } = require('assert');", "const { deepStrictEqual } = require('assert/strict');"],
  ["require('assert')(a);", "require('assert/strict')(a);"],
  [
    "const assert = await import('assert'); assert.ok(a);",
    "const assert = await import('assert/strict'); assert.ok(a);",
  ],
  [
    "const n = 3; import assert from 'assert'; assert.equal(Number(a), n);",
    "const n = 3; import assert from 'assert/strict'; assert.equal(Number(a), n);",
  ],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test("with a loose call that is not proven, the others are named", () => {
  expect(after(`${load}assert.equal(typeof a, 'b'); assert.notEqual(!a, true, 'c'); assert.equal(a, b);`)).toBe(
    `${load}assert.strictEqual(typeof a, 'b'); assert.notStrictEqual(!a, true, 'c'); assert.equal(a, b);`,
  );
  expect(after(`${load}f(assert); assert.equal(typeof a, 'b');`)).toBe(
    `${load}f(assert); assert.strictEqual(typeof a, 'b');`,
  );
});

test("TypeScript's own import is read", () => {
  expect(after("import assert = require('assert'); assert.ok(a);", "a.ts")).toBe(
    "import assert = require('assert/strict'); assert.ok(a);",
  );
});

test.each([
  "const assert = require('assert').strict; assert.equal(a, b);",
  "const { strict: assert } = require('assert'); assert.equal(a, b);",
  "import { strict as assert } from 'assert'; assert.equal(a, b);",
  "import assert from 'assert/strict'; assert.equal(a, b); 'assert';",
  "import { assert } from 'chai'; assert.equal(a, b); 'assert';",
  "(require) => require('assert').equal(a, b);",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  [`${load}assert.equal(a, 'b');`, "assert.equal stays loose: the values may differ in their types"],
  [`${load}assert.equal(Number(a), 0);`, "assert.equal stays loose: the values may be 0 and -0, or no primitives"],
  [`${load}assert.deepEqual([1], [1]);`, "assert.deepEqual stays loose: what is inside of the values is not known"],
  [`${load}xs.forEach(assert.equal);`, "assert.equal stays loose: it is passed on as a value"],
  [`${load}assert.equal(...a);`, "assert.equal stays loose: its arguments are not two values"],
  [`${load}module.exports = assert;`, "assert stays: it is handed on as a whole"],
  [`${load}jest.mock('assert'); assert.ok(a);`, "assert stays: a test puts another module in its place"],
  ["const { ...rest } = require('assert');", "assert stays: it is handed on as a whole"],
  ["export * from 'assert';", "assert stays: it is handed on as a whole"],
  ["let assert = require('assert'); assert = a;", "assert stays: it is handed on as a whole"],
])("%s is refused", (text, reason) => {
  expect(after(text)).toBe(`skipped: ${reason} (line 1)`);
});

test.each([
  'import * as a from "assert"; helper(a.default); a.ok(1);',
  'import { default as a } from "assert"; helper(a);',
  'const { default: a } = await import("assert"); helper(a); export {};',
  'import("assert").then((a) => helper(a));',
  'import("assert").then(helper, fail);',
  'const assert = require("assert"); assert.isTrue = helper;',
])("assert stays where other code gets hold of it: %s", (text) => {
  expect(after(text, "a.mjs")).toBe("skipped: assert stays: it is handed on as a whole (line 1)");
});
