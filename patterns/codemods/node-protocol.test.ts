import { expect, test } from "vitest";
import { checkText, transformText } from "../engine/run-codemod.ts";
import { nodeProtocol } from "./node-protocol.ts";

function after(text: string, path = "a.js"): string {
  const result = transformText(nodeProtocol, path, text);
  if (result.status === "skipped") return `skipped: ${result.reason}`;
  return result.status === "changed" ? result.after : "unchanged";
}

test.each([
  ["import fs from 'fs';", "import fs from 'node:fs';"],
  ['import fs from "fs"', 'import fs from "node:fs"'],
  ["import {} from 'fs'", "import {} from 'node:fs'"],
  ["import 'fs';", "import 'node:fs';"],
  ["import json from 'fs' with { type: 'fs' };", "import json from 'node:fs' with { type: 'fs' };"],
  ["export { a as default } from 'fs';", "export { a as default } from 'node:fs';"],
  ["export * from 'fs';", "export * from 'node:fs';"],
  ["import('fs').then(f);", "import('node:fs').then(f);"],
  ["const a = require('fs');", "const a = require('node:fs');"],
  ["const a = require?.('fs');", "const a = require?.('node:fs');"],
  ["const a = require( /* x */ 'fs' , );", "const a = require( /* x */ 'node:fs' , );"],
  ["require('fs').promises, require('stream/web');", "require('node:fs').promises, require('node:stream/web');"],
  ["return require('fs');", "return require('node:fs');"],
  ["const 𝒳 = '😀'; require('fs'); '𝒳';", "const 𝒳 = '😀'; require('node:fs'); '𝒳';"],
  ["#!/usr/bin/env node\r\nrequire('fs')\r\nx\n", "#!/usr/bin/env node\r\nrequire('node:fs')\r\nx\n"],
  ["function f(x) { return require('fs'); }", "function f(x) { return require('node:fs'); }"],
  ["{ const require = String; } require('fs');", "{ const require = String; } require('node:fs');"],
  ["class A { require() { return require('fs'); } }", "class A { require() { return require('node:fs'); } }"],
  ["({ require: require('fs') });", "({ require: require('node:fs') });"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  ["a parameter", "function f(require) { require('fs'); }"],
  ["a parameter with a default", "(require = x) => require('fs');"],
  ["a destructured parameter", "(({ a: [require] }) => require('fs'))"],
  ["a rest parameter", "(...require) => require('fs')"],
  ["the name of the function itself", "(function require() { require('fs'); })"],
  ["a variable that is hoisted", "function f() { require('fs'); if (x) { var require; } }"],
  ["a function in a block, hoisted in sloppy code", "function f() { { function require() {} } require('fs'); }"],
  ["a class", "{ class require {} require('fs'); }"],
  ["a loop variable", "for (const require of x) require('fs');"],
  ["a caught error", "try {} catch (require) { require('fs'); }"],
  ["a name in a switch", "switch (1) { case 1: let require; case 2: require('fs'); }"],
  ["an import", "import require from 'x'; require('fs');"],
  ["something assigned to", "require = require('esm')(module); require('fs');"],
  ["something destructured into", "({ require } = x); require('fs');"],
])("a require that is %s is not the host's", (_, text) => {
  expect(after(text)).toBe("unchanged");
});

test("a require that TypeScript only declares is the host's", () => {
  expect(after("declare const require: any; require('fs');", "a.ts")).toContain("node:fs");
  expect(after("interface require {} type fs = 1; require('fs');", "a.ts")).toContain("node:fs");
  expect(after("import type require from 'x'; require('fs');", "a.ts")).toContain("node:fs");
});

test("a require that TypeScript's own constructs declare is not the host's", () => {
  expect(after("import require = x.y; require('fs');", "a.ts")).toBe("unchanged");
  expect(after("enum E { require = 1, b = require('fs') }", "a.ts")).toBe("unchanged");
  expect(after("namespace require.inner { } require('fs');", "a.ts")).toBe("unchanged");
  expect(after("class A { constructor(private require: R) { require('fs'); } }", "a.ts")).toBe("unchanged");
});

test("a name that with or a sloppy direct eval may bring in is refused with the reason", () => {
  const reason = "skipped: require may be shadowed by with or eval (line 1)";
  expect(after("with (x) { require('fs'); }")).toBe(reason);
  expect(after("function f() { eval(x); return () => require('fs'); }")).toBe(reason);
  expect(after("function f() { eval(x); } require('fs');")).toContain("node:fs");
  expect(after("import 'x'; eval(x); require('fs');")).toContain("node:fs");
});

test.each([
  "jest.mock('fs');",
  "vi.mock('fs');",
  "require.resolve('fs');",
  "module.require('fs');",
  "require(`fs`);",
  "import(`fs`);",
  "require('fs', 'os');",
  "require(...['fs']);",
  "require('f' + 's', 'fs');",
  "import x from 'fs/';",
  "import x from 'node:fs';",
  "define(['fs'], f);",
  "const fs = 'fs';",
  "/* require('fs') */",
  "`require('fs')`",
  "import a from 'test'; 'fs';",
  "import a from './fs'; 'fs';",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test("a specifier with an escape is refused rather than cut in two, and says so", () => {
  expect(after("import a from 'fs';\nimport b from '\\x6fs';")).toBe(
    "import a from 'node:fs';\nimport b from '\\x6fs';",
  );
  expect(after("'os';\nrequire('\\x66s');")).toBe("skipped: the specifier is written with an escape (line 2)");
  expect(after("'os';\nrequire('f\\\ns');")).toBe("skipped: the specifier is written with an escape (line 2)");
});

test("findings name the line and what is wanted", () => {
  expect(checkText(nodeProtocol, "a.js", "x;\r\n\r\nrequire('fs')\nrequire('os')")).toEqual([
    { pattern: "node-protocol", path: "a.js", line: 3, message: "fs is a built-in module: node:fs" },
    { pattern: "node-protocol", path: "a.js", line: 4, message: "os is a built-in module: node:os" },
  ]);
});
