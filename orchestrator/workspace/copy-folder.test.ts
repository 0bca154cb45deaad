import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyFolder } from "./copy-folder.ts";
import { fingerprint, temporaryFolder, writeFiles } from "./fixtures/temporary-repository.ts";

function source(): { root: string; folder: string; target: string } {
  const root = temporaryFolder("root");
  const folder = join(root, "node_modules");
  writeFiles(root, { "packages/a/index.js": "a\n", outside: "x\n" });
  writeFiles(folder, {
    "m/index.js": "m\n",
    "m/cli.js": { executable: "#!/usr/bin/env node\n" },
    ".bin/m": { link: "../m/cli.js" },
    "@s/a": { link: "../../packages/a" },
    absolute: { link: join(folder, "m") },
    escapes: { link: "../../../../etc" },
    "absolute-escapes": { link: "/etc/passwd" },
    ".cache/x": "cache\n",
    "m/.cache/y": "kept\n",
  });
  spawnSync("mkfifo", [join(folder, "pipe")]);
  return { root, folder, target: join(temporaryFolder(), "copy") };
}

test.each([true, false])(
  "a folder is copied with modes and with the links that stay inside (hard links: %s)",
  async (link) => {
    const { root, folder, target } = source();
    const count = await copyFolder({ source: folder, target, link, linkRoots: [folder, root], leaveOut: [".cache"] });
    expect(count).toEqual({ linked: link ? 3 : 0, copied: link ? 0 : 3 });
    const {
      ".cache/x": _cache,
      pipe: _pipe,
      escapes: _escapes,
      "absolute-escapes": _absolute,
      ...wanted
    } = fingerprint(folder);
    expect(fingerprint(target)).toEqual({ ...wanted, absolute: "link m" });
    expect(statSync(join(target, "m/index.js")).ino === statSync(join(folder, "m/index.js")).ino).toBe(link);
  },
);

test("links to places that are no root are left out", async () => {
  const { folder, target } = source();
  await copyFolder({ source: folder, target, link: true, linkRoots: [folder], leaveOut: [] });
  expect(() => lstatSync(join(target, "@s/a"))).toThrow("ENOENT");
  expect(lstatSync(join(target, ".bin/m")).isSymbolicLink()).toBe(true);
});

test("where the disk allows no hard link, files are copied", async () => {
  const { folder } = source();
  const other = "/dev/shm";
  const isOtherDisk = statSync(other, { throwIfNoEntry: false })?.dev !== statSync(folder).dev;
  const target = join(
    isOtherDisk && process.platform === "linux" ? temporaryFolderOn(other) : temporaryFolder(),
    "copy",
  );
  const count = await copyFolder({ source: folder, target, link: true, linkRoots: [], leaveOut: [] });
  expect(count.linked + count.copied).toBe(5);
  expect(count.copied > 0).toBe(target.startsWith(other));
});

function temporaryFolderOn(disk: string): string {
  const folder = join(disk, `workspace-test-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
