import { expect, test } from "vitest";
import { applySplices, inTextOrder } from "../engine/splices.ts";
import type { CrossFileScan } from "./cross-file-codemod.ts";
import { renameExport } from "./rename-export.ts";
import { createSourceSet } from "./source-set.ts";

async function rename(files: Record<string, string>, settings: Record<string, string> = {}) {
  const sources = createSourceSet(new Map(Object.entries(files)));
  const scan = await renameExport.scan({
    sources,
    folder: "",
    settings: { file: "f.ts", from: "a", to: "b", ...settings },
  });
  return { scan, changed: resultOf(files, scan) };
}

function resultOf(files: Record<string, string>, { rewrites }: CrossFileScan): Record<string, string> {
  const changed = [...rewrites].map(([path, found]) => [
    path,
    applySplices(files[path] ?? "", inTextOrder(found.flatMap(({ splices }) => splices))),
  ]);
  return Object.fromEntries(changed);
}

test("the name changes wherever the export is used, and nowhere else", async () => {
  const { scan, changed } = await rename({
    "f.ts": "export function a() { return 1; }\nexport const o = { a };\nconst z = a();\n",
    "plain.ts": "import { a } from './f';\nconst x = { a }; x.a; a();\nfunction q(a) { return a; }\nexport { a };\n",
    "alias.ts": "import { a as c } from './f.js';\nc();\n",
    "star.ts": "export * from './f';\n",
    "stars.ts": "export * from './star.ts';\n",
    "far.tsx": "import { a } from './stars';\nexport const e = <A on={a} a={1} />;\n",
    "named.ts": "export { a } from './star';\nexport { a as q } from './f';\n",
    "further.ts": "import { a } from './named';\na();\n",
    "space.ts": "import * as ns from './star';\nns.a(); ns['a']();\nconst { a } = ns;\na();\n",
    "later.ts":
      "const { a } = await import('./f');\na();\n(await import('./f')).a();\nimport('./f').then(({ a }) => a());\nimport('./f').then((m) => m.a());\n",
    "types.ts": "type T = typeof import('./f').a;\n",
    "other.ts": "import { a } from './g';\na();\n",
    "g.ts": "export const a = 1;\n",
  });
  expect(scan.refusals).toEqual([]);
  expect(changed).toEqual({
    "f.ts": "export function b() { return 1; }\nexport const o = { a: b };\nconst z = b();\n",
    "plain.ts":
      "import { b } from './f';\nconst x = { a: b }; x.a; b();\nfunction q(a) { return a; }\nexport { b as a };\n",
    "alias.ts": "import { b as c } from './f.js';\nc();\n",
    "far.tsx": "import { b } from './stars';\nexport const e = <A on={b} a={1} />;\n",
    "named.ts": "export { b as a } from './star';\nexport { b as q } from './f';\n",
    "space.ts": "import * as ns from './star';\nns.b(); ns['b']();\nconst { b: a } = ns;\na();\n",
    "later.ts":
      "const { b: a } = await import('./f');\na();\n(await import('./f')).b();\nimport('./f').then(({ b: a }) => a());\nimport('./f').then((m) => m.b());\n",
    "types.ts": "type T = typeof import('./f').b;\n",
  });
});

const typesOnly = /^export (?:interface|type)/;

test.each([
  ["export const a = 1, c = a;", "export const b = 1, c = b;"],
  ["const x = 1;\nexport { x as a };", "const x = 1;\nexport { x as b };"],
  ["const a = 1;\nexport { a };", "const a = 1;\nexport { a as b };"],
  ["export { a } from './g';", "export { a as b } from './g';"],
  ["export class a { static me = a; }", "export class b { static me = b; }"],
  ["export interface a { a: a }", "export interface b { a: b }"],
  ["export type a = 'a';", "export type b = 'a';"],
  ["export enum a { a }\na.a;", "export enum b { a }\nb.a;"],
])("%s is renamed where it is declared", async (before, after) => {
  const use = (name: string) =>
    typesOnly.test(before)
      ? `import { type ${name} } from './f';\ntype X = ${name};\n`
      : `import { ${name} } from './f';\nuse(${name});\n`;
  const { scan, changed } = await rename({ "f.ts": before, "g.ts": "export const a = 1;\n", "user.ts": use("a") });
  expect(scan.refusals).toEqual([]);
  expect(changed).toEqual({ "f.ts": after, "user.ts": use("b") });
});

