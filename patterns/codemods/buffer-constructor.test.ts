import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { bufferConstructor } from "./buffer-constructor.ts";

const after = (text: string, path?: string) => afterText(bufferConstructor, text, path);

test.each([
  ["new Buffer('a');", "Buffer.from('a');"],
  ["Buffer('a', 'hex').toString();", "Buffer.from('a', 'hex').toString();"],
  ["new Buffer(x, 'base64');", "Buffer.from(x, 'base64');"],
  [`new Buffer(\`a\${b}\`);`, `Buffer.from(\`a\${b}\`);`],
  ["new Buffer('a' + b);", "Buffer.from('a' + b);"],
  ["new Buffer([1, 2]);", "Buffer.from([1, 2]);"],
  ["new Buffer(String(x));", "Buffer.from(String(x));"],
  ["new Buffer(new Uint8Array(2));", "Buffer.from(new Uint8Array(2));"],
  ["new Buffer(10);", "Buffer.alloc(10);"],
  ["new Buffer(x * 2);", "Buffer.alloc(x * 2);"],
  ["const size = 10; new Buffer(size);", "const size = 10; Buffer.alloc(size);"],
  ["new Buffer(Buffer.byteLength(x));", "Buffer.alloc(Buffer.byteLength(x));"],
  ["new Buffer(new Buffer('a'), 'hex');", "Buffer.from(Buffer.from('a'), 'hex');"],
  ["Buffer.from ? Buffer.from('a') : new Buffer('a');", "Buffer.from ? Buffer.from('a') : Buffer.from('a');"],
  ["new global.Buffer('a');", "global.Buffer.from('a');"],
  ["const b = require('buffer'); new b.Buffer('a');", "const b = require('buffer'); b.Buffer.from('a');"],
  ["import { Buffer as B } from 'node:buffer'; B('a');", "import { Buffer as B } from 'node:buffer'; B.from('a');"],
  [
    "const { Buffer: B } = await import('buffer'); new B(1);",
    "const { Buffer: B } = await import('buffer'); B.alloc(1);",
  ],
  ["const { SlowBuffer } = require('buffer');\nnew SlowBuffer(n);\n", "Buffer.allocUnsafeSlow(n);\n"],
  ["const b = require('buffer'); b.SlowBuffer(n);", "const b = require('buffer'); b.Buffer.allocUnsafeSlow(n);"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test("TypeScript's annotations tell a number from data", () => {
  expect(after("(a: string, b: number) => [new Buffer(a), new Buffer(b)];", "a.ts")).toBe(
    "(a: string, b: number) => [Buffer.from(a), Buffer.alloc(b)];",
  );
  expect(after("(a?: string) => new Buffer(a);", "a.ts")).toContain("skipped");
  expect(after("(a: string | number) => new Buffer(a);", "a.ts")).toContain("skipped");
});

test.each([
  "class A extends Buffer { }",
  "x instanceof Buffer;",
  "import { Buffer } from 'safe-buffer'; new Buffer('a');",
  "function f(Buffer) { return new Buffer('a'); }",
  "Buffer.from('a'); Buffer.alloc(1);",
  "new Buffer.Pool('a');",
  "Buffer = x; new Buffer('a');",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  ["new Buffer(x);", "its argument may be a number or data"],
  ["new Buffer(x.length);", "its argument may be a number or data"],
  ["let a = 'a'; new Buffer(a);", "its argument may be a number or data"],
  ["new Buffer(...x);", "an argument is spread"],
  ["new Buffer;", "it has no argument"],
  ["new Buffer(1, 'hex');", "a number has no encoding"],
  ["new (global.Buffer)('a');", null],
  ["new /* a */ Buffer('a');", "a comment stands there"],
  ["with (a) new Buffer('a');", "Buffer may be shadowed by with or eval"],
])("%s is refused: %s", (text, reason) => {
  expect(after(text)).toBe(reason === null ? "unchanged" : `skipped: the constructor stays: ${reason} (line 1)`);
});

test.each(["Buffer = other;", "global.Buffer = other;", "globalThis.Buffer = other;"])(
  "a Buffer that the file replaces by %s stays, by any of its names",
  (text) => {
    expect(after(`${text} new global.Buffer("a"); new globalThis.Buffer("a"); new Buffer("a");`)).toMatch(
      /^(skipped|unchanged)/,
    );
  },
);
