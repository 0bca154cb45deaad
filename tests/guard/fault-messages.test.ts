import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { git, temporaryRepository } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";

const policy = "version: 1\ncontrolled:\n  - paths: [src/**]\n";

async function judge(cwd: string, ...argv: readonly string[]) {
  const io = createTestIo({ cwd });
  const exit = await guardMain([...argv, "--now", "2026-11-21"], io);
  return { exit, said: io.output() + io.errors() };
}

function playground() {
  const repository = temporaryRepository({ "spec-guard.yaml": policy, "src/a.ts": "a\n" }, "repository");
  git(repository, "commit", "-q", "--allow-empty", "-m", "more");
  return repository;
}

test("inside the .git folder the guard says where to go, and in the working copy it judges", async () => {
  const repository = playground();
  const inside = await judge(join(repository, ".git"), "--base", "HEAD");
  expect(inside).toMatchObject({ exit: 2, said: expect.stringContaining("cd to the working copy") });
  expect(await judge(repository, "--base", "HEAD")).toMatchObject({ exit: 0 });
});

test("a commit that is too far back is not looked for at the remote", async () => {
  const repository = playground();
  const missing = await judge(repository, "--base", "HEAD~50", "--head", "HEAD");
  expect(missing).toMatchObject({ exit: 2, said: expect.stringContaining("git log --oneline HEAD, and name") });
  expect(missing.said).not.toContain("fetch");
  const remote = await judge(repository, "--base", "origin/main", "--head", "HEAD");
  expect(remote.said).toContain("run: git fetch origin main:refs/remotes/origin/main");
  expect(await judge(repository, "--base", "HEAD~1", "--head", "HEAD")).toMatchObject({ exit: 0 });
});

test("a fault of git says the cause and the way out, without our settings in front of it", async () => {
  const repository = playground();
  const policyObject = git(repository, "rev-parse", "HEAD:spec-guard.yaml");
  rmSync(join(repository, ".git/objects", policyObject.slice(0, 2), policyObject.slice(2)));
  const { exit, said } = await judge(repository, "--base", "HEAD~1", "--head", "HEAD");
  expect(exit).toBe(2);
  expect(said).toContain("so the clone is not whole; run: git fetch --refetch origin");
  expect(said).not.toMatch(/ -c |hint:|core\./);
});
