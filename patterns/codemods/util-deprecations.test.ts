import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { utilDeprecations } from "./util-deprecations.ts";

const after = (text: string, path?: string) => afterText(utilDeprecations, text, path);
const util = "const util = require('util');\n";

/** With `util` used elsewhere, so that its declaration stays. */
const within = (text: string, path?: string) => {
  const result = after(`${util}util.inspect;\n${text}`, path);
  return result.startsWith(util) ? result.slice(`${util}util.inspect;\n`.length) : result;
};

test.each([
  ["a(util.isArray(x));", "a(Array.isArray(x));"],
  ["xs.filter(util.isArray);", "xs.filter(Array.isArray);"],
  ["a = { isArray: util.isArray };", "a = { isArray: Array.isArray };"],
  ["util['isArray'](x);", "Array.isArray(x);"],
  ["util.isBuffer(x) && y;", "Buffer.isBuffer(x) && y;"],
  ["if (util.isString(x)) y;", "if (typeof x === 'string') y;"],
  ["if (!util.isString(x)) y;", "if (typeof x !== 'string') y;"],
  ["a = !util.isNullOrUndefined(x.y);", "a = x.y != null;"],
  ["a = util.isNull(x) || util.isUndefined(y);", "a = x === null || y === undefined;"],
  ["a = util.isFunction(x || y);", "a = typeof (x || y) === 'function';"],
  ["a = util.isBoolean(util.isNumber(x));", "a = typeof (typeof x === 'number') === 'boolean';"],
  ["a = util.isSymbol(x) + 1;", "a = (typeof x === 'symbol') + 1;"],
  ["a = [...util.isString(x) ? b : c];", "a = [...typeof x === 'string' ? b : c];"],
  ["xs.map(util.isString);", "xs.map((value) => typeof value === 'string');"],
  [
    "const isString = util.isString; isString(x);",
    "const isString = (value) => typeof value === 'string'; isString(x);",
  ],
  ["a = util.isDate(x) || xs.some(util.isRegExp);", "a = util.types.isDate(x) || xs.some(util.types.isRegExp);"],
  ["a = util.isError(e);", "a = util.types.isNativeError(e) || e instanceof Error;"],
  ["a = b && util.isError(e);", "a = b && (util.types.isNativeError(e) || e instanceof Error);"],
  ["return util.isObject(x);", "return x !== null && typeof x === 'object';"],
  ["f(util.isPrimitive(x));", "f(x === null || (typeof x !== 'object' && typeof x !== 'function'));"],
  ["a = util._extend({}, b);", "a = Object.assign({}, b);"],
  ["util.print('a');", "process.stdout.write('a');"],
  ["util.puts(a);", "console.log(String(a));"],
  [`util.error(\`a\${b}\`);`, `console.error(\`a\${b}\`);`],
  ["util.debug(a + b);", "console.error('DEBUG: ' + (a + b));"],
  ["util.log('a');", "console.log('%s - %s', new Date().toLocaleString(), 'a');"],
])("%s becomes %s", (before, expected) => {
  expect(within(before)).toBe(expected);
});

