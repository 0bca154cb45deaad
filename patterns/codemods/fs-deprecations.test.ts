import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { fsDeprecations } from "./fs-deprecations.ts";

const after = (text: string, path?: string) => afterText(fsDeprecations, text, path);
const fs = "const fs = require('fs'); ";

test.each([
  ["fs.access(a, fs.F_OK | fs.R_OK, b);", "fs.access(a, fs.constants.F_OK | fs.constants.R_OK, b);"],
  ["fs['X_OK'];", "fs.constants['X_OK'];"],
  ["const W = fs.W_OK; fs.accessSync(a, W);", "const W = fs.constants.W_OK; fs.accessSync(a, W);"],
  ["fs.rmdir(a, { recursive: true }, b);", "fs.rm(a, { recursive: true }, b);"],
  ["fs.rmdirSync(a, { maxRetries: 3, 'recursive': true });", "fs.rmSync(a, { maxRetries: 3, 'recursive': true });"],
  ["await fs.promises.rmdir(a, { recursive: true });", "await fs.promises.rm(a, { recursive: true });"],
])("%s becomes %s", (before, expected) => {
  const wrap = (text: string) => (text.startsWith("await") ? `${fs}async () => { ${text} };` : fs + text);
  expect(after(wrap(before))).toBe(wrap(expected));
});

test.each([
  [
    "import { access, F_OK } from 'fs';\naccess(a, F_OK);\n",
    "import { access } from 'fs';\nimport fs from 'node:fs';\naccess(a, fs.constants.F_OK);\n",
  ],
  [
    "import fs, { R_OK } from 'node:fs';\nfs.access(a, R_OK);\n",
    "import fs from 'node:fs';\nfs.access(a, fs.constants.R_OK);\n",
  ],
  [
    "const { F_OK, access } = require('fs');\naccess(a, F_OK);\n",
    "const { access } = require('fs');\naccess(a, require('node:fs').constants.F_OK);\n",
  ],
  [
    "import * as p from 'fs/promises';\nawait p.rmdir(a, { recursive: true });",
    "import * as p from 'fs/promises';\nawait p.rm(a, { recursive: true });",
  ],
  ["import('fs').then((m) => m.F_OK);", "import('fs').then((m) => m.constants.F_OK);"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  "fs.rmdir(a, b);",
  "fs.rmdir(a, () => {});",
  "fs.rmdirSync(a, { recursive: false });",
  "fs.constants.F_OK;",
  "fs.rmdirSync(a, options);",
  "xs.forEach(fs.rmdirSync);",
  "const other = require('graceful-fs'); other.F_OK;",
  "(fs) => fs.F_OK;",
])("%s is left alone", (text) => {
  expect(after(fs + text)).toBe("unchanged");
});

test.each([
  ["fs.rmdir(a, options, b);", "fs.rmdir stays: its options are not written here"],
  ["fs.rmdirSync(a, { ...b, recursive: true });", "fs.rmdirSync stays: its options are not all written here"],
  ["fs.rmdirSync(a, { recursive: b });", "fs.rmdirSync stays: whether it is recursive is not written here"],
  ["fs.F_OK = 1;", "fs.F_OK stays: it is given a value here"],
  [
    "const { rmdirSync } = fs; rmdirSync(a, { recursive: true });",
    "fs.rmdirSync stays: it is not called as a member of fs",
  ],
])("%s is refused: %s", (text, reason) => {
  expect(after(fs + text)).toBe(`skipped: ${reason} (line 1)`);
});
