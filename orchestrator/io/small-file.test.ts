import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSmallFile, replaceSmallFile, syncFolder } from "./small-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "small-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a file is read whole, and a missing one is null", async () => {
  await writeFile(join(folder, "a"), "text");
  await writeFile(join(folder, "empty"), "");
  expect((await readSmallFile(join(folder, "a"), 4))?.toString()).toBe("text");
  expect((await readSmallFile(join(folder, "empty"), 4))?.length).toBe(0);
  expect(await readSmallFile(join(folder, "none"), 4)).toBeNull();
  expect(await readSmallFile(join(folder, "a", "b"), 4)).toBeNull();
});

test("what is too large or no file is a fault", async () => {
  await writeFile(join(folder, "large"), "12345");
  await expect(readSmallFile(join(folder, "large"), 4)).rejects.toMatchObject({ code: "disk_failed" });
  await expect(readSmallFile(folder, 4)).rejects.toMatchObject({ code: "disk_failed" });
});

test("a file is replaced whole, for its owner only, and leaves nothing beside it", async () => {
  const path = join(folder, "replaced");
  for (const durable of [false, true]) {
    await replaceSmallFile(path, `${durable}`, durable);
    expect(await readFile(path, "utf8")).toBe(`${durable}`);
  }
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await mkdir(join(folder, "taken"));
  await expect(replaceSmallFile(join(folder, "taken"), "x")).rejects.toMatchObject({ code: "disk_failed" });
  await expect(replaceSmallFile(join(folder, "none", "x"), "x")).rejects.toMatchObject({ code: "disk_failed" });
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("a folder that is not there cannot be synced", async () => {
  await syncFolder(folder);
  await expect(syncFolder(join(folder, "none"))).rejects.toMatchObject({ code: "disk_failed" });
});
