import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createGit, type Git } from "../io/git.ts";
import { ConfigFile } from "../schema/config.ts";
import { parseConfigFile, readConfigAtCommit } from "./config-at-commit.ts";

const author = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" };

async function repository(): Promise<Git> {
  const path = await mkdtemp(join(tmpdir(), "config-"));
  onTestFinished(() => rm(path, { recursive: true }));
  const git = createGit(path);
  await git.run(["init", "-q"]);
  return git;
}

async function commit(git: Git): Promise<string> {
  await git.run(["add", "-A"]);
  await git.run(["commit", "-q", "--allow-empty", "-m", "change"], { env: author });
  return git.text(["rev-parse", "HEAD"]);
}

const writeConfig = (git: Git, text: string | Uint8Array) =>
  writeFile(join(git.directory, "orchestrator.config.yaml"), text);

test("the policy is the one of the commit, whatever the working copy says", async () => {
  const git = await repository();
  await writeConfig(git, "version: 1\npolicy:\n  require_sandbox: true\nsettings:\n  model: replay:x\n");
  const base = await commit(git);
  await writeConfig(git, "version: 1\npolicy:\n  require_sandbox: false\n");
  const later = await commit(git);
  await writeConfig(git, "nonsense: [");
  expect(await readConfigAtCommit(git, base)).toMatchObject({
    policy: { require_sandbox: true },
    settings: { model: "replay:x" },
  });
  expect((await readConfigAtCommit(git, later)).policy.require_sandbox).toBe(false);
});

test("a commit without the file has the defaults, also where a folder has a file of that name", async () => {
  const git = await repository();
  expect(await readConfigAtCommit(git, await commit(git))).toEqual(ConfigFile.parse({ version: 1 }));
});

test.each([
  [
    "an unknown field",
    "version: 1\npolicy:\n  tool: []\n",
    "orchestrator.config.yaml:3: policy.tool: unknown field; known are scope, protected_paths, tools",
  ],
  [
    "a wrong type",
    "version: 1\npolicy:\n  limits:\n    turns_per_step: many\n",
    "orchestrator.config.yaml:4: policy.limits.turns_per_step: Invalid input: expected number",
  ],
  [
    "a number out of range",
    "version: 1\npolicy:\n  limits: {turns_per_step: 51}\n",
    "orchestrator.config.yaml:3: policy.limits.turns_per_step: Too big: expected number to be <=50",
  ],
  [
    "a glob that cannot be read",
    "version: 1\npolicy:\n  protected_paths:\n    - a\n    - '!b'\n",
    'orchestrator.config.yaml:5: policy.protected_paths.1: the glob "!b" begins with "!"',
  ],
  ["another version", "version: 2\n", "orchestrator.config.yaml:1: version: Invalid input: expected 1"],
  ["nothing", "", "orchestrator.config.yaml:1: the document: Invalid input: expected object"],
  ["an alias", "version: 1\npolicy: &p {}\nsettings: *p\n", "orchestrator.config.yaml:2: the anchor &p"],
])("a file with %s is refused, naming line, field and what would be right", (_, text, message) => {
  expect(() => parseConfigFile(text)).toThrow(
    expect.objectContaining({ code: "config_invalid", message: expect.stringContaining(message) }),
  );
});

test("a symbolic link, bytes that are no text and a huge file are refused", async () => {
  const git = await repository();
  await writeFile(join(git.directory, "real.yaml"), "version: 1\n");
  await symlink("real.yaml", join(git.directory, "orchestrator.config.yaml"));
  await expect(readConfigAtCommit(git, await commit(git))).rejects.toMatchObject({
    code: "config_invalid",
    message: "orchestrator.config.yaml:1: not a regular file",
  });
  await rm(join(git.directory, "orchestrator.config.yaml"));
  await writeConfig(git, Uint8Array.of(0xff, 0xfe));
  await expect(readConfigAtCommit(git, await commit(git))).rejects.toMatchObject({ code: "config_invalid" });
  await writeConfig(git, `version: 1\n#${"x".repeat(1_048_576)}`);
  await expect(readConfigAtCommit(git, await commit(git))).rejects.toThrow("more than 1048576 bytes");
});

test("a commit that does not exist is told apart from a file that does not", async () => {
  const git = await repository();
  await commit(git);
  await expect(readConfigAtCommit(git, "0".repeat(40))).rejects.toMatchObject({ code: "base_not_found" });
  await expect(readConfigAtCommit(git, "--help")).rejects.toMatchObject({ code: "base_not_found" });
  const nowhere = createGit(tmpdir());
  await expect(readConfigAtCommit(nowhere, "HEAD")).rejects.toMatchObject({ code: "git_failed" });
});

test("a reader that is told to stop stops", async () => {
  const git = await repository();
  const base = await commit(git);
  await expect(readConfigAtCommit(git, base, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
});

test("a library of patterns is named, placed and pinned in a way that leaves nothing open, or refused with its field", () => {
  const sha256 = "0".repeat(64);
  const read = (...pins: readonly Record<string, string>[]) =>
    parseConfigFile(JSON.stringify({ version: 1, pattern_libraries: pins })).pattern_libraries;
  for (const from of ["./tools/my patterns", "rules", "@team/rules.v2"])
    expect(read({ name: "own", from, sha256 })).toEqual([{ name: "own", from, sha256 }]);
  expect(parseConfigFile("version: 1\n").pattern_libraries).toEqual([]);
  const odd = ["../x", "./a/../../x", "/abs", "C:\\x", "./a\\b", "tools/x", "https://x.invalid/y", "@team", "./", ""];
  for (const from of odd) expect(() => read({ name: "own", from, sha256 })).toThrow(/pattern_libraries.*from/s);
  for (const name of ["template", "codemod", "Own", "a/b", "..", ""])
    expect(() => read({ name, from: "./x", sha256 })).toThrow(/pattern_libraries.*name/s);
  expect(() => read({ name: "own", from: "./x", sha256: "abc" })).toThrow(/sha256/);
  const twice = { name: "own", from: "./x", sha256 };
  expect(() => read(twice, { ...twice, from: "./y" })).toThrow(/each name once/);
  expect(() => parseConfigFile(JSON.stringify({ version: 1, settings: { pattern_libraries: [twice] } }))).toThrow();
});
