import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import type { CandidateSource, PatternCandidate } from "../../orchestrator/schema/pattern-ingest.ts";
import { type Content, fingerprint } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createTemplateLibrary } from "../fill/template-library.ts";
import { createPatternLibrary } from "../index.ts";
import { openLibraries } from "../libraries/open-libraries.ts";
import { folderWith, renameOld } from "../libraries/sample-library.test-support.ts";
import { createCandidateBench } from "./candidate-bench.ts";
import { createPatternNursery } from "./pattern-nursery.ts";

const cacheDir = mkdtempSync(join(tmpdir(), "cache-"));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));
const bench = createCandidateBench({ cacheDir, engineModule: null });
const library = { name: "acme", from: "./patterns/acme" };
const staging = "patterns/staging/rename-old";
const source: CandidateSource = {
  run_id: "r1",
  task_id: "t1",
  manifest_sha256: "a".repeat(64),
  base_commit: "b".repeat(40),
  commit: "c".repeat(40),
  approved_by: ["ann"],
};
const candidate = (kind: PatternCandidate["kind"] = "codemod", id = "rename-old") =>
  JSON.stringify({
    version: 1,
    id,
    kind,
    status: "draft",
    source,
    known_patterns: [],
    fixtures: [],
    left_out: [],
  });
const good: Readonly<Record<string, Content>> = {
  [`${staging}/candidate.yaml`]: candidate(),
  [`${staging}/codemod.mjs`]: `export const codemod = ${renameOld};\n`,
  [`${staging}/index.mjs`]: 'import { codemod } from "./codemod.mjs";\nexport const codemods = [codemod];\n',
  [`${staging}/fixtures/rename-old/call.before.js`]: "old();\n",
  [`${staging}/fixtures/rename-old/call.after.js`]: "fresh();\n",
};
const problemsIn = async (files: Readonly<Record<string, Content>>) =>
  (await bench.test(join(folderWith({ ...good, ...files }), staging))).flatMap(({ problems }) => problems).join("; ");

test("a candidate that passes moves into the library, whose entry and hash follow, and is loaded from there alone", async () => {
  const root = folderWith(good);
  expect(await bench.test(join(root, staging))).toEqual([
    { pattern: "rename-old", fixture: "call.before.js", problems: [], mutants: 1, noticed: 1 },
  ]);
  const promotion = await bench.promote({ root, id: "rename-old", library });
  if (promotion.outcome !== "promoted") throw new Error("it was refused");
  expect(Object.keys(fingerprint(root))).toEqual([
    "patterns/acme/fixtures/rename-old/call.after.js",
    "patterns/acme/fixtures/rename-old/call.before.js",
    "patterns/acme/index.mjs",
    "patterns/acme/rename-old/candidate.yaml",
    "patterns/acme/rename-old/codemod.mjs",
    "patterns/acme/rename-old/index.mjs",
  ]);
  expect(await bench.holds(join(root, "patterns/acme/rename-old"))).toBe(false);
  const pins = [{ ...library, sha256: promotion.sha256 }];
  const { codemods } = await openLibraries({ root, pins, cacheDir, engineModule: null }).load("acme");
  expect(codemods.map(({ id, version }) => [id, version])).toEqual([["acme/rename-old", "1.2.0"]]);
});

test("a second candidate comes beside the first, and one of the same name is refused", async () => {
  const again = Object.fromEntries(
    Object.entries(good).map(([path, text]) => [
      path.replaceAll("rename-old", "again"),
      String(text).replaceAll("rename-old", "again"),
    ]),
  );
  const other = folderWith({ ...good, ...again });
  await bench.promote({ root: other, id: "rename-old", library });
  const both = await bench.promote({ root: other, id: "again", library });
  if (both.outcome !== "promoted") throw new Error("it was refused");
  const pins = [{ ...library, sha256: both.sha256 }];
  const { codemods } = await openLibraries({ root: other, pins, cacheDir, engineModule: null }).load("acme");
  expect(codemods.map(({ id }) => id)).toEqual(["acme/again", "acme/rename-old"]);
  const twice = folderWith({ ...good, "patterns/acme/rename-old/index.mjs": "export const codemods = [];\n" });
  await expect(bench.promote({ root: twice, id: "rename-old", library })).rejects.toThrow(
    /rename-old\/index\.mjs is there already/,
  );
});

