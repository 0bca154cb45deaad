import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasCode } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { createWorkspace } from "./create-workspace.ts";
import { cloneOf, workspaceOf } from "./fixtures/temporary-clone.ts";
import {
  commitFiles,
  fingerprint,
  git,
  temporaryFolder,
  temporaryRepository,
  writeFiles,
} from "./fixtures/temporary-repository.ts";

const isGit = (path: string) => path === ".git";
const request = { message: "Change", timestamp: "2026-01-02T03:04:05.678Z" };

test("a snapshot shows new, changed, deleted and moved files, modes and links", async () => {
  const { workspace, root } = await workspaceOf({ a: "1\n", b: "2\n", c: "3\n", d: "4\n", tool: "#!\n" });
  writeFiles(root, { a: "1\n1\n", "new folder/ü": "x\n" });
  rmSync(join(root, "b"));
  chmodSync(join(root, "tool"), 0o755);
  rmSync(join(root, "c"));
  symlinkSync("a", join(root, "c"));
  renameSync(join(root, "d"), join(root, "e"));
  const { change } = await workspace.changeSet();
  expect(
    change.paths.map(({ path, kind, mode, insertions, deletions }) => [path, kind, mode, insertions, deletions]),
  ).toEqual([
    ["a", "modified", "100644", 1, 0],
    ["b", "deleted", "100644", 0, 1],
    ["c", "type_changed", "120000", 1, 1],
    ["d", "deleted", "100644", 0, 1],
    ["e", "added", "100644", 1, 0],
    ["new folder/ü", "added", "100644", 1, 0],
    ["tool", "modified", "100755", 0, 0],
  ]);
  expect([change.insertions, change.deletions, change.head_commit]).toEqual([4, 3, null]);
});

test("the patch makes the tree from the base, binary files and strange names included", async () => {
  const { workspace, root, repository } = await workspaceOf({
    "a b": "1\n",
    "line\nbreak": "2\n",
    bin: new Uint8Array([0, 1]),
  });
  writeFiles(root, {
    "a b": "1\n2",
    "line\nbreak": "3\n",
    bin: new Uint8Array([0, 2, 255]),
    'quo"ted': "q\n",
    empty: "",
  });
  const { change, patch } = await workspace.changeSet();
  expect(change.patch_sha256).toBe(sha256(patch));
  expect(change.paths.find(({ path }) => path === "bin")).toMatchObject({ insertions: null, deletions: null });
  const file = join(temporaryFolder(), "patch");
  writeFileSync(file, patch);
  git(repository, "apply", "--index", file);
  expect(git(repository, "write-tree")).toBe(change.tree);
});

test("nothing changed gives the base tree and an empty patch", async () => {
  const { workspace } = await workspaceOf({ a: "1\n" });
  const { change, patch } = await workspace.changeSet();
  expect([change.tree, change.paths, patch]).toEqual([workspace.baseTree, [], ""]);
});

test("what the base commit ignores, dependencies and .runs are no part of a change, whatever the .gitignore says now", async () => {
  const { workspace, root } = await workspaceOf(
    { ".gitignore": "*.log\n/out/\n", "sub/.gitignore": "/local\n", "vendor.log": "x\n" },
    ["deps/inner"],
  );
  writeFiles(root, {
    "a.log": "ignored",
    "out/x": "ignored",
    "sub/local": "ignored",
    local: "seen",
    "node_modules/m/index.js": "dependency",
    "sub/node_modules/m/index.js": "dependency",
    "deps/inner/x": "dependency",
    ".runs/t/r/events.jsonl": "run",
    ".gitignore": "hidden\nlocal\n!a.log\n",
    hidden: "an agent tried to hide this",
  });
  const paths = (await workspace.changeSet()).change.paths.map(({ path }) => path);
  expect(paths).toEqual([".gitignore", "hidden", "local"]);
});

test("a tracked file shows its change though it is ignored by name", async () => {
  const { workspace, root } = await workspaceOf({ "node_modules/tracked.js": "1\n", ".gitignore": "secret\n" });
  writeFileSync(join(root, "node_modules/tracked.js"), "2\n");
  expect((await workspace.changeSet()).change.paths.map(({ path }) => path)).toEqual(["node_modules/tracked.js"]);
});

