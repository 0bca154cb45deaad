import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createGit } from "./git.ts";
import { createGitObjectReader } from "./git-object-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "git-limits-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** An alias that is a program, which git waits for. */
const slow = ["-c", "alias.slow=!sleep 5", "slow"];

test("a call of git ends at its time limit, even where a child of its own holds the pipes open", async () => {
  const started = performance.now();
  const call = createGit(folder, [], { timeoutMs: 300 }).run(slow);
  await expect(call).rejects.toMatchObject({ code: "git_failed", message: expect.stringContaining("within 0.3 s") });
  expect(performance.now() - started).toBeLessThan(4000);
  await expect(createGit(folder, [], { timeoutMs: 60_000 }).text(["--version"])).resolves.toContain("git version");
});

test("a call of git ends with the signal that it was given, and none is started after it", async () => {
  const controller = new AbortController();
  const git = createGit(folder, [], { signal: controller.signal });
  const started = performance.now();
  const call = git.run(slow);
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: "aborted" });
  await expect(git.run(["--version"])).rejects.toMatchObject({ code: "aborted" });
  await expect(createGitObjectReader(git, [], { signal: controller.signal }).read(["HEAD"], 10)).rejects.toMatchObject({
    code: "aborted",
  });
  expect(performance.now() - started).toBeLessThan(4000);
});

test("a fault names what git was asked and what it said, and neither our settings nor a hint of them", async () => {
  const fault = await createGit(folder, ["core.ignoreCase=false"]).run(["log", "nothing"]).catch(String);
  expect(fault).toContain(`git log nothing in ${folder}: fatal:`);
  expect(fault).not.toMatch(/ -c |hint:/);
});
