import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { fsPromises } from "./fs-promises.ts";

const after = (text: string, path?: string) => afterText(fsPromises, text, path);
const fs = "const fs = require('fs'); ";
const wrap = (callback: string, call = "fs.readFile(a, 'utf8', ") =>
  `${fs}x = new Promise((resolve, reject) => ${call}${callback}));`;
const wrapped = `${fs}x = fs.promises.readFile(a, 'utf8');`;

test.each([
  [
    "const fs = require('fs');\nconst { promisify } = require('util');\nconst read = promisify(fs.readFile);\n",
    "const fs = require('fs');\nconst read = fs.promises.readFile;\n",
  ],
  [
    "import * as fs from 'node:fs';\nimport util from 'util';\nutil.promisify(fs.stat)(a);\nutil.b;\n",
    "import * as fs from 'node:fs';\nimport util from 'util';\nfs.promises.stat(a);\nutil.b;\n",
  ],
  [
    "const { readFile } = require('fs');\nconst read = require('util').promisify(readFile);\n",
    "const read = require('node:fs/promises').readFile;\n",
  ],
  ["const fs = require('fs').promises;", "const fs = require('fs/promises');"],
  ["const { readFile } = require('node:fs').promises;", "const { readFile } = require('node:fs/promises');"],
  ["import { promises as fs } from 'fs'; fs.readFile(a);", "import fs from 'fs/promises'; fs.readFile(a);"],
  ['import { promises } from "node:fs";', 'import promises from "node:fs/promises";'],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  "(error, data) => error ? reject(error) : resolve(data)",
  "(error, data) => { if (error) reject(error); else resolve(data); }",
  "(error, data) => { if (error) { reject(error); } else { resolve(data); } }",
  "(error, data) => { if (error) return reject(error); resolve(data); }",
  "function (e, d) { if (e) { return reject(e); } return resolve(d); }",
  "(error, data) => { if (error) { reject(error); return; } resolve(data); }",
])("a promise that waits for the callback %s is the one of fs", (callback) => {
  expect(after(wrap(callback))).toBe(wrapped);
});

test("promises that wait for promises of fs are taken all at once", () => {
  const inner = "new Promise((resolve, reject) => fs.mkdtemp(b, (e, d) => e ? reject(e) : resolve(d)))";
  expect(after(wrap("(e, d) => e ? reject(e) : resolve(d)", `fs.readFile(${inner}, `))).toBe(
    `${fs}x = fs.promises.readFile(fs.promises.mkdtemp(b));`,
  );
});

test("a callback without a value gives a promise without one", () => {
  expect(after(wrap("(e) => e ? reject(e) : resolve()", "fs.unlink(a, "))).toBe(`${fs}x = fs.promises.unlink(a);`);
  expect(after(`${fs}new Promise((a, b) => { fs.writeFile(c, d, (e) => { if (e) b(e); else a(); }); }).then(f);`)).toBe(
    `${fs}fs.promises.writeFile(c, d).then(f);`,
  );
});

test.each([
  wrap("(error, data) => error ? reject(error) : resolve(data.length)"),
  wrap("(error, data) => { log(data); if (error) reject(error); else resolve(data); }"),
  wrap("(error, data) => { if (error) reject(error); resolve(data); }"),
  wrap("(error, data) => { if (error) return reject(new Error('a')); resolve(data); }"),
  wrap("(error, data) => !error ? reject(error) : resolve(data)"),
  wrap("(error, data) => { resolve(data); }"),
  wrap("async (error, data) => error ? reject(error) : resolve(data)"),
  wrap("(error, data) => error ? reject(error) : resolve(data)", "fs.open(a, "),
  wrap("(error, data) => error ? reject(error) : resolve(data)", "fs.realpath(a, "),
  wrap("(error, data) => error ? reject(error) : resolve(data)", "fs.readFile(resolve, "),
  wrap("(reject, data) => reject ? reject(reject) : resolve(data)"),
  `${fs}fs.readFile(a, (error, data) => f(data)); Promise;`,
  `${fs}util.promisify(fs.readFile);`,
  `${fs}const { promisify } = require('util'); promisify(fs.exists); promisify(fs.read); promisify(g);`,
  "const fs = require('graceful-fs'); const { promisify } = require('util'); promisify(fs.readFile); 'fs';",
  "import fs, { promises } from 'fs';",
  "(fs) => { const { promisify } = require('util'); promisify(fs.readFile); }; 'fs';",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test("TypeScript keeps its import of promises, since a default import may not be allowed", () => {
  expect(after("import { promises as fs } from 'fs'; fs.readFile(a);", "a.ts")).toBe("unchanged");
});

test.each([
  [`jest.mock('fs'); const p = require('fs').promises;`, "fs stays: a test puts another module in its place"],
  [`${fs}x = new Promise((a, b) => fs.stat(c, /* d */ (e, f) => e ? b(e) : a(f)));`, null],
  [wrap("(e, d) => e ? reject(e) : resolve(d) /* a */"), "the promise stays: a comment would go"],
  [wrap("(e, d) => e ? reject(e) : resolve(d)", "fs.readFile(...a, "), "the promise stays: an argument is spread"],
])("%s: %s", (text, reason) => {
  expect(after(text)).toBe(reason === null ? `${fs}x = fs.promises.stat(c);` : `skipped: ${reason} (line 1)`);
});

const settled = "(e, d) => e ? reject(e) : resolve(d)";

test.each(["fs.readFile(o.path, ", "fs.readFile(join(a), ", "fs.readFile(a + b, ", "fs.readFile({ get a() {} }[b], "])(
  "%s may throw, which a promise by hand turns into a rejection",
  (call) => {
    const reason = "the promise stays: it is rejected where an argument throws, and a call would throw";
    expect(after(wrap(settled, call))).toBe(`skipped: ${reason} (line 1)`);
  },
);

test.each(["o.path", "join(a)"])("right behind await it makes no difference that %s may throw", (argument) => {
  const promise = `new Promise((resolve, reject) => fs.readFile(${argument}, ${settled}))`;
  expect(after(`${fs}async () => { try { await ${promise}; } catch {} };`)).toBe(
    `${fs}async () => { try { await fs.promises.readFile(${argument}); } catch {} };`,
  );
});

test.each(["a", "'a' + 1", "__dirname + '/a'", "{ flag: 'r', a }", "[a, () => b.c]"])("%s cannot throw", (argument) => {
  expect(after(wrap(settled, `fs.readFile(${argument}, `))).toBe(`${fs}x = fs.promises.readFile(${argument});`);
});

test.each(["readFile", "mkdir"])("a promise without a value stays, where that of %s has one", (name) => {
  const reason = "the promise stays: it gives nothing, where fs.promises gives a value";
  expect(after(wrap("(e) => e ? reject(e) : resolve()", `fs.${name}(a, `))).toBe(`skipped: ${reason} (line 1)`);
  const thrownAway = `${fs}new Promise((a, b) => fs.${name}(c, (e) => e ? b(e) : a()));`;
  expect(after(thrownAway)).toBe(`${fs}fs.promises.${name}(c);`);
});

test("a new import takes the place of one that goes", () => {
  const text =
    'import { promisify } from "util";\nimport { readFile } from "fs";\nexport const r = promisify(readFile);\n';
  expect(after(text, "a.mjs")).toBe('import fs from "node:fs";\nexport const r = fs.promises.readFile;\n');
});
