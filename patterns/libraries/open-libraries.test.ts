import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { Content } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { readLibraryFiles } from "./library-files.ts";
import { hashLibrary, openLibraries, openPatternLibrary } from "./open-libraries.ts";
import { folderWith, libraryWith, renameOld, sampleLibrary } from "./sample-library.test-support.ts";

/** Files of a library below `tools/` of a repository's root. */
function repositoryWith(library: Readonly<Record<string, Content>>): string {
  return folderWith(Object.fromEntries(Object.entries(library).map(([path, text]) => [`tools/${path}`, text])));
}

async function shelfOf(root: string, from = "./tools", engineModule: URL | null = null) {
  const { sha256 } = await hashLibrary(root, "own", from);
  return openLibraries({ root, pins: [{ name: "own", from, sha256 }], cacheDir: folderWith({}), engineModule });
}

async function loadFrom(root: string, from?: string) {
  return openPatternLibrary(await shelfOf(root, from));
}

test("a library by path is used under its name, with its hash, beside our own patterns", async () => {
  const root = repositoryWith(sampleLibrary);
  const library = await loadFrom(root);
  const { sha256 } = await hashLibrary(root, "own", "./tools");
  expect(library.identify("own/rename-old")).toEqual({
    id: "own/rename-old",
    version: "1.2.0",
    sha256,
    library: "own",
  });
  expect(library.identify("node-protocol")).toMatchObject({ library: null });
  expect(library.transform("own/rename-old", "a.js", "old(a);\n")).toMatchObject({ after: "fresh(a);\n" });
  expect(library.check("own/rename-old", "a.js", "old(a);\n")).toMatchObject([{ pattern: "own/rename-old", line: 1 }]);
  expect(library.match("apply own/rename-old, please").map(({ id }) => id)).toEqual(["own/rename-old"]);
  expect(library.match("use fresh over old").map(({ id }) => id)).toEqual(["own/rename-old"]);
  expect(() => library.identify("rename-old")).toThrow(/no pattern is called rename-old/);
});

test("the hash is what sha256sum of the sorted files gives, and node_modules and .git are no part of it", async () => {
  const folder = folderWith({ ...sampleLibrary, "node_modules/x/index.js": "1", ".git/HEAD": "x", "ü/é": "2" });
  const { sha256, files } = await readLibraryFiles(folder);
  const script =
    "find . -name node_modules -prune -o -name .git -prune -o -type f -print | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum | sha256sum";
  expect(`${sha256}  -\n`).toBe(execFileSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" }));
  expect(files.size).toBe(Object.keys(sampleLibrary).length + 1);
});

test("a library that is not the pinned one is refused, naming both hashes and what to do, and its code does not run", async () => {
  const root = repositoryWith({ ...sampleLibrary, "lib/rename.mjs": "throw new Error('it ran');\n" });
  const shelf = await shelfOf(root);
  await expect((await shelfOf(root)).load("own")).rejects.toThrow(/it ran/);
  const before = (await hashLibrary(root, "own", "./tools")).sha256;
  appendFileSync(join(root, "tools/README.md"), "more\n");
  const after = (await hashLibrary(root, "own", "./tools")).sha256;
  const refused = await shelf.load("own").catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "library_refused" });
  for (const words of [before, after, "patterns pin own"]) expect(String(refused)).toContain(words);
  expect(String(refused)).not.toContain("it ran");
  await expect(shelf.load("other")).rejects.toMatchObject({ code: "pattern_not_found" });
});

test("an npm package is found by its name, also through the link of a package manager, and as CommonJS", async () => {
  const store = folderWith({
    "package.json": '{ "name": "@team/rules", "exports": { ".": { "import": "./dist/entry.js" } } }',
    "dist/entry.js": "module.exports = { codemods: [require('./part')] };\n",
    "dist/part.js": `module.exports = ${renameOld};\n`,
  });
  const root = folderWith({ "package.json": "{}" });
  mkdirSync(join(root, "node_modules/@team"), { recursive: true });
  symlinkSync(store, join(root, "node_modules/@team/rules"));
  const library = await loadFrom(root, "@team/rules");
  expect(library.transform("own/rename-old", "a.js", "old;\n").status).toBe("changed");
  await expect(hashLibrary(root, "own", "@team/absent")).rejects.toThrow(/no folder .*absent; install the package/);
});