test.each<[string, Readonly<Record<string, Content>>, RegExp]>([
  [
    "is a draft",
    { [`${staging}/codemod.mjs`]: `export const codemod = ${renameOld.replace("1.2.0", "0.0.0")};\n` },
    /from 1\.0\.0 on/,
  ],
  [
    "has another id",
    { [`${staging}/codemod.mjs`]: `export const codemod = ${renameOld.replace("rename-old", "other")};\n` },
    /one codemod, with the id rename-old/,
  ],
  [
    "does nothing",
    {
      [`${staging}/codemod.mjs`]: `export const codemod = { ...${renameOld}, scan: () => ({ rewrites: [], refusals: [] }) };\n`,
    },
    /it was not changed/,
  ],
  [
    "throws",
    { [`${staging}/codemod.mjs`]: `export const codemod = { ...${renameOld}, scan() { throw new Error("no") } };\n` },
    /no/,
  ],
  [
    "changes another text",
    { [`${staging}/fixtures/rename-old/call.after.js`]: "other();\n" },
    /differs from what is expected/,
  ],
  [
    "reads what is not in its folder",
    { [`${staging}/codemod.mjs`]: `import "node:fs";\nexport const codemod = ${renameOld};\n` },
    /imports "node:fs"/,
  ],
  ["is no JavaScript", { [`${staging}/codemod.mjs`]: "export const = ;\n" }, /codemod\.mjs/],
])("a candidate that %s fails its test and stays in staging", async (_, files, problem) => {
  expect(await problemsIn(files)).toMatch(problem);
  const root = folderWith({ ...good, ...files });
  const before = fingerprint(root);
  expect(await bench.promote({ root, id: "rename-old", library })).toMatchObject({ outcome: "refused" });
  expect(fingerprint(root)).toEqual(before);
});

test("a candidate without a change among its fixtures shows nothing", async () => {
  const {
    [`${staging}/fixtures/rename-old/call.before.js`]: _,
    [`${staging}/fixtures/rename-old/call.after.js`]: __,
    ...rest
  } = good;
  const root = folderWith({ ...rest, [`${staging}/fixtures/rename-old/text.same.js`]: "a['old'].old2;\n" });
  const problems = (await bench.test(join(root, staging))).flatMap((result) => result.problems);
  expect(problems).toContain("no fixture shows a change");
});

test("a folder that is no candidate, or says that it is another, is refused", async () => {
  const root = folderWith({
    ...good,
    "patterns/staging/other/candidate.yaml": candidate(),
    "patterns/staging/bad/candidate.yaml": "version: 2\n",
  });
  expect(await bench.holds(join(root, staging))).toBe(true);
  expect(await bench.holds(join(root, "patterns"))).toBe(false);
  await expect(bench.test(join(root, "patterns"))).rejects.toThrow(/holds no candidate\.yaml/);
  await expect(bench.test(join(root, "patterns/staging/other"))).rejects.toThrow(/name the folder after it/);
  await expect(bench.test(join(root, "patterns/staging/bad"))).rejects.toThrow(/candidate\.yaml:1: version/);
  symlinkSync("/etc/hostname", join(root, staging, "link.mjs"));
  await expect(bench.promote({ root, id: "rename-old", library })).rejects.toThrow(/symbolic link/);
});

test("a library whose entry somebody wrote, or that is reached through a link, is left as it is", async () => {
  const own = folderWith({ ...good, "patterns/acme/index.mjs": "export const codemods = [];\n" });
  await expect(bench.promote({ root: own, id: "rename-old", library })).rejects.toThrow(/an entry that somebody wrote/);
  const packaged = folderWith({ ...good, "patterns/acme/package.json": "{}\n" });
  await expect(bench.promote({ root: packaged, id: "rename-old", library })).rejects.toThrow(
    /an entry that somebody wrote/,
  );
  const linked = folderWith({ ...good, elsewhere: { link: "." } });
  const before = fingerprint(linked);
  await expect(
    bench.promote({ root: linked, id: "rename-old", library: { name: "acme", from: "./elsewhere" } }),
  ).rejects.toMatchObject({ code: "path_refused" });
  expect(fingerprint(linked)).toEqual(before);
});

