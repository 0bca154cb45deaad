import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAppendFile, cutFile, isPresent, readFrom, sizeOf, syncFile } from "./append-file.ts";
import { type Disk, failingDisk } from "./disk.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "append-"));
  path = join(folder, "log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function create(disk?: Disk) {
  const file = createAppendFile(path, disk);
  if (file === null) throw new Error("it exists");
  return file;
}

test("a file is made once, for its owner only, and grows", async () => {
  const file = create();
  file.append(Buffer.from("one\n"));
  file.append(Buffer.from("two\n"));
  await file.sync();
  expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(createAppendFile(path)).toBeNull();
  file.close();
});

test("a write that does not fit is undone, and the next one goes where it should", async () => {
  for (const writtenBytes of [0, 3]) {
    const faults = { write: 2, writtenBytes };
    const file = create(failingDisk(faults));
    file.append(Buffer.from("one\n"));
    expect(() => file.append(Buffer.from("two\n"))).toThrow(expect.objectContaining({ code: "disk_failed" }));
    expect(await readFile(path, "utf8")).toBe("one\n");
    file.close();
    await rm(path);
  }
});

test("where a half-written line cannot be cut off, nothing more is written", async () => {
  const file = create(failingDisk({ write: 2, writtenBytes: 2, cut: 1 }));
  file.append(Buffer.from("one\n"));
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect(() => file.append(Buffer.from("two\n"))).toThrow(expect.objectContaining({ code: "disk_failed" }));
  }
  expect(await readFile(path, "utf8")).toBe("one\ntw");
  await expect(file.sync()).rejects.toMatchObject({ code: "disk_failed" });
  file.close();
});

test("after a failed sync nothing is promised any more", async () => {
  const file = create(failingDisk({ sync: 1 }));
  file.append(Buffer.from("one\n"));
  await expect(file.sync()).rejects.toMatchObject({ code: "disk_failed" });
  await expect(file.sync()).rejects.toMatchObject({ code: "disk_failed" });
  expect(() => file.append(Buffer.from("two\n"))).toThrow(expect.objectContaining({ code: "disk_failed" }));
  file.close();
});

test("a file knows when its name was taken away or given to another", async () => {
  const file = create();
  expect(file.isInPlace()).toBe(true);
  await rename(path, join(folder, "moved"));
  expect(file.isInPlace()).toBe(false);
  await writeFile(path, "other");
  expect(file.isInPlace()).toBe(false);
  file.close();
});

test("after a cut from outside, bytes still go to the end", async () => {
  const file = create();
  file.append(Buffer.from("one\ntwo\n"));
  await cutFile(path, 4);
  file.append(Buffer.from("three\n"));
  expect(await readFile(path, "utf8")).toBe("one\nthree\n");
  file.close();
});

test("reading on starts where it is told, and a missing file is null", async () => {
  await writeFile(path, "0123456789");
  expect((await readFrom(path, 4, 3))?.toString()).toBe("456");
  expect((await readFrom(path, 50, 3))?.toString()).toBe("");
  expect(await readFrom(join(folder, "none"), 0, 3)).toBeNull();
  expect([sizeOf(path), sizeOf(join(folder, "none"))]).toEqual([10, 0]);
});

test("what cannot be told is a fault, not a no", async () => {
  expect(isPresent(join(folder, "none"))).toBe(false);
  expect(isPresent(join(path, "below", "a", "file"))).toBe(false);
  expect(() => isPresent(join(folder, "x".repeat(300)))).toThrow(expect.objectContaining({ code: "disk_failed" }));
  await expect(syncFile(join(folder, "none"))).rejects.toMatchObject({ code: "disk_failed" });
  await expect(cutFile(join(folder, "none"), 0)).rejects.toMatchObject({ code: "disk_failed" });
  await mkdir(path);
  await expect(readFrom(path, 0, 3)).rejects.toMatchObject({ code: "disk_failed" });
});