test("codex-orchestrator/patterns is this package's own engine", async () => {
  const engine = folderWith({ "engine.mjs": 'export const needsNode = () => () => "not here";\n' });
  const root = repositoryWith({
    "index.mjs": `import { needsNode } from "codex-orchestrator/patterns";\nexport default [{ ...${renameOld}, preconditions: [needsNode("99.0")] }];\n`,
  });
  const shelf = await shelfOf(root, "./tools", pathToFileURL(join(engine, "engine.mjs")));
  const result = (await openPatternLibrary(shelf)).transform("own/rename-old", "a.js", "old;\n");
  expect(result).toMatchObject({ status: "skipped", reason: "not here" });
  await expect(loadFrom(root)).rejects.toThrow(/this build does not have/);
});

test("what leads out of a library is refused, with place and reason", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['import "../outside.mjs";', /"\.\.\/outside\.mjs": it leads out/],
    ['import "./%2e%2e/outside.mjs";', /it is no file of the library/],
    ['export * from "left-pad";', /left-pad.*into the library's own files/],
    ['import "node:fs";', /node:fs/],
    ['await import("data:text/javascript,1");', /data:/],
    ["const name = './x.mjs'; await import(name);", /a name that is computed/],
    ["import './missing.mjs';", /no such JavaScript/],
    ["process.exit(3);", /it uses process/],
    ["eval('1');", /it uses eval/],
    ["import.meta.resolve('x');", /import\.meta/],
    ["export const codemods = [", /parse error/],
  ];
  for (const [code, why] of cases) {
    const root = repositoryWith({ "index.mjs": `${code}\nexport default [${renameOld}];\n` });
    writeFileSync(join(root, "outside.mjs"), "");
    await expect(loadFrom(root)).rejects.toThrow(why);
  }
  const computed = repositoryWith({ "index.js": "const load = require;\nmodule.exports = [];\n" });
  await expect(loadFrom(computed)).rejects.toThrow(/a name that is computed/);
  const loader = repositoryWith({ "index.js": "module.require('fs');\nmodule.exports = [];\n" });
  await expect(loadFrom(loader)).rejects.toThrow(/it uses module/);
});

test("a link, in the library or on the way to it, is refused, and so is what is no file", async () => {
  const outside = folderWith({ "index.mjs": `export default [${renameOld}];\n` });
  const linked = repositoryWith(sampleLibrary);
  symlinkSync(join(outside, "index.mjs"), join(linked, "tools/lib/more.mjs"));
  await expect(hashLibrary(linked, "own", "./tools")).rejects.toThrow(/more\.mjs cannot be part .*symbolic link/);
  rmSync(join(linked, "tools/lib/more.mjs"));
  symlinkSync(outside, join(linked, "tools/lib/folder"));
  await expect(hashLibrary(linked, "own", "./tools")).rejects.toThrow(/symbolic link/);
  symlinkSync(outside, join(linked, "elsewhere"));
  await expect(hashLibrary(linked, "own", "./elsewhere")).rejects.toThrow(/through a symbolic link/);
  const pipe = repositoryWith(sampleLibrary);
  execFileSync("mkfifo", [join(pipe, "tools/pipe")]);
  await expect(hashLibrary(pipe, "own", "./tools")).rejects.toThrow(/no regular file/);
  await expect(hashLibrary(pipe, "own", "./absent")).rejects.toThrow(/there is no folder/);
});

test("a library that fails to load, or exports something else, is refused in words", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["throw new Error('no\\nway');", /own cannot be used: no way/],
    ["export const other = 1;", /it exports neither/],
    ["export const codemods = 3;", /codemods: .*array/],
    ["export default [];", /Too small/],
    ["export default [{}];", /default\.0\.id/],
    [`export default [{ ...${renameOld}, id: "../x" }];`, /default\.0\.id: lower-case/],
    [`export default [{ ...${renameOld}, version: "0.1" }];`, /default\.0\.version/],
    [`export default [{ ...${renameOld}, languages: [] }];`, /languages/],
    [`export default [{ ...${renameOld}, scan: 1 }];`, /scan: must be a function/],
    [`export default [${renameOld}, ${renameOld}];`, /two codemods with the id rename-old/],
    [`export default [{ ...${renameOld}, get id() { throw new Error("sly"); } }];`, /sly/],
  ];
  for (const [code, why] of cases) {
    const loading = loadFrom(repositoryWith({ "index.mjs": `${code}\n` }));
    await expect(loading).rejects.toMatchObject({ code: "library_refused", message: expect.stringMatching(why) });
  }
});

