import { chmodSync, chownSync, linkSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../io/hash.ts";
import { isOrchestratorError } from "../schema/errors.ts";
import { workspaceOf } from "./fixtures/temporary-clone.ts";
import { type Content, fingerprint, temporaryFolder, writeFiles } from "./fixtures/temporary-repository.ts";
import { createInOrder } from "./in-order.ts";
import { readInside } from "./read-files.ts";
import { createWorkspaceFiles, type WorkspaceFiles } from "./workspace-files.ts";

/** The file operations on a plain folder; `list` and `search` see the files that were made first. */
function filesOf(files: Record<string, Content>): {
  root: string;
  files: WorkspaceFiles;
  read: (path: string) => string;
} {
  const root = temporaryFolder("root");
  writeFiles(root, files);
  const listPaths = async () => Object.keys(files).sort();
  const bounds = { root, dependencyFolders: ["vendor/deps"], isIgnored: async (path: string) => path === "ignored" };
  const made = createWorkspaceFiles({ ...bounds, listPaths, inOrder: createInOrder() });
  return { root, files: made, read: (path) => readFileSync(join(root, path), "utf8") };
}

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("list names tracked and new files that a glob matches, and says where it was cut", async () => {
  const { workspace, root } = await workspaceOf({
    "src/a.ts": "",
    "src/.hidden.ts": "",
    "b.md": "",
    "gone.ts": "",
    ".gitignore": "x\n",
  });
  writeFiles(root, { "src/new [1].ts": "", x: "", "node_modules/m/i.ts": "" });
  await workspace.files.remove("gone.ts");
  expect(await workspace.files.list({ glob: "**/*.ts" })).toEqual({
    paths: ["src/.hidden.ts", "src/a.ts", "src/new [1].ts"],
    truncated: false,
  });
  expect(await workspace.files.list({ limit: 2 })).toEqual({ paths: [".gitignore", "b.md"], truncated: true });
});

test("no glob takes for ever", async () => {
  const { files } = filesOf({ [`${"a".repeat(100)}`]: `${"a".repeat(60)}!\n` });
  await expect(files.list({ glob: `${"*a".repeat(40)}b` })).resolves.toMatchObject({ paths: [] });
});

test("too large files and anything outside are not read", async () => {
  const { root } = filesOf({ out: { link: "/etc/hostname" } });
  writeFileSync(join(root, "huge"), Buffer.alloc(17_000_000, "a"));
  await expect(readInside(root, "huge")).rejects.toEqual(refused("path_refused", /17000000 bytes/));
  await expect(readInside(root, "out")).rejects.toEqual(refused("path_refused", /outside/));
  await expect(readInside(root, "../x")).rejects.toEqual(refused("path_refused", /\.\./));
});

test("search finds text line by line, within a glob, and skips what is no text", async () => {
  const { files } = filesOf({
    "src/a.ts": "const A = 1;\r\nfoo(a.b);\r\n",
    "b.md": "foo(axb)\n",
    bin: new Uint8Array([102, 111, 111, 0]),
    link: { link: "b.md" },
  });
  expect(await files.search({ text: "a.b" })).toEqual({
    matches: [{ path: "src/a.ts", line: 2, text: "foo(a.b);" }],
    truncated: false,
    skipped: 2,
  });
  expect(await files.search({ text: "foo", glob: "*.md" })).toMatchObject({ matches: [{ path: "b.md" }], skipped: 0 });
  expect(await files.search({ text: "o", limit: 1 })).toMatchObject({ matches: [{ path: "b.md" }], truncated: true });
  await expect(files.search({ text: "" })).rejects.toEqual(refused("usage", /empty/));
});

test("write makes folders, keeps the mode, and answers both hashes", async () => {
  const { files, root, read } = filesOf({ "run.sh": { executable: "1\n" } });
  expect(await files.write("run.sh", "2\n")).toEqual({
    path: "run.sh",
    before_sha256: sha256("1\n"),
    after_sha256: sha256("2\n"),
  });
  expect(statSync(join(root, "run.sh")).mode & 0o777).toBe(0o755);
  expect(await files.write("./new/ü.txt", "x")).toEqual({
    path: "new/ü.txt",
    before_sha256: null,
    after_sha256: sha256("x"),
  });
  expect(statSync(join(root, "new/ü.txt")).mode & 0o777).toBe(0o644);
  expect(read("new/ü.txt")).toBe("x");
});

test("write never goes through a link, symbolic or hard, nor into dependencies", async () => {
  const { files, root } = filesOf({ "vendor/deps/x": "x" });
  const outside = join(dirname(root), "outside");
  writeFiles(outside, { file: "mine\n" });
  writeFiles(root, { link: { link: "../outside/file" }, folder: { link: "../outside" } });
  linkSync(join(outside, "file"), join(root, "hard"));
  await expect(files.write("link", "x")).rejects.toEqual(refused("path_refused", /symbolic link/));
  await expect(files.write("folder/new", "x")).rejects.toEqual(refused("path_refused", /symbolic link/));
  await expect(files.remove("folder/file")).rejects.toEqual(refused("path_refused", /symbolic link/));
  await files.write("hard", "theirs\n");
  expect(fingerprint(outside)).toEqual({ file: `644 ${sha256("mine\n")}` });
  for (const path of ["node_modules/m/index.js", "a/node_modules/x", "vendor/deps/x", "vendor/deps/new"]) {
    await expect(files.write(path, "x"), path).rejects.toEqual(refused("path_refused", /installed dependencies/));
  }
  expect(await files.write("vendor/deps-not", "x")).toMatchObject({ before_sha256: null });
});

test("an exact edit replaces the one place and nothing else", async () => {
  const { files, read } = filesOf({ a: "\uFEFFone\r\ntwo $& $1\r\n" });
  expect(await files.editExact("a", "two $&", "three $& $$")).toMatchObject({ path: "a" });
  expect(read("a")).toBe("\uFEFFone\r\nthree $& $$ $1\r\n");
});

test.each([
  ["many", "x", "y", /holds the text 3 times \(lines 1, 2, 2\)/],
  ["many", "xx", "y", /does not hold the text/],
  ["overlap", "aba", "y", /2 times/],
  ["crlf", "one\ntwo", "y", /CRLF/],
  ["spaces", "if (a)\n  b", "y", /other white space/],
  ["spaces", "if (a) {\nnothing", "y", /first line stands in line 1/],
  ["spaces", "", "y", /is empty/],
  ["none", "x", "y", /does not exist/],
  ["bin", "x", "y", /binary/],
  ["latin", "x", "y", /not UTF-8/],
])(
  "an edit of %s that does not fit once is refused with a reason and changes nothing",
  async (path, oldText, newText, why) => {
    const { files, root } = filesOf({
      many: "x\nx x\n",
      overlap: "ababa",
      crlf: "one\r\ntwo\r\n",
      spaces: "if (a) {\n}\nif (a)\n\tb\n",
      bin: new Uint8Array([120, 0]),
      latin: new Uint8Array([120, 0xe4, 10]),
    });
    const before = fingerprint(root);
    await expect(files.editExact(path, oldText, newText)).rejects.toEqual(refused("edit_refused", why));
    expect(fingerprint(root)).toEqual(before);
  },
);

test("remove takes a file away and answers its hash", async () => {
  const { files, root } = filesOf({ a: "1\n", "d/b": "2\n" });
  expect(await files.remove("a")).toEqual({ path: "a", before_sha256: sha256("1\n"), after_sha256: null });
  expect(Object.keys(fingerprint(root))).toEqual(["d/b"]);
  await expect(files.remove("a")).rejects.toEqual(refused("edit_refused", /does not exist/));
  await expect(files.remove("d")).rejects.toEqual(refused("path_refused", /is a folder/));
});

const threeFiles = `diff --git a/a.txt b/a.txt
--- a/a.txt
+++ b/a.txt
@@ -1,3 +1,3 @@
 one
-two
+2
 three
diff --git a/new/tool.sh b/new/tool.sh
new file mode 100755
--- /dev/null
+++ b/new/tool.sh
@@ -0,0 +1 @@
+#!/bin/sh
diff --git a/old b/old
deleted file mode 100644
--- a/old
+++ /dev/null
@@ -1 +0,0 @@
-gone
`;

test("a unified diff changes, makes and removes files in one go", async () => {
  const { files, root, read } = filesOf({ "a.txt": "zero\none\ntwo\nthree\n", old: "gone\n" });
  chmodSync(join(root, "a.txt"), 0o755);
  const edited = await files.applyUnifiedDiff(threeFiles);
  expect(edited.map(({ path, after_sha256 }) => [path, after_sha256])).toEqual([
    ["a.txt", sha256("zero\none\n2\nthree\n")],
    ["new/tool.sh", sha256("#!/bin/sh\n")],
    ["old", null],
  ]);
  expect([
    read("a.txt"),
    lstatSync(join(root, "a.txt")).mode & 0o777,
    lstatSync(join(root, "new/tool.sh")).mode & 0o777,
  ]).toEqual(["zero\none\n2\nthree\n", 0o755, 0o755]);
});

test.each([
  ["one file does not fit", threeFiles.replace("-gone", "-other"), "edit_refused", /does not fit old/],
  ["context differs in white space", threeFiles.replace(" three", "  three"), "edit_refused", /does not fit a\.txt/],
  ["a path leads outside", threeFiles.replaceAll("new/tool.sh", "../tool.sh"), "path_refused", /\.\./],
  ["a path leads into git", threeFiles.replaceAll("new/tool.sh", ".git/hooks/x"), "path_refused", /\.git/],
  ["a path goes through a link", threeFiles.replaceAll("new/tool.sh", "link/tool.sh"), "path_refused", /symbolic link/],
  ["the new file exists", threeFiles.replaceAll("new/tool.sh", "other"), "edit_refused", /exists/],
  ["a file is named twice", threeFiles + threeFiles, "edit_refused", /twice/],
  ["a link would be made", threeFiles.replace("100755", "120000"), "edit_refused", /mode 120000/],
  ["a count is wrong", threeFiles.replace("@@ -1,3 +1,3 @@", "@@ -1,4 +1,4 @@"), "edit_refused", /cannot be read/],
  ["there is no diff", "I have fixed the bug.\n", "edit_refused", /no unified diff/],
  ["hunks name no file", "@@ -1 +1 @@\n-one\n+1\n", "edit_refused", /names no file/],
  ["a file is renamed", "diff --git a/a.txt b/b.txt\nrename from a.txt\nrename to b.txt\n", "edit_refused", /renames/],
  ["two files in each other's way", threeFiles.replaceAll("new/tool.sh", "a.txt/x"), "path_refused", /no folder/],
  [
    "a file and its folder are made",
    `${threeFiles}--- /dev/null\n+++ b/new/tool.sh/x\n@@ -0,0 +1 @@\n+x\n`,
    "edit_refused",
    /lies in a folder/,
  ],
])("where %s, no file is changed", async (_, diff, code, why) => {
  const { files, root } = filesOf({ "a.txt": "one\ntwo\nthree\n", old: "gone\n", other: "x\n", link: { link: ".." } });
  const before = fingerprint(root);
  await expect(files.applyUnifiedDiff(diff)).rejects.toEqual(refused(code, why));
  expect(fingerprint(root)).toEqual(before);
});

test("a diff without prefixes, and one with CRLF files, fit", async () => {
  const { files, read } = filesOf({ "src/a": "one\r\ntwo\r\n" });
  await files.applyUnifiedDiff("--- src/a\n+++ src/a\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n");
  expect(read("src/a")).toBe("one\r\n2\r\n");
});

/** Runs work as a user who may not write where only root may. */
async function withoutPrivileges(folder: string, work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  chmodSync(dirname(folder), 0o755);
  chownSync(folder, 65534, 65534);
  process.seteuid?.(65534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

test("where the disk fails half way, what was written is undone", async () => {
  const { files, root } = filesOf({ "a.txt": "one\ntwo\nthree\n", old: "gone\n" });
  mkdirSync(join(root, "new"));
  chmodSync(join(root, "new"), 0o555);
  const before = fingerprint(root);
  await withoutPrivileges(root, () =>
    expect(files.applyUnifiedDiff(threeFiles)).rejects.toEqual(refused("disk_failed", /tool\.sh/)),
  );
  expect(fingerprint(root)).toEqual(before);
});

test("any text that is no diff is refused, never thrown as something else", async () => {
  const { files } = filesOf({ a: "1\n" });
  const line = fc.oneof(
    fc.constantFrom(
      "--- a/a",
      "+++ b/a",
      "@@ -1 +1 @@",
      "-1",
      "+2",
      "diff --git a/a b/a",
      "\\ No newline",
      " ",
      "rename to x",
      "+++ /dev/null",
      "Index: a",
    ),
    fc.string({ maxLength: 8 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
      await files.write("a", "1\n");
      const error: unknown = await files.applyUnifiedDiff(lines.join("\n")).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(
        error === null || isOrchestratorError(error, "edit_refused") || isOrchestratorError(error, "path_refused"),
        String(error),
      ).toBe(true);
    }),
    { numRuns: 300 },
  );
});
