import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSmallFile } from "./small-file.ts";

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