test("whatever a codemod of a library does, a file stays as it is or changes soundly, and nobody takes a failure for nothing left", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["scan: () => { throw new Error('boom'); }", /own\/rename-old failed: boom/],
    ["scan: () => { throw null; }", /failed: null/],
    ["scan: () => { throw { toString() { throw 1; } }; }", /failed: it threw what cannot be put into words/],
    ["prefilter: () => { throw new Proxy({}, { get() { throw 1; } }); }", /own\/rename-old failed: ./],
    ["scan: () => { throw Object.assign(new Error(), { message: Symbol('x') }); }", /failed: Symbol\(x\)/],
    ["scan: () => null", /failed: the value: .*object/],
    ["scan: async () => ({ rewrites: [], refusals: [] })", /failed: rewrites/],
    ["scan: () => ({ rewrites: [{ at: -1, reason: 'x', splices: [] }], refusals: [] })", /rewrites\.0\.at/],
    ["scan: () => ({ rewrites: [{ at: 0, reason: '', splices: [] }], refusals: [] })", /rewrites\.0\.reason/],
    ["scan: () => ({ get rewrites() { throw new Error('sly'); }, refusals: [] })", /failed: sly/],
    ["prefilter: () => 'yes'", /failed: the value: .*boolean/],
    ["prefilter: () => { throw new Error('odd'); }", /failed: odd/],
    ["preconditions: [() => { throw new Error('cond'); }]", /a precondition failed: cond/],
    ["preconditions: [() => 3]", /a precondition failed/],
    [
      "scan: () => ({ rewrites: [{ at: 0, reason: 'x', splices: [{ start: 0, end: 900, text: '' }] }], refusals: [] })",
      /overlapping edits/,
    ],
    [
      "scan: () => ({ rewrites: [{ at: 0, reason: 'x', splices: [{ start: 0, end: 3, text: '(' }] }], refusals: [] })",
      /cannot be parsed/,
    ],
    [
      "scan: () => ({ rewrites: [{ at: 0, reason: 'x', splices: [{ start: 0, end: 0, text: '\\ud800' }] }], refusals: [] })",
      /no Unicode text/,
    ],
  ];
  for (const [members, why] of cases) {
    const library = await loadFrom(repositoryWith(libraryWith(members)));
    const result = library.transform("own/rename-old", "a.js", "old();\n");
    expect(result).toMatchObject({ status: "skipped", reason: expect.stringMatching(why) });
    if (!/overlapping|parsed|Unicode|precondition/.test(why.source)) {
      const [finding] = library.check("own/rename-old", "a.js", "old();\n");
      expect(finding?.message).toMatch(why);
    }
  }
});

test("code that does not come to an end is stopped, once for all files", async () => {
  const { createBoundedCall } = await import("./bounded-call.ts");
  const call = createBoundedCall(60);
  expect(call(() => 1)).toBe(1);
  expect(() =>
    call(() => {
      for (;;);
    }),
  ).toThrow(/did not come to an end within 0\.06 s/);
  expect(() => call(() => 1)).toThrow(/stopped before/);
});

test("a copy that somebody changed is put right before it is used", async () => {
  const root = repositoryWith(sampleLibrary);
  const { sha256 } = await hashLibrary(root, "own", "./tools");
  const cacheDir = folderWith({});
  const open = () =>
    openLibraries({ root, pins: [{ name: "own", from: "./tools", sha256 }], cacheDir, engineModule: null }).load("own");
  const [name = ""] = await open().then(() => readdirSync(join(cacheDir, "pattern-libraries")));
  const copy = join(cacheDir, "pattern-libraries", name);
  expect(readdirSync(copy).sort()).toEqual(["fixtures", "index.mjs", "lib", "package.json"]);
  writeFileSync(join(copy, "fixtures/rename-old/call.after.js"), "worse\n");
  await open();
  expect((await readLibraryFiles(copy)).files.get("fixtures/rename-old/call.after.js")?.toString()).toBe("fresh();\n");
});
