import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  commitFiles,
  fingerprint,
  git,
  temporaryFolder,
  temporaryRepository,
} from "./fixtures/temporary-repository.ts";
import { readRunChange } from "./read-run-change.ts";

const limits = { changedMax: 3, sameMax: 1, fileBytesMax: 1_000 };
const files = {
  "package.json": "{}\n",
  "other/package.json": "{}\n",
  "src/a.js": "a\n",
  "src/b.js": "b\n",
  "src/gone.js": "gone\n",
  "src/long.js": "x".repeat(1_001),
  "src/z.js": "z\n",
};

/** A repository that has the base alone, and the bundle of a commit on it, as a run leaves them. */
function runOn(change: Parameters<typeof commitFiles>[1]) {
  const repositoryRoot = temporaryRepository({ ...files });
  const clone = join(temporaryFolder(), "clone");
  git(repositoryRoot, "clone", "-q", repositoryRoot, clone);
  const base = git(clone, "rev-parse", "HEAD");
  git(clone, "rm", "-q", "src/gone.js");
  const commit = commitFiles(clone, change, "second");
  const file = join(mkdtempSync(join(tmpdir(), "bundle-")), "run.bundle");
  git(clone, "bundle", "create", "-q", file, "main", `^${base}`);
  const bundle = readFileSync(file);
  rmSync(join(file, ".."), { recursive: true });
  return { repositoryRoot, bundle, base, commit, tree: git(clone, "rev-parse", "HEAD^{tree}") };
}

test("a run's change is read from its bundle, and the repository stays as it is", async () => {
  const run = runOn({
    "src/a.js": "A\n",
    "src/link.js": { link: "a.js" },
    "logo.png": new Uint8Array([0, 255]),
    "new.md": "n\n",
  });
  const before = fingerprint(run.repositoryRoot);
  const { changed, leftOut, same, packages } = await readRunChange(run, { ...limits, changedMax: 4 }, (path) =>
    path.endsWith(".js"),
  );
  expect(changed).toEqual([
    { path: "new.md", before: null, after: "n\n" },
    { path: "src/a.js", before: "a\n", after: "A\n" },
    { path: "src/gone.js", before: "gone\n", after: null },
  ]);
  expect(leftOut).toEqual([
    { path: "src/link.js", reason: expect.stringMatching(/link/) },
    { path: "logo.png", reason: expect.stringMatching(/no UTF-8/) },
  ]);
  expect(same).toEqual([{ path: "src/b.js", text: "b\n" }]);
  expect([...packages]).toEqual([["package.json", "{}\n"]]);
  expect(fingerprint(run.repositoryRoot)).toEqual(before);
});

test("more files than are read, and longer ones, are left out by name", async () => {
  const run = runOn({ "src/a.js": "A".repeat(1_001), "src/b.js": "B\n", "src/z.js": "Z\n" });
  const { changed, leftOut } = await readRunChange(run, limits, () => false);
  expect(changed.map(({ path }) => path)).toEqual(["src/b.js", "src/gone.js"]);
  expect(leftOut.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    expect.stringMatching(/z\.js: one of more than 3/),
    expect.stringMatching(/a\.js: more than 1000 bytes/),
  ]);
});

test("a commit that is not what the record says is refused, and so is a base that is gone", async () => {
  const run = runOn({ "src/a.js": "A\n" });
  const read = (more: Partial<typeof run>) => readRunChange({ ...run, ...more }, limits, () => false);
  await expect(read({ tree: run.base })).rejects.toMatchObject({ code: "run_damaged" });
  await expect(read({ base: "0".repeat(40) })).rejects.toMatchObject({ code: "base_not_found" });
  await expect(read({ bundle: Buffer.from("# v2 git bundle\n") })).rejects.toMatchObject({ code: "git_failed" });
});
