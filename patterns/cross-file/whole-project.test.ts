import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { applySplices, inTextOrder } from "../engine/splices.ts";
import type { CrossFileCodemod } from "./cross-file-codemod.ts";
import { defaultToNamedExport } from "./default-to-named-export.ts";
import { loadProject } from "./load-project.ts";
import { renameExport } from "./rename-export.ts";
import { createSourceSet } from "./source-set.ts";

const names = ["a", "c", "d"] as const;
const modules = ["m0.ts", "m1.tsx", "in/index.ts", "in/m2.ts", "m3.mts"] as const;
const specifiers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": { "m0.ts": "./m0", "m1.tsx": "./m1", "in/index.ts": "./in", "in/m2.ts": "./in/m2.js", "m3.mts": "./m3.mjs" },
  "in/": { "m0.ts": "../m0.ts", "m1.tsx": "../m1", "in/index.ts": ".", "in/m2.ts": "./m2", "m3.mts": "../m3.mjs" },
};

const name = fc.constantFrom(...names);
const module = fc.constantFrom(...modules);

/** One statement as a function of how the file names other modules, and of its place, which makes its names its own. */
type Statement = (to: (path: string) => string, at: number) => string;
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.tuple(name, module).map(
    ([n, m]): Statement =>
      (to, at) =>
        `import { ${n} as i${at} } from "${to(m)}";\ni${at};`,
  ),
  fc.tuple(name, module).map(
    ([n, m]): Statement =>
      (to, at) =>
        `import { ${n} } from "${to(m)}";\nconst o${at} = { ${n} }; o${at}.${n};`,
  ),
  fc.tuple(name, name, module).map(
    ([n, p, m]): Statement =>
      (to) =>
        `export { ${n} as ${p}2 } from "${to(m)}";`,
  ),
  fc.tuple(name, module).map(
    ([n, m]): Statement =>
      (to) =>
        `export { ${n} } from "${to(m)}";`,
  ),
  module.map(
    (m): Statement =>
      (to) =>
        `export * from "${to(m)}";`,
  ),
  fc.tuple(name, module).map(
    ([n, m]): Statement =>
      (to, at) =>
        `import * as n${at} from "${to(m)}";\nn${at}.${n}; n${at}.default;`,
  ),
  fc.tuple(name, module).map(
    ([n, m]): Statement =>
      (to, at) =>
        `const { ${n}: v${at} } = await import("${to(m)}");`,
  ),
  name.map(
    (n): Statement =>
      (_, at) =>
        `function f${at}(${n}: number) { return ${n}; }`,
  ),
  module.map(
    (m): Statement =>
      (to, at) =>
        `import e${at} from "${to(m)}";\ne${at}();`,
  ),
  module.map(
    (m): Statement =>
      (to, at) =>
        `import { default as h${at}, a as x${at} } from "${to(m)}";\nh${at}(x${at});`,
  ),
);

const project = fc
  .tuple(...modules.map(() => fc.tuple(fc.subarray([...names]), fc.boolean(), fc.array(statement, { maxLength: 4 }))))
  .map((files) => {
    const texts = files.map(([some, hasDefault, statements], index) => {
      const exported = index === 0 ? names : some;
      const path = modules[index] ?? "";
      const to = (other: string) => specifiers[path.startsWith("in/") ? "in/" : ""]?.[other] ?? "";
      const lines = [
        ...exported.map((each) => `export const ${each} = 1;`),
        ...(hasDefault ? [`export default function main${index}() {}`] : []),
        ...statements.map((each, at) => each(to, at)),
        "export {};",
      ];
      return [path, `${lines.join("\n")}\n`] as const;
    });
    // A text that declares a name twice is no program; nothing is said about it.
    return new Map(texts.filter(([path, text]) => parseSync(path, text).errors.length === 0));
  });

async function changesOf(
  codemod: CrossFileCodemod,
  texts: ReadonlyMap<string, string>,
  settings: Readonly<Record<string, string>>,
) {
  const { rewrites, refusals } = await codemod.scan({ sources: createSourceSet(texts), folder: "", settings });
  const changed = [...rewrites].map(([path, found]) => {
    const splices = inTextOrder(found.flatMap((each) => each.splices));
    return [path, applySplices(texts.get(path) ?? "", splices)] as const;
  });
  return { changed: new Map(changed.sort()), refused: refusals.length > 0 };
}

test("a rename finds in its candidates what the compiler finds in the whole project", async () => {
  let renamed = 0;
  await fc.assert(
    fc.asyncProperty(project, async (texts) => {
      const text = texts.get("m0.ts");
      if (text === undefined || !/^export const a /m.test(text)) return;
      const { changed, refused } = await changesOf(renameExport, texts, { file: "m0.ts", from: "a", to: "zz" });
      if (refused) return;
      const whole = await loadProject(createSourceSet(texts), new Set(texts.keys()));
      const expected = new Map<string, string>();
      for (const path of texts.keys()) {
        const places = whole.renameLocations("m0.ts", text.indexOf("a = 1")).filter((place) => place.path === path);
        const splices = places.map(({ start, end, prefix, suffix }) => ({ start, end, text: `${prefix}zz${suffix}` }));
        if (splices.length > 0) expected.set(path, applySplices(texts.get(path) ?? "", splices));
      }
      expect(changed).toEqual(expected);
      if (changed.size > 1) renamed += 1;
    }),
    { numRuns: 14, seed: 5 },
  );
  expect(renamed, "renames over several files").toBeGreaterThan(0);
});

test("uses of default exports are found in the candidates as in the whole project, and a second scan finds none", async () => {
  let converted = 0;
  await fc.assert(
    fc.asyncProperty(project, async (texts) => {
      const some = await changesOf(defaultToNamedExport, texts, {});
      // Mapped names make every module a candidate.
      const all = await changesOf(defaultToNamedExport, new Map([...texts, ["package.json", '{ "imports": {} }']]), {
        public: "allow",
      });
      expect(some.changed).toEqual(all.changed);
      for (const [path, after] of some.changed) expect(parseSync(path, after).errors).toEqual([]);
      const again = await changesOf(defaultToNamedExport, new Map([...texts, ...some.changed]), {});
      expect(again.changed.size).toBe(0);
      if (some.changed.size > 0) converted += 1;
    }),
    { numRuns: 14, seed: 5 },
  );
  expect(converted).toBeGreaterThan(0);
});
