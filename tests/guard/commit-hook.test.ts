import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { git, temporaryRepository } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { start } from "./bypass-table.ts";
import { today } from "./git-history.ts";
import { spec } from "./sample-specs.ts";

const program = fileURLToPath(new URL("../../dist/spec-guard.mjs", import.meta.url));
const specFile = "tasks/specs/0007-retry.md";
const policy = String(start["spec-guard.yaml"]);

/** A repository whose hook is the guard, with a controlled edit, and a spec for it that git does not track. */
function createHooked(): string {
  const repository = temporaryRepository({ "spec-guard.yaml": policy, "src/retry/retry.ts": "retry\n" });
  const hook = join(repository, ".git/hooks/pre-commit");
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${program}' --base HEAD --now ${today}\n`);
  chmodSync(hook, 0o755);
  mkdirSync(join(repository, dirname(specFile)), { recursive: true });
  writeFileSync(join(repository, specFile), spec());
  writeFileSync(join(repository, "src/retry/retry.ts"), "better\n");
  return repository;
}

function commit(repository: string, ...args: readonly string[]) {
  const env = { PATH: process.env["PATH"] ?? "", HOME: repository, GIT_CONFIG_NOSYSTEM: "1" };
  const person = ["-c", "user.name=Bo", "-c", "user.email=bo@example.com"];
  const ended = spawnSync("git", [...person, "commit", "-q", "-m", "x", ...args], {
    cwd: repository,
    env,
    encoding: "utf8",
  });
  return { exit: ended.status, said: ended.stdout + ended.stderr };
}

test.each([["-a"], ["src/retry/retry.ts"]])(
  "a commit by %s without the spec that lies untracked in the folder is stopped by the hook",
  (argument) => {
    const { exit, said } = commit(createHooked(), argument);
    expect([exit, said]).toEqual([1, expect.stringContaining("as staged: src/retry/retry.ts")]);
  },
);

test("a commit of the edit with its spec passes the hook", () => {
  const repository = createHooked();
  git(repository, "add", "--", specFile);
  expect(commit(repository, "-a")).toMatchObject({ exit: 0 });
});
