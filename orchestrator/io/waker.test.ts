import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWaker } from "./waker.ts";
import { watchFolder } from "./watch-folder.ts";

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

test("a wait ends by itself, by a call, or by an abort", async () => {
  const waker = createWaker();
  expect(await timed(() => waker.wait(30))).toBeGreaterThan(20);
  setTimeout(waker.wake, 10);
  expect(await timed(() => waker.wait(20_000))).toBeLessThan(5000);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 10);
  expect(await timed(() => waker.wait(20_000, stop.signal))).toBeLessThan(5000);
  expect(await timed(() => waker.wait(20_000, stop.signal))).toBeLessThan(5000);
});

test("a call before the wait is not lost, and counts once", async () => {
  const waker = createWaker();
  waker.wake();
  expect(await timed(() => waker.wait(20_000))).toBeLessThan(5000);
  expect(await timed(() => waker.wait(30))).toBeGreaterThan(20);
});

test("a change in a watched folder ends the wait; a folder that cannot be watched just waits", async () => {
  const folder = await mkdtemp(join(tmpdir(), "watch-"));
  const watch = watchFolder(folder);
  setTimeout(() => writeFile(join(folder, "a"), "x"), 10);
  expect(await timed(() => watch.change(10_000))).toBeLessThan(9000);
  watch.close();
  const none = watchFolder(join(folder, "none"));
  expect(await timed(() => none.change(30))).toBeGreaterThan(20);
  none.close();
  await rm(folder, { recursive: true, force: true });
});
