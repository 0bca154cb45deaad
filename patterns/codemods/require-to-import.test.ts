import { builtinModules, createRequire } from "node:module";
import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { hasBuiltinExport } from "./builtin-exports.ts";
import { requireToImport } from "./require-to-import.ts";

const after = (text: string, path = "a.mjs") => afterText({ ...requireToImport, preconditions: [] }, text, path);
const made = "import { createRequire } from 'module';\nconst require = createRequire(import.meta.url);\n";
const strict = "'use strict';\n";

test.each([
  ["const fs = require('fs');", "import fs from 'fs';"],
  ["var fs = require('node:fs')", "import fs from 'node:fs'"],
  ["const { join, resolve: r } = require('path');", "import { join, resolve as r } from 'path';"],
  ["const files = require('fs').promises;", "import { promises as files } from 'fs';"],
  ["require('fs');", "import 'fs';"],
  ["const fs = require('fs'), path = require('path');", "import fs from 'fs';\nimport path from 'path';"],
  ["const {} = require('fs');", "import {} from 'fs';"],
])("%s becomes %s", (before, expected) => {
  expect(after(made + before)).toBe(made + expected);
  expect(after(strict + before, "a.js")).toBe(strict + expected);
});

test("TypeScript gets a namespace where the module is read member by member", () => {
  expect(after("import 'a';\nconst fs = require('fs'); fs.statSync(a);", "a.ts")).toBe(
    "import 'a';\nimport * as fs from 'fs'; fs.statSync(a);",
  );
  expect(after("import 'a';\nconst assert = require('assert'); assert(a);", "a.ts")).toContain("may not be allowed");
});

test.each([
  ["a.mjs", `${made}function f() { const fs = require('fs'); }`],
  ["a.mjs", `${made}const a = require('./a.js'); const b = require('b');`],
  ["a.mjs", "function f(require) { const fs = require('fs'); }"],
  ["a.cjs", "'use strict'; const fs = require('fs');"],
  ["a.js", "'use strict'; const a = require('a');"],
  ["a.js", "export const fs = require('fs');"],
])("%s stays: %s", (path, text) => {
  expect(after(text, path)).toBe("unchanged");
});

test.each([
  ["let fs = require('fs'); fs = a;", "fs is assigned to"],
  ["const { a } = require('fs');", "fs may not export a"],
  ["const { isArray } = require('util');", "util may not export isArray"],
  ["const { join = a } = require('path');", "a pattern has defaults, a rest, or patterns inside"],
  ["const { join, ...rest } = require('path');", "a pattern has defaults, a rest, or patterns inside"],
  ["const fs = require('fs'), a = 1;", "the statement declares something else as well"],
  ["const fs = /* a */ require('fs');", "a comment stands in the statement"],
  ["jest.mock('fs'); const fs = require('fs');", "the file puts another module in the place of fs"],
])("%s is refused: %s", (text, reason) => {
  expect(after(made + text)).toBe(`skipped: ${reason} (line 3)`);
});

test.each([
  ["const fs = require('fs');", 'the script does not say "use strict", and may do otherwise as a module'],
  [`${strict}const fs = require('fs'); module.exports = fs;`, "the script uses module of CommonJS"],
  [`${strict}const fs = require('fs'); exports.a = 1;`, "the script uses exports of CommonJS"],
  [`${strict}const fs = require('fs'); fs.readFileSync(__dirname);`, "the script uses __dirname of CommonJS"],
  [`${strict}const fs = require('fs'); const a = require('a');`, "the script uses require of CommonJS"],
  [`${strict}const fs = require('fs'); require.resolve('a');`, "the script uses require of CommonJS"],
  [`${strict}const fs = require('fs'); this.a = 1;`, "the script uses this of CommonJS"],
  [`${strict}const fs = require('fs'); a = 1;`, "a is given a value, and declared nowhere"],
])("a script that cannot become a module is refused as a whole: %s", (text, reason) => {
  expect(after(text, "a.js")).toContain(`skipped: ${reason} (line `);
});

test("what a module cannot hold is refused by the parser", () => {
  expect(after(`${strict}const fs = require('fs'); return fs;`, "a.js")).toMatch(
    /^skipped: the result cannot be parsed/,
  );
});

test("a package that says commonjs is skipped", () => {
  const text = `${strict}const fs = require('fs');`;
  const [holds] = requireToImport.preconditions ?? [];
  expect(afterText(requireToImport, text)).toContain("import fs from 'fs'");
  expect(holds?.({ packageJson: { type: "commonjs" } }, "a.js")).toBe('the package says "type": "commonjs"');
  expect(holds?.({ packageJson: { type: "commonjs" } }, "a.mjs")).toBeNull();
});

test("every export that is taken for sure is there", async () => {
  const load = createRequire(import.meta.url);
  for (const module of builtinModules) {
    if (!hasBuiltinExport(module, "default") && module === "fs") expect(hasBuiltinExport("fs", "readFile")).toBe(true);
    const own: unknown = load(module);
    const names = typeof own === "object" && own !== null ? Object.keys(own) : [];
    for (const name of ["readFile", "join", "isArray", "a"]) {
      if (hasBuiltinExport(module, name)) expect(names).toContain(name);
    }
  }
});

test.each([
  ['function f() { eval("module.exports = fs"); }', "the script uses eval, which may use all of CommonJS"],
  ["f(() => { const await = 1; });", "await is no name in a module"],
])("a script with %s stays", (text, reason) => {
  expect(after(`"use strict";\nconst fs = require("fs");\n${text}\n`, "a.js")).toBe(`skipped: ${reason} (line 3)`);
});

test("a member that the file replaces is not imported, since an import would bring the one from before", () => {
  const text = '"use strict";\nconst fs = require("fs");\nfs.statSync = f;\nconst { statSync } = require("fs");\n';
  expect(after(text, "a.js")).toBe("skipped: the file gives fs.statSync another value (line 4)");
});

test("a semicolon that guards the next line stays before it", () => {
  expect(after('"use strict"\nconst fs = require("fs")\n;[1].forEach(fs.close)\n', "a.js")).toBe(
    '"use strict"\nimport fs from "fs"\n;[1].forEach(fs.close)\n',
  );
});