test("no library is, or holds, the folder of candidates, however it is written", async () => {
  const root = folderWith({ ...good, "patterns/acme/index.mjs": `export const codemods = [${renameOld}];\n` });
  for (const from of [
    "./patterns/staging/rename-old",
    "./patterns/staging",
    "./patterns//staging/./rename-old",
    "./patterns",
  ]) {
    const shelf = openLibraries({
      root,
      pins: [{ name: "sly", from, sha256: "0".repeat(64) }],
      cacheDir,
      engineModule: null,
    });
    await expect(shelf.load("sly"), from).rejects.toThrow(/where candidates lie|reached through a symbolic link/);
  }
});

test("a candidate is staged once, and its folder is a candidate only when it is whole", async () => {
  const root = folderWith({});
  const nursery = createPatternNursery(createPatternLibrary());
  const files = new Map([
    ["candidate.yaml", candidate()],
    ["codemod.mjs", "a"],
  ]);
  expect(await nursery.stage(root, "rename-old", files)).toBe(staging);
  await expect(nursery.stage(root, "rename-old", files)).rejects.toThrow(/nothing is overwritten/);
  await expect(
    nursery.stage(
      root,
      "other",
      new Map([
        ["../../x", "a"],
        ["candidate.yaml", ""],
      ]),
    ),
  ).rejects.toMatchObject({ code: "path_refused" });
  expect(await bench.holds(join(root, "patterns/staging/other"))).toBe(false);
});

test("a template moves into the library, is filled under its name, and not once its file is another", async () => {
  const proposal = createPatternNursery(createPatternLibrary()).propose({
    ...{ id: "release", title: "A release", withKnown: false, used: [], same: [], packages: new Map(), leftOut: [] },
    source,
    changed: [{ path: "docs/r.md", before: null, after: "# Release 1\n\nAll is well.\n", redacted: false }],
  });
  if (proposal.outcome !== "proposed") throw new Error(proposal.reason);
  const staged = Object.fromEntries(
    [...proposal.files].map(([path, text]) => [`patterns/staging/release/${path}`, text]),
  );
  const root = folderWith(staged);
  const draft = join(root, "patterns/staging/release/release.md");
  expect(await bench.promote({ root, id: "release", library })).toMatchObject({
    outcome: "refused",
    results: [{ problems: [expect.stringMatching(/0\.0\.0 marks a draft/)] }],
  });
  writeFileSync(draft, readFileSync(draft, "utf8").replace("version: 0.0.0", "version: 1.0.0"));
  const promotion = await bench.promote({ root, id: "release", library });
  if (promotion.outcome !== "promoted") throw new Error("it was refused");
  const shelf = openLibraries({ root, pins: [{ ...library, sha256: promotion.sha256 }], cacheDir, engineModule: null });
  const templates = createTemplateLibrary({ clock: systemClock, shelf: async () => shelf });
  expect((await templates.list()).map(({ id }) => id)).toContain("acme/template/release");
  expect((await templates.fill("acme/template/release", { title: ["Release 2"] })).text).toBe(
    "# Release 2\n\nAll is well.\n",
  );
  expect(await templates.test("acme/template/release")).toMatchObject([
    { pattern: "acme/template/release", problems: [] },
  ]);
  expect((await templates.show("acme/template/release")).library).toBe("acme");
  expect((await shelf.load("acme")).codemods).toEqual([]);
  await expect(templates.fill("acme/template/other", {})).rejects.toThrow(/no template is called/);
  writeFileSync(join(root, "patterns/acme/templates/release.md"), "# other\n");
  expect((await templates.list()).map(({ id }) => id)).not.toContain("acme/template/release");
  await expect(templates.fill("acme/template/release", {})).rejects.toMatchObject({ code: "library_refused" });
});