test("an attribute hides no text from the diff, and a nested repository hides no file", async () => {
  const { workspace, root } = await workspaceOf({ a: "1\n", ".gitattributes": "a -diff\n" });
  writeFiles(root, {
    a: "2\n",
    ".gitattributes": "* -diff binary\n",
    "nested/file": "hidden?\n",
    "nested/deep/file": "x\n",
  });
  git(join(root, "nested"), "init", "-q");
  git(join(root, "nested"), "add", "-A");
  git(join(root, "nested"), "commit", "-q", "-m", "nested");
  const { change, patch } = await workspace.changeSet();
  expect(change.paths.map(({ path, insertions }) => [path, insertions])).toEqual([
    [".gitattributes", 1],
    ["a", 1],
    ["nested/deep/file", 1],
    ["nested/file", 1],
  ]);
  expect(patch).toContain("+hidden?");
});

test("a folder that became a link, and a file that became a folder, are seen as such and restored", async () => {
  const { workspace, root } = await workspaceOf({ "d/f": "1\n", "d/g": "2\n", file: "3\n", "e/h": "4\n" });
  const before = fingerprint(root);
  renameSync(join(root, "d"), join(root, "moved"));
  symlinkSync("moved", join(root, "d"));
  rmSync(join(root, "file"));
  writeFiles(root, { "file/inside": "x\n" });
  rmSync(join(root, "e"), { recursive: true });
  writeFileSync(join(root, "e"), "now a file\n");
  const { change } = await workspace.changeSet();
  expect(change.paths.map(({ path, kind }) => `${kind} ${path}`).sort()).toEqual([
    "added d",
    "added e",
    "added file/inside",
    "added moved/f",
    "added moved/g",
    "deleted d/f",
    "deleted d/g",
    "deleted e/h",
    "deleted file",
  ]);
  await workspace.restore(workspace.baseTree);
  expect(fingerprint(root)).toEqual(before);
});

test("restore writes nothing through a link that was put in the place of a folder", async () => {
  const { workspace, root } = await workspaceOf({ "d/f": "1\n" });
  const outside = temporaryFolder("outside");
  writeFileSync(join(outside, "f"), "mine\n");
  rmSync(join(root, "d"), { recursive: true });
  symlinkSync(outside, join(root, "d"));
  await workspace.restore(workspace.baseTree);
  expect(readFileSync(join(outside, "f"), "utf8")).toBe("mine\n");
  expect(readFileSync(join(root, "d/f"), "utf8")).toBe("1\n");
});

test("restore leaves exactly the tree and the dependencies that the runner provided, whatever is ignored or hidden", async () => {
  const { workspace, root, clone } = await workspaceOf({ a: "1\n", ".gitignore": "cache/\n" }, ["node_modules"]);
  writeFiles(root, { a: "2\n", "new/deep/file": "x", "node_modules/m/i.js": "m" });
  const tree = await workspace.snapshot();
  const gitFile = readFileSync(join(root, ".git"), "utf8");
  writeFiles(root, {
    ...{ a: "3\n", "new/deep/other": "y", "later/file": "z", "cache/c": "ignored" },
    ...{ "new/node_modules/m/i.js": "dependency of nobody", ".runs/x": "run", "nested/.git/HEAD": "nested" },
  });
  mkdirSync(join(root, "empty/folder"), { recursive: true });
  symlinkSync("/etc", join(root, "way-out"));
  rmSync(join(root, ".git"));
  writeFiles(root, { ".git/config": "planted" });
  rmSync(join(root, "new/deep/file"));
  await workspace.restore(tree);
  expect(Object.keys(fingerprint(root)).sort()).toEqual([
    ".git",
    ".gitignore",
    "a",
    "new/deep/file",
    "node_modules/m/i.js",
  ]);
  expect(["empty", "later", "nested"].filter((folder) => existsSync(join(root, folder)))).toEqual([]);
  expect(readFileSync(join(root, ".git"), "utf8")).toBe(gitFile);
  expect(await workspace.snapshot()).toBe(tree);
  await createWorkspace(clone, ["node_modules"], []).restore(tree);
  expect(existsSync(join(root, "node_modules"))).toBe(false);
});

test("putting back undoes changes and keeps what is ignored, whose hash tells any write", async () => {
  const { workspace, root } = await workspaceOf({ a: "1\n", ".gitignore": "dist/\n" });
  writeFiles(root, { "dist/a.js": "built\n", a: "2\n", later: "x" });
  await workspace.putBack(workspace.baseTree);
  expect(Object.keys(fingerprint(root, isGit)).sort()).toEqual([".gitignore", "a", "dist/a.js"]);
  const others = await workspace.hashOthers(workspace.baseTree);
  expect(await workspace.hashOthers(workspace.baseTree)).toBe(others);
  const file = join(root, "dist/a.js");
  const { atime, mtime } = statSync(file);
  writeFileSync(file, "other\n");
  utimesSync(file, atime, mtime);
  expect(await workspace.hashOthers(workspace.baseTree)).not.toBe(others);
});

