import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { temporaryFolder } from "../workspace/fixtures/temporary-repository.ts";
import { takeFolderLock, withFolderLock } from "./folder-lock.ts";
import { formatIdentity, identifyProcess } from "./host.ts";

test("a lock that is held turns others away, naming holder and file, and is free once it is let go", async () => {
  const folder = temporaryFolder();
  const first = await takeFolderLock(folder);
  expect(await takeFolderLock(folder)).toEqual({
    ok: false,
    holder: expect.stringContaining(`process ${process.pid} on `),
    file: join(folder, "lock.1"),
  });
  if (first.ok) await first.lock.release();
  expect(readdirSync(folder)).toEqual([]);
  expect((await takeFolderLock(folder)).ok).toBe(true);
});

test.runIf(process.platform === "linux")("a holder that is provably gone loses the lock", async () => {
  const folder = temporaryFolder();
  const self = await identifyProcess();
  for (const gone of [{ start: "1" }, { boot: "00000000-0000-0000-0000-000000000000" }]) {
    writeFileSync(join(folder, "lock.7"), formatIdentity({ ...self, ...gone }));
    const answer = await takeFolderLock(folder);
    expect(readdirSync(folder)).toEqual(["lock.8"]);
    if (answer.ok) await answer.lock.release();
  }
});

test("a holder elsewhere, and a file that names nobody, keep the lock", async () => {
  const folder = temporaryFolder();
  const self = await identifyProcess();
  for (const text of [
    formatIdentity({ ...self, host: "elsewhere", boot: "00000000-0000-0000-0000-000000000000" }),
    "",
    "?",
  ]) {
    writeFileSync(join(folder, "lock.1"), text);
    expect(await takeFolderLock(folder)).toMatchObject({ ok: false });
  }
});

test("of many that try at once, at most one is let in", async () => {
  const folder = temporaryFolder();
  const answers = await Promise.all(Array.from({ length: 12 }, () => takeFolderLock(folder)));
  expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
});

test("work under one lock is done one after the other, whoever comes at once", async () => {
  const folder = join(temporaryFolder(), "lock");
  let inside = 0;
  const order: number[] = [];
  const work = (number: number) =>
    withFolderLock(folder, async () => {
      inside += 1;
      expect(inside).toBe(1);
      await pause(5);
      inside -= 1;
      order.push(number);
    });
  await Promise.all([1, 2, 3].map(work));
  expect(order.sort()).toEqual([1, 2, 3]);
  await expect(withFolderLock(folder, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(readdirSync(folder)).toEqual([]);
});