test.each([
  ["import util from 'util';\nutil.isArray(x);\n", "Array.isArray(x);\n"],
  ["import * as util from 'node:util';\nutil.isArray(x, y);\n", "Array.isArray(x, y);\n"],
  [
    "import { isArray, inspect } from 'util';\ninspect(isArray(x));\n",
    "import { inspect } from 'util';\ninspect(Array.isArray(x));\n",
  ],
  [
    "import { inspect, isArray as a } from 'util';\ninspect(a(x));\n",
    "import { inspect } from 'util';\ninspect(Array.isArray(x));\n",
  ],
  [
    "import util, { isArray } from 'util';\nutil.inspect(isArray(x));\n",
    "import util from 'util';\nutil.inspect(Array.isArray(x));\n",
  ],
  [
    "import util, { inspect } from 'util';\ninspect(util.isArray(x));\n",
    "import { inspect } from 'util';\ninspect(Array.isArray(x));\n",
  ],
  ["const { isArray: a } = require('util');\na(x);\n", "Array.isArray(x);\n"],
  [
    "const { isArray, inspect } = require('util');\ninspect(isArray(x));\n",
    "const { inspect } = require('util');\ninspect(Array.isArray(x));\n",
  ],
  ["const a = 1, util = require('util');\nutil.isArray(x);\n", "const a = 1;\nArray.isArray(x);\n"],
  ["const isArray = require('util').isArray;\nisArray(x);\n", "const isArray = Array.isArray;\nisArray(x);\n"],
  ["const util = await import('util');\nutil.isArray(x);\n", "Array.isArray(x);\n"],
  ["(await import('util')).default.isArray(x);", "Array.isArray(x);"],
  ["import('util').then(({ isArray }) => isArray(x));", "import('util').then(({ isArray }) => Array.isArray(x));"],
  ["process.getBuiltinModule('util').isArray(x);", "Array.isArray(x);"],
  [
    "import { createRequire } from 'module';\nconst load = createRequire(import.meta.url);\nload('util').isArray(x);",
    "import { createRequire } from 'module';\nconst load = createRequire(import.meta.url);\nArray.isArray(x);",
  ],
  ["const util = require('util'), u = util;\nu.isArray(x);\n", "const util = require('util');\nArray.isArray(x);\n"],
  ["const { isDate } = require('util');\nisDate(x);\n", "require('node:util').types.isDate(x);\n"],
  [
    "import { isError } from 'util';\na = isError(x);\n",
    "import util from 'node:util';\na = util.types.isNativeError(x) || x instanceof Error;\n",
  ],
  ["const sys = require('sys');\nsys.inspect(x);\n", "const sys = require('util');\nsys.inspect(x);\n"],
  ["import { inspect } from 'node:sys';", "import { inspect } from 'node:util';"],
  ["require('sys').puts('a');", "console.log('a');"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test("what TypeScript adds is read", () => {
  expect(after("import util = require('util');\nutil.isArray(x);\n", "a.ts")).toBe(
    "import util = require('util');\nArray.isArray(x);\n",
  );
  expect(after("import * as util from 'util';\nxs.filter(util.isString);\nutil.inspect;", "a.ts")).toContain(
    "xs.filter((value: unknown) => typeof value === 'string')",
  );
  expect(after("import { isArray } from 'util';\nlet a: typeof isArray;\nisArray(x);\n", "a.ts")).toBe(
    "import { isArray } from 'util';\nlet a: typeof isArray;\nArray.isArray(x);\n",
  );
});

test.each([
  "function f(util) { util.isArray(x); }",
  "const util = require('./util'); util.isArray(x);",
  "import util from 'core-util-is'; util.isArray(x);",
  "const util = require('util'); util.inherits(A, B); util.types.isDate(x);",
  "const debug = require('util').debug('http');",
  "util.isArray(x);",
  "function f(require) { require('util').isArray(x); }",
  "const { isArray = y } = require('util'); isArray(x);",
  "const util = require(`util`); util.isArray(x);",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  ["let util = require('util'); util = y; util.isArray(x);", "util is assigned to"],
  ["const util = require('util'); with (a) { util.isArray(x); }", "util may be shadowed by with or eval"],
  ["const util = require('util'); util.isArray = y;", "it is given a value here"],
  ["export { isArray } from 'util';", "it is exported to other files"],
  ["import { isArray } from 'util'; export { isArray };", "it is exported by its name"],
  ["const util = require('util'); { const Array = y; util.isArray(x); }", "Array is another one here"],
  ["const util = require('util'); util.isString(x, y);", "it is not called with one argument alone"],
  ["const util = require('util'); util.isString(...x);", "it is not called with one argument alone"],
  ["const util = require('util'); util.isString(/* a */ x);", "it is not called with one argument alone"],
  ["const util = require('util'); util.isObject(x());", "its argument would be computed twice"],
  ["const util = require('util'); xs.reduce(util._extend, {});", "only its calls can be replaced"],
  ["const util = require('util'); util._extend(a);", "it is not called with two arguments"],
  ["const util = require('util'); util.log(x);", "it formats what is not a string"],
  ["const util = require('util'); util?.isArray(x);", "it is read with ?."],
])("%s is refused: %s", (text, reason) => {
  expect(after(text)).toMatch(
    new RegExp(`^skipped: (?:util\\.\\w+ stays: )?${reason.replaceAll(/[.?()]/g, "\\$&")} \\(line 1\\)$`),
  );
});

test.each([
  ["f = (x) => { return!util.isNull(x); };", "f = (x) => { return x !== null; };"],
  ["if (a) b(); else!util.isNull(x)&&f();", "if (a) b(); else x !== null&&f();"],
  ["switch (a) { case!util.isString(x): f(); }", 'switch (a) { case typeof x !== "string": f(); }'],
])("a word before a negation stays a word: %s", (before, expected) => {
  expect(after(`const util = require("util");\n${before}\n`)).toBe(`${expected}\n`);
});

test.each([
  ["util.isError", "class Error {}\nf((x) => util.isError(x));", "Error is another one here", 3],
  ["util.isUndefined", "f((x, undefined) => util.isUndefined(x));", "undefined is another one here", 2],
  ["util.isUndefined", "f((undefined) => g(util.isUndefined));", "undefined is another one here", 2],
  ["util.isNull", "f\nutil.isNull([x]) || g();", "it would go on from the statement before", 3],
  ["util.isNull", "f\nutil.isNull({}) || g();", "it would go on from the statement before", 3],
  [
    "util.isArray",
    "f(util.isArray(x)); g(() => { util.isArray = h; });",
    "the file gives util.isArray another value",
    2,
  ],
])("%s stays in %s", (name, text, reason, line) => {
  const others = name === "util.isArray" ? ", and 1 more" : "";
  expect(after(`const util = require("util");\n${text}\n`)).toBe(
    `skipped: ${name} stays: ${reason} (line ${line}${others})`,
  );
});

test.each(["if (f === util.isString) g();", "switch (f) { case util.isString: g(); }"])(
  "a function that is compared stays itself: %s",
  (text) => {
    expect(after(`const util = require("util");\n${text}\n`)).toContain("it is compared");
  },
);

test.each([
  'function f() { return eval("util.inspect(1)"); }',
  "with (o) { util.inspect(1); }",
  "with (o) f(() => util);",
])("a name that %s may use is not taken away", (text) => {
  expect(after(`const util = require("util");\nx = util.isArray(y);\n${text}\n`)).toBe(
    `const util = require("util");\nx = Array.isArray(y);\n${text}\n`,
  );
});
