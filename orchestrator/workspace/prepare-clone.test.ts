import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWorkspace } from "./create-workspace.ts";
import { cloneOf } from "./fixtures/temporary-clone.ts";
import {
  type Content,
  commitFiles,
  fingerprint,
  git,
  temporaryFolder,
  temporaryRepository,
  writeFiles,
} from "./fixtures/temporary-repository.ts";
import { inspectRepository } from "./inspect-repository.ts";
import { prepareClone } from "./prepare-clone.ts";

const odd: Record<string, Content> = {
  "a file with spaces.txt": "a\n",
  "ünïcode/名前.txt": "b\n",
  "line\nbreak.txt": "c\n",
  "crlf.txt": "one\r\ntwo\r\n",
  "tool.sh": { executable: "#!/bin/sh\n" },
  "link to file": { link: "crlf.txt" },
  "link outside": { link: "/etc/hostname" },
  "binary.bin": new Uint8Array([0, 1, 2, 255]),
};
const isGit = (path: string) => path === ".git";

test("a clone has the files of the base commit, byte for byte, with modes and links", async () => {
  const root = temporaryRepository(odd, "a place with spaces, 名前");
  const clone = await cloneOf(root);
  expect(fingerprint(clone.root, isGit)).toEqual(fingerprint(root, isGit));
  expect(await createWorkspace(clone).snapshot()).toBe(git(root, "rev-parse", "HEAD^{tree}"));
});

test("untracked and changed files of the user are not in the clone", async () => {
  const root = temporaryRepository({ a: "1\n", ".gitignore": "secret\n" });
  writeFiles(root, { a: "2\n", b: "new", secret: "x" });
  const clone = await cloneOf(root);
  expect(Object.keys(fingerprint(clone.root, isGit)).sort()).toEqual([".gitignore", "a"]);
  expect(readFileSync(join(clone.root, "a"), "utf8")).toBe("1\n");
});

test.each(["worktree", "shallow", "detached", "sha256"])(
  "a %s source can be cloned, and its history read",
  async (kind) => {
    const origin = temporaryRepository(
      { a: "1\n" },
      "origin",
      ...(kind === "sha256" ? ["--object-format=sha256"] : []),
    );
    commitFiles(origin, { a: "2\n" }, "second");
    const place = temporaryFolder();
    if (kind === "worktree") git(origin, "worktree", "add", "-q", "--detach", join(place, "copy"));
    if (kind === "shallow") git(place, "clone", "-q", "--depth=1", `file://${origin}`, "copy");
    if (kind === "detached") git(origin, "checkout", "-q", "--detach");
    const clone = await cloneOf(kind === "worktree" || kind === "shallow" ? join(place, "copy") : origin);
    const workspace = createWorkspace(clone);
    expect((await workspace.log(10)).map(({ subject }) => subject)).toEqual(
      kind === "shallow" ? ["second"] : ["second", "first"],
    );
    expect(await workspace.snapshot()).toBe(clone.baseTree);
  },
);

test("a filter that the attributes name is not run, though git's config in the repository defines it", async () => {
  const root = temporaryRepository({ ".gitattributes": "*.txt filter=evil diff=evil merge=evil\n", "a.txt": "1\n" });
  const trace = temporaryFolder();
  for (const name of [
    "filter.evil.smudge",
    "filter.evil.clean",
    "filter.evil.process",
    "diff.evil.command",
    "diff.evil.textconv",
  ]) {
    git(root, "config", name, `touch '${join(trace, "ran")}'; cat`);
  }
  const workspace = createWorkspace(await cloneOf(root));
  await workspace.files.write("a.txt", "2\n");
  expect((await workspace.changeSet()).change.paths.map(({ path }) => path)).toEqual(["a.txt"]);
  await workspace.restore(workspace.baseTree);
  expect(fingerprint(trace)).toEqual({});
});