test.each<[string, Record<string, string>, RegExp, Record<string, string>?]>([
  [
    "a file has the new name",
    { "u.ts": "import { a } from './f';\nconst b = a;\n" },
    /u\.ts:31 .*has the name b already/,
  ],
  [
    "the module itself has it",
    { "f.ts": "export const a = 1;\nfunction g(b) { return a + b; }\n" },
    /f\.ts:.*has the name b/,
  ],
  ["a module is loaded by require", { "u.ts": "const { a } = require('./f');\n" }, /u\.ts:.*by require/],
  ["a mock names it", { "u.test.ts": "vi.mock('./f', () => ({ a: 1 }));\n" }, /u\.test\.ts:.*as a mock/],
  ["a namespace is handed on", { "u.ts": "import * as ns from './f';\nuse(ns);\n" }, /u\.ts:.*handed on/],
  ["an import() is handed on", { "u.ts": "use(import('./f'));\n" }, /u\.ts:.*handed on/],
  ["a namespace is exported", { "u.ts": "export * as ns from './f';\n" }, /u\.ts:.*exported as a namespace/],
  ["a load is computed", { "u.ts": "import(name).then((m) => m.a);\n" }, /u\.ts:.*only the running program/],
  ["a component may use it", { "u.vue": "<script>import { a } from './f'</script>" }, /u\.vue:.*cannot be read/],
  ["a broken file may use it", { "u.ts": "import { a } from './f'; (\n" }, /u\.ts:.*parse error/],
  ["a generated file uses it", { "u.ts": "// @generated\nimport { a } from './f';\n" }, /u\.ts:.*generated/],
  ["an escape hides it", { "u.ts": "import { \\u0061 } from './f';\n" }, /u\.ts:.*escape/],
  [
    "the package shows it",
    { "package.json": '{ "exports": { ".": "./dist/f.js" } }', "f.ts": "", "src/f.ts": "export const a = 1;" },
    /src\/f\.ts:.*shows this module/,
    { file: "src/f.ts" },
  ],
  [
    "an entry passes it on",
    { "package.json": "{}", "index.ts": "export * from './f';\n" },
    /index\.ts:.*shows this module/,
  ],
  [
    "another export takes its place",
    {
      "s.ts": "export * from './f';\nexport * from './g';\n",
      "g.ts": "export const b = 2;\n",
      "u.ts": "import { a } from './s';\n",
    },
    /s\.ts:.*passed on here has the name b/,
  ],
  ["the chain exports the new name", { "s.ts": "export * from './f';\nexport const b = 2;\n" }, /s\.ts:.*of its own/],
  [
    "what else the chain holds is not known",
    { "s.ts": "export * from './f';\nexport * from 'lib';\n" },
    /s\.ts:.*may have it/,
  ],
  ["it is not exported", { "f.ts": "const a = 1;\n" }, /exports no a/],
])("nothing is renamed where %s", async (_, files, message, settings = {}) => {
  const { scan } = await rename({ "f.ts": "export const a = 1;\n", ...files }, settings);
  expect(scan.rewrites.size).toBe(0);
  expect(scan.refusals.map(({ path, at, reason }) => `${path}:${at} ${reason}`).join("\n")).toMatch(message);
});

test.each([
  [{ file: "g.ts" }, /is no module/],
  [{ to: "class" }, /"class" is no name/],
  [{ to: "x-y" }, /"x-y" is no name/],
  [{ to: "a" }, /both a/],
  [{ public: "yes" }, /allow or refuse/],
])("the settings %j are not understood", async (settings, message) => {
  await expect(rename({ "f.ts": "export const a = 1;\n" }, settings)).rejects.toThrow(message);
});
