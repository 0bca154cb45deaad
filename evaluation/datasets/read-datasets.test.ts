import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../machine.test-support.ts";
import { readCodemodFolder } from "./read-codemod-folder.ts";
import { readSweBench } from "./read-swe-bench.ts";
import { readYamlDataset } from "./read-yaml-dataset.ts";

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

test("cases of a codemod are single files or folders, and name what differs alone", async () => {
  const folder = await folderOf({
    "one/input.ts": "a",
    "one/expected.ts": "b",
    "same/input.js": "a",
    "same/output.js": "a",
    "tree/input/src/a.ts": "a",
    "tree/input/.keep": "stays",
    "tree/input/gone.ts": "g",
    "tree/expected/src/a.ts": "b",
    "tree/expected/.keep": "stays",
    "tree/expected/new.ts": "n",
  });
  const { samples } = await readCodemodFolder(folder, "cases", "own");
  expect(samples.map(({ id, tags, fixture, target }) => ({ id, tags, fixture, files: target.files }))).toEqual([
    { id: "one", tags: ["positive"], fixture: { files: { "input.ts": "a" } }, files: { "input.ts": "b" } },
    { id: "same", tags: ["negative"], fixture: { files: { "input.js": "a" } }, files: {} },
    {
      ...{ id: "tree", tags: ["positive"] },
      fixture: { files: { "src/a.ts": "a", ".keep": "stays", "gone.ts": "g" } },
      files: { "src/a.ts": "b", "gone.ts": null, "new.ts": "n" },
    },
  ]);
  const broken = await folderOf({ "one/input.ts": "a" });
  await expect(readCodemodFolder(broken, "cases")).rejects.toMatchObject({ code: "document_invalid" });
});

const instance = {
  ...{ instance_id: "org__repo-1", repo: "org/repo", base_commit: "0".repeat(40), problem_statement: "mend it" },
  ...{ patch: "p", test_patch: "t", FAIL_TO_PASS: '["a", "b"]', PASS_TO_PASS: ["c"], version: "1.0" },
};

test("an instance of SWE-bench is read with its lists as text or as lists, and a bad line is named", () => {
  const text = `${JSON.stringify(instance)}\n\n`;
  const { samples } = readSweBench(text, "swe", ({ repo, base_commit }) => `/checkouts/${repo}/${base_commit.length}`);
  expect(samples).toMatchObject([
    {
      ...{ id: "org__repo-1", goal: "mend it", fixture: { folder: "/checkouts/org/repo/40" } },
      target: { patch: "p", test_patch: "t", fail_to_pass: ["a", "b"], pass_to_pass: ["c"] },
    },
  ]);
  expect(() => readSweBench(`${text}{"repo": 1}\n`, "swe", () => "/")).toThrow("line 3");
  expect(() => readSweBench(text + text, "swe", () => "/")).toThrow("same id");
});

test("a dataset in YAML is read with folders beside it, and what is wrong is named by its line", async () => {
  const head = "schema_version: 1\nid: own\nsamples:\n  - id: one\n";
  const folder = await folderOf({
    "own.yaml": `${head}    fixture: { folder: ./state }\n    target: { contains: [{ path: a.txt }] }\n`,
    "bad.yaml": `${head}    fixture: { folder: ./state }\n    targets: {}\n`,
  });
  const { samples } = await readYamlDataset(join(folder, "own.yaml"));
  expect(samples[0]?.fixture).toEqual({ folder: join(folder, "state") });
  await expect(readYamlDataset(join(folder, "bad.yaml"))).rejects.toThrow(/bad\.yaml:6: .*targets: unknown field/);
  await expect(readYamlDataset(join(folder, "none.yaml"))).rejects.toMatchObject({ code: "document_invalid" });
});