test("a complete clone is kept with the agent's work; a half-made one is made again", async () => {
  const root = temporaryRepository({ a: "1\n", "b/c": "2\n" });
  const repository = await inspectRepository(root);
  const directory = join(temporaryFolder(), "run-1");
  const clone = await prepareClone({ repository, runId: "run-1", directory });
  writeFileSync(join(clone.root, "a"), "agent\n");
  writeFileSync(join(clone.gitDirectory, "index.lock"), "");
  await prepareClone({ repository, runId: "run-1", directory });
  expect(readFileSync(join(clone.root, "a"), "utf8")).toBe("agent\n");
  expect(await createWorkspace(clone).snapshot()).not.toBe(clone.baseTree);
  for (const missing of ["clone.json", "git", "view", "tree"]) {
    rmSync(join(directory, missing), { recursive: true });
    if (missing !== "clone.json") rmSync(join(directory, "clone.json"));
    const again = await prepareClone({ repository, runId: "run-1", directory });
    expect(await createWorkspace(again).snapshot()).toBe(clone.baseTree);
    expect(existsSync(join(directory, "view", "index"))).toBe(true);
  }
});

test("a commit of the run outlives a second preparation", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const repository = await inspectRepository(root);
  const directory = join(temporaryFolder(), "run-1");
  const workspace = createWorkspace(await prepareClone({ repository, runId: "run-1", directory }));
  await workspace.files.write("a", "2\n");
  const commit = await workspace.commit({
    tree: await workspace.snapshot(),
    message: "x",
    timestamp: "2026-01-02T03:04:05.000Z",
  });
  const again = createWorkspace(await prepareClone({ repository, runId: "run-1", directory }));
  expect((await again.log(1))[0]?.commit).toBe(commit);
});

test("two runs on one repository share nothing but objects", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const before = fingerprint(root);
  const [one, two] = await Promise.all([cloneOf(root, "run-1"), cloneOf(root, "run-2")]);
  const [first, second] = [createWorkspace(one), createWorkspace(two)];
  await Promise.all([first.files.write("a", "one\n"), second.files.write("a", "two\n")]);
  expect(await first.snapshot()).not.toBe(await second.snapshot());
  expect(fingerprint(root)).toEqual(before);
});

test("a clone inside the repository, a strange run id and missing objects are refused", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const repository = await inspectRepository(root);
  const clone = (runId: string, directory: string) => prepareClone({ repository, runId, directory });
  const before = fingerprint(root);
  const [aside, around] = [temporaryFolder(), join(root, "cache")];
  writeFiles(aside, { way: { link: root } });
  for (const place of [around, join(around, "deep/er"), join(aside, "way/cache/deep"), root, join(root, "..")]) {
    await expect(clone("run-1", place), place).rejects.toMatchObject({ code: "usage" });
  }
  expect([fingerprint(root), existsSync(around)]).toEqual([before, false]);
  await expect(clone("../x", temporaryFolder())).rejects.toMatchObject({ code: "usage" });
  await expect(clone("a..b", temporaryFolder())).rejects.toMatchObject({ code: "usage" });
  const blob = git(root, "rev-parse", "HEAD:a");
  rmSync(join(root, ".git", "objects", blob.slice(0, 2), blob.slice(2)));
  await expect(clone("run-1", temporaryFolder())).rejects.toMatchObject({
    code: "repository_unusable",
    message: expect.stringMatching(/cannot be checked out.*partial clone/s),
  });
});

test("a file of 5 MiB is cloned and changed", async () => {
  const root = temporaryRepository({ "big.bin": Buffer.alloc(5_242_880, "abcdefgh\n") });
  const clone = await cloneOf(root);
  const workspace = createWorkspace(clone);
  writeFileSync(join(clone.root, "big.bin"), Buffer.alloc(5_242_880, "12345678\n"));
  const { change } = await workspace.changeSet();
  expect(change.paths).toMatchObject([{ path: "big.bin", kind: "modified" }]);
});

