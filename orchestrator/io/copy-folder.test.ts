import { existsSync, lstatSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprint, listenAt, temporaryFolder, writeFiles } from "../workspace/fixtures/temporary-repository.ts";
import { copyFolder } from "./copy-folder.ts";

async function source(): Promise<{ root: string; folder: string; target: string }> {
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
  await listenAt(join(folder, "socket"));
  return { root, folder, target: join(temporaryFolder(), "copy") };
}

test.each([true, false])(
  "a folder is copied with modes and with the links that stay inside (hard links: %s)",
  async (link) => {
    const { root, folder, target } = await source();
    const count = await copyFolder({ source: folder, target, link, linkRoots: [folder, root], leaveOut: [".cache"] });
    expect(count).toEqual({ linked: link ? 3 : 0, copied: link ? 0 : 3 });
    const {
      ".cache/x": _cache,
      socket: _socket,
      escapes: _escapes,
      "absolute-escapes": _absolute,
      ...wanted
    } = fingerprint(folder);
    expect(fingerprint(target)).toEqual({ ...wanted, absolute: "link m" });
    expect(statSync(join(target, "m/index.js")).ino === statSync(join(folder, "m/index.js")).ino).toBe(link);
  },
);

test("links to places that are no root are left out", async () => {
  const { folder, target } = await source();
  await copyFolder({ source: folder, target, link: true, linkRoots: [folder], leaveOut: [] });
  expect(() => lstatSync(join(target, "@s/a"))).toThrow("ENOENT");
  expect(lstatSync(join(target, ".bin/m")).isSymbolicLink()).toBe(true);
});

const otherDisk = "/dev/shm";
const hasOtherDisk =
  statSync(otherDisk, { throwIfNoEntry: false })?.dev !== statSync(tmpdir()).dev && existsSync(otherDisk);

test.runIf(hasOtherDisk)("to another disk files are copied, since no hard link can be made", async () => {
  const { folder } = await source();
  const target = join(temporaryFolder("other", otherDisk), "copy");
  const count = await copyFolder({ source: folder, target, link: true, linkRoots: [], leaveOut: [] });
  expect(count).toEqual({ linked: 0, copied: 4 });
});
