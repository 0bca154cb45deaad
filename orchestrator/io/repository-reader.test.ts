import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDirectoryReader } from "./repository-reader.ts";

async function makeRepository() {
  const outside = await mkdtemp(join(tmpdir(), "reader-"));
  onTestFinished(() => rm(outside, { recursive: true, force: true }));
  const root = join(outside, "repository");
  await mkdir(join(root, "src", "deep"), { recursive: true });
  await writeFile(join(root, "src", "ä b.txt"), "grüße");
  await writeFile(join(outside, "secret.txt"), "secret");
  return { outside, root, reader: createDirectoryReader(root) };
}

test("files are read, and what is not there is null", async () => {
  const { reader } = await makeRepository();
  expect(await reader.read("src/ä b.txt")).toBe("grüße");
  expect(await reader.read("src/none.txt")).toBeNull();
  expect(await reader.read("src/ä b.txt/none")).toBeNull();
  expect(await reader.read("src")).toBeNull();
  expect(await reader.exists("src")).toBe(true);
  expect(await reader.exists("none")).toBe(false);
});

test("a folder lists its names in order, folders with a slash; what is no folder lists nothing", async () => {
  const { reader } = await makeRepository();
  expect(await reader.list("src")).toEqual(["deep/", "ä b.txt"]);
  expect(await reader.list(".")).toEqual(["src/"]);
  expect(await reader.list("none")).toEqual([]);
  expect(await reader.list("src/ä b.txt")).toEqual([]);
});

test("what lies outside of the folder is not there, by no way", async () => {
  const { outside, root, reader } = await makeRepository();
  await symlink(join(outside, "secret.txt"), join(root, "link.txt"));
  await symlink(outside, join(root, "up"));
  await symlink("loop", join(root, "loop"));
  for (const path of [
    "../secret.txt",
    "src/../../secret.txt",
    join(outside, "secret.txt"),
    "link.txt",
    "up/secret.txt",
    "loop",
    "a\0b",
  ]) {
    expect(await reader.read(path)).toBeNull();
    expect(await reader.exists(path)).toBe(false);
  }
  expect(await reader.list("up")).toEqual([]);
  expect(await reader.list("..")).toEqual([]);
});

test("a link that stays inside is followed, also where the root itself is reached by a link", async () => {
  const { outside, root } = await makeRepository();
  await symlink("src/ä b.txt", join(root, "inside.txt"));
  await symlink(root, join(outside, "alias"));
  expect(await createDirectoryReader(join(outside, "alias")).read("inside.txt")).toBe("grüße");
});

test("a file over 4 MiB is not read", async () => {
  const { root, reader } = await makeRepository();
  await writeFile(join(root, "fits"), Buffer.alloc(4 * 1024 * 1024, "a"));
  await writeFile(join(root, "large"), Buffer.alloc(4 * 1024 * 1024 + 1, "a"));
  expect((await reader.read("fits"))?.length).toBe(4 * 1024 * 1024);
  expect(await reader.read("large")).toBeNull();
  expect(await reader.exists("large")).toBe(true);
});