const hostile = (trace: string) => `
set -u
git rev-parse HEAD > seen-head
git config core.hooksPath "$PWD/hooks"; git config core.fsmonitor "touch ${trace}/fsmonitor"
git config diff.external "touch ${trace}/external"; git config alias.status "!touch ${trace}/alias"
git config filter.evil.clean "touch ${trace}/clean; cat"; git config filter.evil.smudge "touch ${trace}/smudge; cat"
git config core.pager "touch ${trace}/pager"; git config core.sshCommand "touch ${trace}/ssh"
git config core.editor "touch ${trace}/editor"
echo '* filter=evil' > .gitattributes
mkdir -p hooks "$(git rev-parse --git-dir)/hooks"
for hook in pre-commit post-commit post-checkout reference-transaction post-index-change fsmonitor-watchman; do
  printf '#!/bin/sh\\ntouch ${trace}/%s\\n' $hook | tee hooks/$hook > "$(git rev-parse --git-dir)/hooks/$hook"
  chmod +x hooks/$hook "$(git rev-parse --git-dir)/hooks/$hook"
done
git update-ref refs/heads/main HEAD; git update-ref refs/heads/planted HEAD; git tag planted
echo ${trace} >> "$(git rev-parse --git-dir)/objects/info/alternates"
echo '* filter=evil' > "$(git rev-parse --git-dir)/info/attributes"
git commit -q --allow-empty -m planted; git gc -q --prune=now; git update-ref refs/heads/late HEAD
`;

test("code under test that plants hooks, config and refs changes no byte of the user's repository and decides nothing in ours", async () => {
  const root = temporaryRepository({ a: "1\n", "b.txt": "2\n" });
  writeFiles(root, { untracked: "mine", a: "changed by the user\n" });
  const before = fingerprint(root);
  const clone = await cloneOf(root);
  const trace = temporaryFolder("trace");
  const env = { PATH: process.env["PATH"], HOME: trace, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const ran = spawnSync("sh", ["-c", hostile(trace)], { cwd: clone.root, env, encoding: "utf8" });
  expect(readFileSync(join(clone.root, "seen-head"), "utf8").trim(), ran.stderr).toBe(clone.baseCommit);
  expect(existsSync(join(clone.directory, "view", "refs", "heads", "late")), ran.stderr).toBe(true);
  rmSync(trace, { recursive: true });
  mkdirSync(trace);
  const workspace = createWorkspace(clone);
  await workspace.files.write("a", "agent\n");
  const tree = await workspace.snapshot();
  await workspace.changeSet(tree);
  await workspace.commit({ tree, message: "x", timestamp: "2026-01-02T03:04:05.000Z" });
  await workspace.log(5);
  await workspace.bundle();
  await workspace.restore(workspace.baseTree);
  await prepareClone({ repository: await inspectRepository(root), runId: "run-1", directory: clone.directory });
  expect(fingerprint(trace)).toEqual({});
  expect(fingerprint(root)).toEqual(before);
});

const planted = {
  config: '[core]\n\tfsmonitor = "touch ran"\n',
  "info/attributes": "* diff=evil\n",
  "objects/info/alternates": "/elsewhere/objects\n",
  commondir: "/elsewhere\n",
  "config.worktree": "[core]\n",
  "hooks/post-commit": "#!/bin/sh\n",
  "base-ignore": "*\n",
};

test("git is not run once the private git folder is changed from outside, until the clone is prepared again", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const clone = await cloneOf(root);
  const repository = await inspectRepository(root);
  for (const [path, content] of Object.entries(planted)) {
    writeFiles(clone.gitDirectory, { [path]: content });
    await expect(createWorkspace(clone).snapshot(), path).rejects.toMatchObject({
      code: "git_failed",
      message: expect.stringContaining("changed from outside"),
    });
    const again = await prepareClone({ repository, runId: "run-1", directory: clone.directory });
    expect(await createWorkspace(again).snapshot()).toBe(clone.baseTree);
  }
});

test("a clone without a folder for its files any more is refused, not followed", async () => {
  const root = temporaryRepository({ a: "1\n" });
  const clone = await cloneOf(root);
  rmSync(clone.root, { recursive: true });
  writeFiles(clone.directory, { tree: { link: root } });
  await expect(createWorkspace(clone).restore(clone.baseTree)).rejects.toMatchObject({ code: "git_failed" });
  expect(lstatSync(clone.root).isSymbolicLink()).toBe(true);
});
