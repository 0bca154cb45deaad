/** The files of a small CommonJS package without dependencies, whose tests run by `npm test`. */
export const samplePackage: Readonly<Record<string, string>> = {
  "package.json": `${JSON.stringify(
    { name: "sample", version: "1.0.0", private: true, scripts: { test: "node --test test/sample.test.js" } },
    null,
    2,
  )}\n`,
  "package-lock.json": `${JSON.stringify(
    {
      name: "sample",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: { "": { name: "sample", version: "1.0.0" } },
    },
    null,
    2,
  )}\n`,
  "README.md": "# sample\n",
  "src/paths.js": 'const path = require("path");\n\nexports.joined = (...parts) => path.join(...parts);\n',
  "src/greet.js": 'exports.greet = (name) => "Hello " + name;\n',
  "src/count.js":
    "exports.count = (list) => {\n  let total = 0;\n  for (const _ of list) total += 1;\n  return total;\n};\n",
  "test/sample.test.js": `const { test } = require("node:test");
const assert = require("node:assert");
const { joined } = require("../src/paths.js");
const { greet } = require("../src/greet.js");
const { count } = require("../src/count.js");

test("joins", () => assert.equal(joined("a", "b"), "a/b"));
test("greets", () => assert.match(greet("Ada"), /^Hello,? Ada!?$/));
test("counts", () => assert.equal(count([1, 2]), 2));
`,
};
