import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { removeAbandonedFolders, withTemporaryFolder } from "./temporary-folder.ts";

test("the folder is there for the work alone, and gone when the work fails", async () => {
  let folder = "";
  const work = withTemporaryFolder("test", async (path) => {
    folder = path;
    expect(statSync(path).mode & 0o777).toBe(0o700);
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect([folder === "", existsSync(folder)]).toEqual([false, false]);
});

test("the folders of processes that are surely gone are removed, and no others", async () => {
  const place = mkdtempSync(join(tmpdir(), "abandoned-"));
  vi.stubEnv("TMPDIR", place);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true });
  });
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  await withTemporaryFolder("own", async (own) => {
    const ofPid = (pid: number) => basename(own).replace(/-p\d+\./, `-p${pid}.`);
    const elsewhere = ofPid(gone).replace(/\.[0-9a-f]{8}-/, ".00000000-");
    const kept = [basename(own), elsewhere, "codex-orchestrator-own-Abc123", "codex-orchestrator-own", "other"];
    for (const name of [...kept, ofPid(gone)]) mkdirSync(join(place, name, "inside"), { recursive: true });
    const link = ofPid(gone).replace("-own-", "-link-");
    symlinkSync(join(place, "other"), join(place, link));
    await removeAbandonedFolders();
    expect(readdirSync(place).sort()).toEqual([...kept, link].sort());
    expect(existsSync(join(place, "other", "inside"))).toBe(true);
  });
});