test("folders that are nested deeper than a path can be long are removed", async () => {
  const { workspace, root } = await workspaceOf({ "src/a": "1\n", ".gitignore": "dist/\n" });
  const tree = await workspace.snapshot();
  for (const folder of ["src", "dist", "dist/.git"]) {
    mkdirSync(join(root, folder), { recursive: true });
    nestDeep(join(root, folder));
    expect(await workspace.hashOthers(tree)).toBeNull();
    await workspace.putBack(tree);
    await workspace.restore(tree);
    expect(Object.keys(fingerprint(root, isGit)).sort(), folder).toEqual([".gitignore", "src/a"]);
    expect(await workspace.hashOthers(tree)).not.toBeNull();
  }
});

test("folders and files that were closed to their owner are opened, and are as before", async () => {
  const files = { "src/deep/a": "1\n", b: "2\n", ".gitignore": "dist/\n" };
  const { workspace, root } = await workspaceOf(files);
  for (const put of [workspace.putBack, workspace.restore]) {
    writeFiles(root, { "src/new/c": "3\n", "dist/sub/d": "4\n" });
    chmodSync(join(root, "b"), 0);
    for (const folder of ["src/new", "src/deep", "src", "dist/sub", "dist", "."]) chmodSync(join(root, folder), 0);
    await put(workspace.baseTree);
    expect(readFileSync(join(root, "src/deep/a"), "utf8") + readFileSync(join(root, "b"), "utf8")).toBe("1\n2\n");
    expect(await workspace.snapshot()).toBe(workspace.baseTree);
  }
  expect(Object.keys(fingerprint(root, isGit)).sort()).toEqual([".gitignore", "b", "src/deep/a"]);
});

/** As code under test can: step by step, from inside. */
function nestDeep(folder: string): void {
  const nest = `for (let i = 0; i < 60; i++) { const name = "d".repeat(120); fs.mkdirSync(name); process.chdir(name); }
    fs.writeFileSync("x", "1");`;
  execFileSync(process.execPath, ["-e", nest], { cwd: folder });
}

test("an edit of what the base commit ignores is refused, since it would be no part of the change", async () => {
  const repository = temporaryRepository({ "tracked.log": "1\n" });
  commitFiles(repository, { ".gitignore": "ignored/\n*.log\n!kept.log\n", "sub/.gitignore": "/local\n" }, "rules");
  const clone = await cloneOf(repository);
  const [workspace, root] = [createWorkspace(clone), clone.root];
  for (const path of ["ignored/a.js", "x/ignored/a.js", "a.log", "sub/local", "./sub//local"]) {
    await expect(workspace.files.write(path, "1"), path).rejects.toMatchObject({ code: "path_refused" });
  }
  await expect(
    workspace.files.applyUnifiedDiff("--- /dev/null\n+++ b/ignored/a.js\n@@ -0,0 +1 @@\n+1;\n"),
  ).rejects.toMatchObject({ code: "path_refused", message: expect.stringContaining("ignored by the base commit") });
  writeFileSync(join(root, ".gitignore"), "*\n");
  for (const path of ["local", "kept.log", "tracked.log", "sub/other"]) await workspace.files.write(path, "2\n");
  const { change } = await workspace.changeSet();
  expect(change.paths.map(({ path }) => path)).toEqual([".gitignore", "kept.log", "local", "sub/other", "tracked.log"]);
});

test("a change of the same size in the same second is seen", async () => {
  const { workspace, root } = await workspaceOf({ a: "1\n" });
  const trees = new Set([await workspace.snapshot()]);
  for (const text of ["2\n", "3\n", "4\n", "5\n", "6\n"]) {
    writeFileSync(join(root, "a"), text);
    trees.add(await workspace.snapshot());
  }
  expect(trees.size).toBe(6);
});

test("line ends follow the repository's attributes, as in any clone", async () => {
  const { workspace, root } = await workspaceOf({
    ".gitattributes": "*.bat text eol=crlf\n",
    "a.bat": "echo\r\n",
    "b.txt": "x\r\n",
  });
  expect(readFileSync(join(root, "a.bat"), "utf8")).toBe("echo\r\n");
  expect(readFileSync(join(root, "b.txt"), "utf8")).toBe("x\r\n");
  expect(await workspace.snapshot()).toBe(workspace.baseTree);
});

