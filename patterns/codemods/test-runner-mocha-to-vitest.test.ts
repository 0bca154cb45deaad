import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { testRunnerMochaToVitest } from "./test-runner-mocha-to-vitest.ts";

const after = (text: string, path = "test/a.js") =>
  afterText({ ...testRunnerMochaToVitest, preconditions: [] }, text, path);
const suite = (text: string) => `describe('a', () => { it('b', () => {}); ${text} });`;
const changed = (text: string, names = "describe, it") => `import { ${names} } from 'vitest';\n${suite(text)}`;

test.each([
  ["it('c', async () => { await d(); });", "it('c', async () => { await d(); });", "describe, it"],
  ["before(() => { c(); });", "beforeAll(() => { c(); });", "beforeAll, describe, it"],
  ["after(async function () { await c(); });", "afterAll(async function () { await c(); });", "afterAll, describe, it"],
  ["context('c', () => { specify('d', () => {}); });", "describe('c', () => { it('d', () => {}); });", "describe, it"],
  [
    "xit('c', () => {}); xdescribe('d', () => {});",
    "it.skip('c', () => {}); describe.skip('d', () => {});",
    "describe, it",
  ],
  ["it.only('c', () => {}); it.skip('d');", "it.only('c', () => {}); it.todo('d');", "describe, it"],
  ["it('c');", "it.todo('c');", "describe, it"],
  ["it('c', function () { this.timeout(500); d(); });", "it('c', function () { d(); }, 500);", "describe, it"],
  [
    "it('c', () => { class D { e() { return this; } } });",
    "it('c', () => { class D { e() { return this; } } });",
    "describe, it",
  ],
])("%s becomes %s", (before, expected, names) => {
  expect(after(suite(before))).toBe(changed(expected, names));
});

test("require stays, and the import comes after it", () => {
  expect(
    after("'use strict';\nconst assert = require('assert');\ndescribe('a', () => { it('b', () => assert(1)); });\n"),
  ).toBe(
    "'use strict';\nconst assert = require('assert');\nimport { describe, it } from 'vitest';\ndescribe('a', () => { it('b', () => assert(1)); });\n",
  );
});

test("what was imported from mocha comes from vitest", () => {
  expect(
    after(
      "import { it, describe, before } from 'mocha';\ndescribe('a', () => { before(() => {}); it('b', () => {}); });\n",
    ),
  ).toBe(
    "import { beforeAll, describe, it } from 'vitest';\ndescribe('a', () => { beforeAll(() => {}); it('b', () => {}); });\n",
  );
});

test.each([
  "import { describe, it } from 'vitest'; describe('a', () => { it('b', () => {}); });",
  "import { describe, it } from 'node:test'; describe('a', () => { it('b', () => {}); });",
  "const describe = a; describe('it');",
  "(describe, it) => describe('a', () => { it('b'); });",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  ["it('c', (done) => done());", "a test with a parameter waits for done"],
  ["it('c', function () { this.retries(2); });", "this is the context of mocha"],
  ["it('c', function () { this.timeout(0); });", "this is the context of mocha"],
  ["it('c', function* () {});", "a test is a generator"],
  ["it('c', d);", "it gets a function from elsewhere"],
  ["it.retries(2);", "it is used otherwise than by a call"],
  ["f(it);", "it is used otherwise than by a call"],
  ["before('c', () => {});", "before has other arguments than vitest knows"],
  ["before(() => c());", "vitest would call what a hook returns"],
  ["before(() => { return c(); });", "vitest would call what a hook returns"],
  ["after(() => {}); after(() => {});", "vitest runs the last after of a suite first"],
  ["expect(c);", "the file uses expect, which mocha has not"],
  ["jest.fn();", "the file uses jest, which mocha has not"],
  ["module.exports = 1;", "the file uses module, which mocha has not"],
])("%s is refused: %s", (text, reason) => {
  expect(after(suite(text))).toBe(`skipped: ${reason} (line 1)`);
});

test("a file that is CommonJS by its name is refused", () => {
  expect(after(suite(""), "a.cjs")).toBe("skipped: a CommonJS file by its name cannot import vitest (line 1)");
});

test("hooks outside of a suite, and mocha as a whole, are refused", () => {
  expect(after(`before(() => {}); ${suite("")}`)).toBe("skipped: before outside of a suite is for all files (line 1)");
  expect(after(`const m = require('mocha'); ${suite("")}`)).toBe("skipped: mocha is loaded as a whole (line 1)");
});
