import { expect, test } from "vitest";
import { applySplices, inTextOrder } from "../engine/splices.ts";
import { defaultToNamedExport } from "./default-to-named-export.ts";
import { createSourceSet } from "./source-set.ts";

async function convert(files: Record<string, string>, settings: Record<string, string> = {}, folder = "") {
  const sources = createSourceSet(new Map(Object.entries(files)));
  const { rewrites, refusals } = await defaultToNamedExport.scan({ sources, folder, settings });
  const changed = [...rewrites].map(([path, found]) => [
    path,
    applySplices(files[path] ?? "", inTextOrder(found.flatMap(({ splices }) => splices))),
  ]);
  const reasons = refusals.map(({ path, reason }) => `${path}: ${reason}`);
  return { changed: Object.fromEntries(changed), reasons };
}

test.each([
  ["export default function f() {}", "export function f() {}"],
  ["export default async function* f() {}", "export async function* f() {}"],
  ["export  default\nclass f {}", "export class f {}"],
  ["export default abstract class f {}", "export abstract class f {}"],
  ["const f = 1;\nexport default f;\n", "const f = 1;\nexport { f };\n"],
  ["import { f } from './g';\nexport default f", "import { f } from './g';\nexport { f }"],
  ["export const f = 1;\nexport default f;\r\nf;\n", "export const f = 1;\nf;\n"],
])("%j becomes a named export", async (before, after) => {
  const { changed, reasons } = await convert({ "f.ts": before, "u.ts": "import f from './f';\n" });
  expect(reasons).toEqual([]);
  expect(changed).toEqual({ "f.ts": after, "u.ts": "import { f } from './f';\n" });
});

test.each([
  ["import g from './f.js';", "import { f as g } from './f.js';"],
  ["import g, { h } from './f';", "import { f as g, h } from './f';"],
  ["import f,{h} from './f';", "import { f,h} from './f';"],
  ["import type f from './f';", "import type { f } from './f';"],
  ["import { default as f, h } from './f';", "import { f, h } from './f';"],
  ["import { type default as g } from './f';", "import { type f as g } from './f';"],
  ["export { default } from './f';", "export { f as default } from './f';"],
  ["export { default as f, h } from './f';", "export { f, h } from './f';"],
  ["export { default as g } from './f';\nexport * from './g';", "export { f as g } from './f';\nexport * from './g';"],
  ["import * as ns from './f';\nns.default(ns.h);", "import * as ns from './f';\nns.f(ns.h);"],
  ["import * as ns from './f';\nconst { default: g } = ns;", "import * as ns from './f';\nconst { f: g } = ns;"],
  [
    "import * as ns from './f';\nlet a: ns.default;\n<ns.default />;",
    "import * as ns from './f';\nlet a: ns.f;\n<ns.f />;",
  ],
  ["(await import('./f')).default();", "(await import('./f')).f();"],
  ["const { default: g, h } = await import('./f');", "const { f: g, h } = await import('./f');"],
  ["const m = await import('./f');\nm.default(m.h);", "const m = await import('./f');\nm.f(m.h);"],
  ["import('./f').then((m) => m.default);", "import('./f').then((m) => m.f);"],
  ["import('./f').then(({ default: g }) => g);", "import('./f').then(({ f: g }) => g);"],
  ["type G = typeof import('./f').default;", "type G = typeof import('./f').f;"],
])("%s takes the named export", async (before, after) => {
  const files = { "f.ts": "export default function f() {}\nexport const h = 1;\n", "g.ts": "export const q = 1;\n" };
  const { changed, reasons } = await convert({ ...files, "u.tsx": before });
  expect(reasons).toEqual([]);
  expect(changed["u.tsx"]).toBe(after);
});

const f = "export default function f() {}\n";
const use = "import f from './f';\n";

test.each<[string, Record<string, string>, RegExp]>([
  ["has no name", { "f.ts": "export default () => 1;\n" }, /no name of its own/],
  ["is assigned to", { "f.ts": "let f = 1;\nexport default f;\nf = 2;\n" }, /f is assigned to/],
  [
    "is overloaded",
    { "f.ts": "export default function f(a: 1): void;\nexport default function f(a) {}\n" },
    /more than once/,
  ],
  ["clashes", { "f.ts": "const x = 1;\nexport default function f() {}\nexport { x as f };\n" }, /another f/],
  ["is imported nowhere", { "u.ts": "" }, /nothing in sight imports/],
  ["is loaded by require", { "v.cjs": "require('./f').default();\n" }, /v\.cjs.*loaded by require/],
  ["is mocked", { "f.test.ts": "vi.mock('./f', () => ({ default: 1 }));\n" }, /a call names here/],
  ["is handed on", { "v.tsx": "const A = React.lazy(() => import('./f'));\n" }, /handed on with its whole module/],
  ["is handed on by name", { "v.ts": "import * as ns from './f';\nuse(ns);\n" }, /handed on with its whole module/],
  ["would be passed on", { "v.ts": "export * from './f';\n" }, /would be passed on here/],
  ["is in a namespace", { "v.ts": "export * as ns from './f';\n" }, /within a namespace/],
  ["is imported with a namespace", { "v.ts": "import g, * as ns from './f';\n" }, /together with its namespace/],
  ["is used in a generated file", { "v.ts": "// @generated\nimport f from './f';\n" }, /generated/],
  ["is used in a broken file", { "v.ts": "import f from './f'; (\n" }, /v\.ts.*parse error/],
  ["is used in a component", { "v.vue": "<script>import f from './f'</script>" }, /v\.vue.*no module/],
  ["may be loaded by a computed name", { "v.ts": "import(name);\n" }, /loads=ignore/],
  ["may be loaded by a bundler", { "v.ts": "import.meta.glob('./*.ts');\n" }, /loads=ignore/],
  ["is shown by the package", { "package.json": '{ "main": "./lib/f.js" }' }, /shows this module/],
])("a default export stays where it %s", async (_, files, reason) => {
  const { changed, reasons } = await convert({ "f.ts": f, "u.ts": use, ...files });
  expect(changed).toEqual({});
  expect(reasons.join("\n")).toMatch(reason);
});

test("only the named folder's default exports change, with their uses in the whole root, and settings let more of them change", async () => {
  const files = {
    "package.json": '{ "main": "./dist/a/f.js" }',
    "src/a/f.ts": f,
    "src/b/f.ts": f,
    "u.ts": "import f from './src/a/f';\nimport g from './src/b/f';\nimport(name);\n",
  };
  const { changed } = await convert(files, { public: "allow", loads: "ignore" }, "src/a/");
  expect(changed).toEqual({
    "src/a/f.ts": "export function f() {}\n",
    "u.ts": "import { f } from './src/a/f';\nimport g from './src/b/f';\nimport(name);\n",
  });
  await expect(convert(files, { public: "yes" })).rejects.toThrow(/public is allow or left out/);
});

test("mapped names lead to their module, and a second scan finds nothing", async () => {
  const files = {
    "tsconfig.json":
      '{ "compilerOptions": { "paths": { "~/*": ["./src/*"], "eff": ["./src/f.ts"] } } } // with a comment',
    "src/f.ts": f,
    "u.ts": "import f from '~/f';\nimport g from 'eff';\n",
  };
  const { changed } = await convert(files);
  expect(changed).toMatchObject({ "u.ts": "import { f } from '~/f';\nimport { f as g } from 'eff';\n" });
  expect((await convert({ ...files, ...changed })).changed).toEqual({});
});
