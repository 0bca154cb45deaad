import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isOrchestratorError } from "../schema/errors.ts";
import { listenAt, temporaryFolder, writeFiles } from "./fixtures/temporary-repository.ts";
import { normalizePath, resolveInside } from "./resolve-inside.ts";

function hostileTree(): string {
  const root = temporaryFolder("root");
  writeFiles(dirname(root), { "secret.txt": "secret\n", "root-sibling/x": "x\n" });
  writeFiles(root, {
    "a.txt": "a\n",
    "src/b.txt": "b\n",
    ".git/config": "x\n",
    "sub/.git": "gitdir: x\n",
    ".runs/x": "x\n",
    "link-inside": { link: "src/b.txt" },
    "folder-inside": { link: "src" },
    "link-out": { link: "../secret.txt" },
    "folder-out": { link: ".." },
    "link-absolute": { link: "/etc/passwd" },
    "link-git": { link: ".git/config" },
    "chain-1": { link: "chain-2" },
    "chain-2": { link: "folder-out/secret.txt" },
    loop: { link: "loop" },
    dangling: { link: "nowhere" },
  });
  return root;
}

const refused = (message: RegExp) =>
  expect.objectContaining({ code: "path_refused", message: expect.stringMatching(message) });

test.each([
  ["/etc/passwd", /absolute/],
  ["C:\\x", /absolute/],
  ["\\\\server\\share", /absolute/],
  ["../secret.txt", /holds "\.\."/],
  ["src/../../secret.txt", /holds "\.\."/],
  ["src\\..\\..\\secret.txt", /holds "\.\."/],
  [".\u200b./secret.txt", /holds "\.\."/],
  [".../x", /holds "\.\."/],
  ["a\0.txt", /character/],
  ["a\ud800", /character/],
  ["", /names no file/],
  ["./.", /names no file/],
  [".git/config", /leads into \.git/],
  [".GIT/config", /leads into \.GIT/],
  ["sub/.git", /leads into/],
  [".git./config", /leads into/],
  [".git /config", /leads into/],
  [".git::$INDEX_ALLOCATION/config", /leads into/],
  [".g\u200cit/config", /leads into/],
  [".ＧＩＴ/config", /leads into/],
  ["git~1/config", /leads into/],
  ["src\\.git\\config", /leads into/],
  [".runs/x", /leads into/],
  [".RUNS/x", /leads into/],
  [".run\u017f/x", /leads into/],
  ["x".repeat(5000), /longer than/],
])("%j is refused for reading and for writing", async (path, why) => {
  const root = hostileTree();
  await expect(resolveInside(root, path, "read")).rejects.toEqual(refused(why));
  await expect(resolveInside(root, path, "write")).rejects.toEqual(refused(why));
});

test("links are followed for reading where they stay inside, and never for writing", async () => {
  const root = hostileTree();
  expect(await resolveInside(root, "link-inside", "read")).toBe(join(root, "src/b.txt"));
  expect(await resolveInside(root, "folder-inside/b.txt", "read")).toBe(join(root, "src/b.txt"));
  for (const path of [
    "link-inside",
    "folder-inside/b.txt",
    "folder-inside/new",
    "link-out",
    "folder-out/new",
    "dangling",
    "loop",
  ]) {
    await expect(resolveInside(root, path, "write"), path).rejects.toEqual(refused(/symbolic link/));
  }
  for (const path of ["link-out", "folder-out/secret.txt", "folder-out/root-sibling/x", "link-absolute", "chain-1"]) {
    await expect(resolveInside(root, path, "read"), path).rejects.toEqual(refused(/outside the repository/));
  }
  await expect(resolveInside(root, "link-git", "read")).rejects.toEqual(refused(/reserved/));
  await expect(resolveInside(root, "loop", "read")).rejects.toEqual(refused(/cannot be reached/));
});

test("only files are resolved: folders, devices and sockets are refused", async () => {
  const root = hostileTree();
  await listenAt(join(root, "socket"));
  for (const purpose of ["read", "write"] as const) {
    await expect(resolveInside(root, "src", purpose)).rejects.toEqual(refused(/is a folder/));
    await expect(resolveInside(root, "socket", purpose)).rejects.toEqual(refused(/no regular file/));
  }
  await expect(resolveInside(root, "a.txt/x", "write")).rejects.toEqual(refused(/no folder/));
  await expect(resolveInside(root, "none/x", "read")).rejects.toEqual(refused(/does not exist/));
  await expect(resolveInside(root, `src/${"n".repeat(300)}`, "write")).rejects.toEqual(refused(/cannot be reached/));
});

test("a root that is a link itself, spaces, dots and odd names are fine", async () => {
  const root = hostileTree();
  writeFiles(dirname(root), { "link to root": { link: "root" } });
  expect(await resolveInside(join(dirname(root), "link to root"), "./src//b.txt", "read")).toBe(
    join(root, "src/b.txt"),
  );
  expect(await resolveInside(root, "new folder/ü\n名.txt", "write")).toBe(join(root, "new folder/ü\n名.txt"));
  expect(await resolveInside(root, ".gitignore", "write")).toBe(join(root, ".gitignore"));
  expect(normalizePath("./a/./b//c")).toBe("a/b/c");
});

const part = fc.oneof(
  fc.constantFrom(
    "..",
    ".",
    "",
    "src",
    "link-out",
    "folder-out",
    "folder-inside",
    "chain-1",
    ".git",
    ".runs",
    "sub",
    "secret.txt",
    "/",
    "\\",
    "~",
    "etc",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
);
const hostilePath = fc
  .array(part, { maxLength: 6 })
  .chain((parts) => fc.constantFrom("/", "\\", "//", "/./").map((between) => parts.join(between)));

test("no path at all leads outside, or into git's or the runs' folders", async () => {
  const root = hostileTree();
  await fc.assert(
    fc.asyncProperty(hostilePath, fc.constantFrom("read" as const, "write" as const), async (path, purpose) => {
      const place = await resolveInside(root, path, purpose).catch((error: unknown) => {
        if (!isOrchestratorError(error, "path_refused")) throw error;
        return null;
      });
      if (place === null) return;
      let there = place;
      while (!existsSync(there)) there = dirname(there);
      expect(`${realpathSync(there)}${sep}`.startsWith(`${root}${sep}`)).toBe(true);
      expect(place.slice(root.length).split(sep)).not.toContain(".git");
      expect(place.slice(root.length).split(sep)).not.toContain(".runs");
    }),
    { numRuns: 1000 },
  );
});
