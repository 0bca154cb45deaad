import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  commitFiles,
  fingerprint,
  git,
  temporaryFolder,
  temporaryRepository,
  writeFiles,
} from "./fixtures/temporary-repository.ts";
import { gitVersionProblem, inspectRepository } from "./inspect-repository.ts";

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test("a repository is described by its root, base commit, tree and branch", async () => {
  const root = temporaryRepository({ "src/a.txt": "a\n" }, "a repository with ünïcode 名前");
  const state = await inspectRepository(join(root, "src"));
  expect(state).toEqual({
    root,
    base_commit: git(root, "rev-parse", "HEAD"),
    base_tree: git(root, "rev-parse", "HEAD^{tree}"),
    branch: "main",
    uncommitted_changes: false,
  });
});

test("a named base is taken instead of HEAD, and a branch name keeps its slashes", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const first = git(root, "rev-parse", "HEAD");
  commitFiles(root, { a: "2\n" }, "second");
  git(root, "checkout", "-q", "-b", "feature/x");
  const state = await inspectRepository(root, "main~1");
  expect([state.base_commit, state.branch]).toEqual([first, "feature/x"]);
});

test("a detached HEAD has no branch", async () => {
  const root = temporaryRepository({ a: "1\n" });
  git(root, "checkout", "-q", "--detach");
  expect((await inspectRepository(root)).branch).toBeNull();
});

test("a linked worktree and a shallow clone are fine", async () => {
  const root = temporaryRepository({ a: "1\n" });
  commitFiles(root, { a: "2\n" }, "second");
  const place = temporaryFolder();
  git(root, "worktree", "add", "-q", "-b", "linked", join(place, "linked tree"));
  git(place, "clone", "-q", "--depth=1", `file://${root}`, "shallow");
  expect((await inspectRepository(join(place, "linked tree"))).branch).toBe("linked");
  expect((await inspectRepository(join(place, "shallow"))).base_commit).toBe(git(root, "rev-parse", "main"));
});

test.each([
  ["a changed file", (root: string) => writeFileSync(join(root, "a"), "other\n")],
  [
    "a staged file",
    (root: string) => {
      writeFiles(root, { b: "b" });
      git(root, "add", "b");
    },
  ],
  ["an untracked file", (root: string) => writeFiles(root, { "new file": "b" })],
])("%s counts as an uncommitted change, and looking changes no byte of the repository", async (_, change) => {
  const root = temporaryRepository({ a: "1\n", ".gitignore": "ignored\n" });
  writeFiles(root, { ignored: "x" });
  expect((await inspectRepository(root)).uncommitted_changes).toBe(false);
  change(root);
  const before = fingerprint(root);
  expect((await inspectRepository(root)).uncommitted_changes).toBe(true);
  expect(fingerprint(root)).toEqual(before);
});

test("looking at a repository runs no program of its config", async () => {
  const root = temporaryRepository({ a: "1\n", ".gitattributes": "* filter=evil\n" });
  const marker = join(temporaryFolder(), "ran");
  for (const name of [
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "core.fsmonitor",
    "diff.external",
  ]) {
    git(root, "config", name, `touch '${marker}'; cat`);
  }
  git(root, "config", "filter.evil.required", "true");
  writeFileSync(join(root, "a"), "2\n");
  expect((await inspectRepository(root)).uncommitted_changes).toBe(true);
  expect(fingerprint(join(marker, ".."))).toEqual({});
});

test("what is no usable repository is refused with what to do", async () => {
  const folder = temporaryFolder();
  await expect(inspectRepository(join(folder, "none"))).rejects.toEqual(
    refused("repository_unusable", /none does not exist/),
  );
  await expect(inspectRepository(folder)).rejects.toEqual(
    refused("repository_unusable", /not in a git repository.*git init/),
  );
  git(folder, "init", "-q", "--bare", "bare");
  await expect(inspectRepository(join(folder, "bare"))).rejects.toEqual(
    refused("repository_unusable", /bare repository/),
  );
  git(folder, "init", "-q", "unborn");
  await expect(inspectRepository(join(folder, "unborn"))).rejects.toEqual(
    refused("repository_unusable", /no commit yet/),
  );
  await expect(inspectRepository(join(folder, "unborn", ".git"))).rejects.toEqual(
    refused("repository_unusable", /\.git folder/),
  );
});

test.each(["nowhere", "-rf", "--all", "HEAD~99", "", "a\nb", "a\0b", "HEAD:a"])(
  "the base %j is not found",
  async (base) => {
    const root = temporaryRepository({ a: "1\n" });
    await expect(inspectRepository(root, base)).rejects.toEqual(refused("base_not_found", /there is no commit/));
  },
);

test("submodules are refused by name", async () => {
  const inner = temporaryRepository({ a: "1\n" });
  const root = temporaryRepository({ a: "1\n" });
  git(root, "submodule", "--quiet", "add", inner, "vendor/inner");
  git(root, "commit", "-q", "-m", "submodule");
  await expect(inspectRepository(root)).rejects.toEqual(refused("repository_unusable", /submodules \(vendor\/inner\)/));
  expect((await inspectRepository(root, "HEAD~1")).branch).toBe("main");
});

test.runIf(process.getuid?.() === 0)("a repository of another user is refused", async () => {
  const root = temporaryRepository({ a: "1\n" });
  chownSync(root, 12345, 12345);
  chownSync(join(root, ".git"), 12345, 12345);
  await expect(inspectRepository(root)).rejects.toEqual(refused("repository_unusable", /another user.*chown/));
});

test("a git that is missing or too old is refused", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const path = process.env["PATH"];
  const empty = join(root, "empty");
  mkdirSync(empty);
  process.env["PATH"] = empty;
  try {
    await expect(inspectRepository(root)).rejects.toEqual(refused("repository_unusable", /install git/));
  } finally {
    process.env["PATH"] = path;
  }
  expect(gitVersionProblem("git version 2.30.0")).toBeNull();
  expect(gitVersionProblem("git version 10.2.1 (vendor)")).toBeNull();
  expect(gitVersionProblem("git version 2.29.9")).toMatch(/2\.30 or newer/);
  expect(gitVersionProblem("git version 1.99")).toMatch(/2\.30 or newer/);
  expect(gitVersionProblem("no idea")).toMatch(/"no idea"/);
});