test("calls that are made at once are done one after the other", async () => {
  const { workspace } = await workspaceOf({ a: "1\n" });
  const results = await Promise.all([
    workspace.snapshot(),
    workspace.files.write("b", "2\n"),
    workspace.snapshot(),
    workspace.restore(workspace.baseTree),
    workspace.snapshot(),
  ]);
  expect([results[0], results[4]]).toEqual([workspace.baseTree, workspace.baseTree]);
  expect(results[2]).not.toBe(workspace.baseTree);
});

test("a commit is the same commit each time, on the run's branch, with the run in a trailer", async () => {
  const { workspace, clone } = await workspaceOf({ a: "1\n" });
  await workspace.files.write("a", "2\n");
  const tree = await workspace.snapshot();
  const author = { name: "Ann Ünïcode", email: "ann@example.com" };
  const commit = await workspace.commit({ ...request, tree, author });
  expect(await workspace.commit({ ...request, tree, author })).toBe(commit);
  expect(await workspace.log(5)).toMatchObject([
    { commit, author: "Ann Ünïcode", date: "2026-01-02T03:04:05+00:00", subject: "Change" },
    { commit: workspace.baseCommit, subject: "first" },
  ]);
  expect(git(clone.gitDirectory, "log", "--no-walk", "--format=%(trailers)%cn")).toBe(
    "Orchestrator-Run: run-1\nCodex Orchestrator",
  );
  expect((await workspace.changeSet(tree)).change.head_commit).toBe(commit);
  expect(await workspace.commit({ ...request, tree, author, message: "Other" })).not.toBe(commit);
});

test("a bundle brings the commit to a repository that has the base, and needs a commit", async () => {
  const { workspace, repository } = await workspaceOf({ a: "1\n" });
  await expect(workspace.bundle()).rejects.toMatchObject({ code: "git_failed" });
  await workspace.files.write("a", "2\n");
  const commit = await workspace.commit({ ...request, tree: await workspace.snapshot() });
  const file = join(temporaryFolder(), "run.bundle");
  writeFileSync(file, await workspace.bundle());
  git(repository, "bundle", "verify", "-q", file);
  git(repository, "fetch", "-q", file, "orchestrator/run-1:from-bundle");
  expect(git(repository, "rev-parse", "from-bundle")).toBe(commit);
});

const name = fc.constantFrom("a", "b", "c", "d e", "ü");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const operation = fc.oneof(
  fc.record({
    kind: fc.constant("write" as const),
    path,
    text: fc.string({ maxLength: 20 }),
    mode: fc.constantFrom(0o644, 0o755),
  }),
  fc.record({ kind: fc.constant("remove" as const), path }),
  fc.record({
    kind: fc.constant("link" as const),
    path,
    to: fc.oneof(path, fc.constant("/etc/hostname"), fc.constant("..")),
  }),
  fc.record({ kind: fc.constant("move" as const), path, to: path }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Each> ? Each : never;

/** What the file system refuses (a file where a folder is wanted) is left out. */
function perform(root: string, step: Operation): void {
  try {
    performStrictly(root, step);
  } catch (error) {
    if (
      !hasCode(
        error,
        "ENOENT",
        "ENOTDIR",
        "EISDIR",
        "EEXIST",
        "ENOTEMPTY",
        "EINVAL",
        "ELOOP",
        "EACCES",
        "ERR_FS_EISDIR",
      )
    )
      throw error;
  }
}

function performStrictly(root: string, step: Operation): void {
  const place = join(root, step.path);
  if (step.kind !== "remove" && step.kind !== "move") mkdirSync(join(place, ".."), { recursive: true });
  if (step.kind === "remove") rmSync(place, { recursive: true });
  else if (step.kind === "move") renameSync(place, join(root, step.to));
  else if (step.kind === "link") symlinkSync(step.to, place);
  else {
    if (existsSync(place)) rmSync(place);
    writeFileSync(place, step.text, { mode: step.mode });
  }
}

test("restoring a snapshot brings back its files after any changes", async () => {
  const { workspace, root, clone } = await workspaceOf({ a: "1\n", "b/c": "2\n", "b/d e": { link: "c" } });
  const steps = fc.array(operation, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, steps, async (first, second) => {
      for (const step of first) perform(root, step);
      const files = fingerprint(root);
      const tree = await workspace.snapshot();
      for (const step of second) perform(root, step);
      await createWorkspace(clone).restore(tree);
      expect(fingerprint(root)).toEqual(files);
      expect(await workspace.snapshot()).toBe(tree);
    }),
    { numRuns: 25 },
  );
});
