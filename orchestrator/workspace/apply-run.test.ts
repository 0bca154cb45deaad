import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ApplyRequest, applyRun } from "./apply-run.ts";
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

const lines = (...changed: string[]) =>
  Array.from({ length: 12 }, (_, index) => `${changed[index] ?? `line ${index}`}\n`).join("");

/** A repository, and a finished run that changed some of its files. */
async function finishedRun(
  files: Record<string, Content>,
  changes: Record<string, string | null>,
): Promise<ApplyRequest> {
  const root = temporaryRepository(files);
  const workspace = createWorkspace(await cloneOf(root));
  for (const [path, content] of Object.entries(changes)) {
    await (content === null ? workspace.files.remove(path) : workspace.files.write(path, content));
  }
  const tree = await workspace.snapshot();
  const commit = await workspace.commit({ tree, message: "Run's change", timestamp: "2026-01-02T03:04:05.000Z" });
  return { repositoryRoot: root, runId: "run-1", bundle: await workspace.bundle(), commit, base: workspace.baseCommit };
}

const isRunData = (path: string) => /^\.git\/(objects|(logs\/)?refs\/heads\/orchestrator)\//.test(path);

test("on the base the change comes in by fast-forward, and a second time nothing happens", async () => {
  const request = await finishedRun(
    { a: "1\n", gone: "x\n", "ü b": "1\n" },
    { a: "2\n", gone: null, "new/f": "n\n", "ü b": "2\n" },
  );
  const root = request.repositoryRoot;
  writeFiles(root, { "my own": "untracked", other: "y" });
  expect(await applyRun(request)).toEqual({ outcome: "applied", how: "fast_forward", head: request.commit });
  expect([git(root, "rev-parse", "main"), git(root, "rev-parse", "orchestrator/run-1")]).toEqual([
    request.commit,
    request.commit,
  ]);
  expect(git(root, "status", "--porcelain")).toBe('?? "my own"\n?? other');
  expect([
    readFileSync(join(root, "a"), "utf8"),
    existsSync(join(root, "gone")),
    readFileSync(join(root, "ü b"), "utf8"),
  ]).toEqual(["2\n", false, "2\n"]);
  const after = fingerprint(root);
  expect(await applyRun(request)).toEqual({ outcome: "already_applied", head: request.commit });
  expect(fingerprint(root)).toEqual(after);
});

test("with branchOnly the branch is made and no file, index or other ref is touched", async () => {
  const request = await finishedRun({ a: "1\n" }, { a: "2\n" });
  const before = fingerprint(request.repositoryRoot);
  expect(await applyRun({ ...request, branchOnly: true })).toEqual({
    outcome: "fetched",
    branch: "orchestrator/run-1",
  });
  expect(git(request.repositoryRoot, "rev-parse", "orchestrator/run-1")).toBe(request.commit);
  expect(fingerprint(request.repositoryRoot, isRunData)).toEqual(
    Object.fromEntries(Object.entries(before).filter(([path]) => !isRunData(path))),
  );
});

test("after other commits the change is put on top, also into the same file, and is known again", async () => {
  const request = await finishedRun({ a: lines(), b: "1\n" }, { a: lines("first"), "new file": "n\n" });
  const root = request.repositoryRoot;
  const head = commitFiles(
    root,
    { a: lines("line 0", ..."123456789".split("").map((n) => `line ${n}`), "line 10", "last"), c: "c\n" },
    "other work",
  );
  const outcome = await applyRun(request);
  expect(outcome).toMatchObject({ outcome: "applied", how: "cherry_pick" });
  expect(readFileSync(join(root, "a"), "utf8")).toBe(
    lines("first", ..."123456789".split("").map((n) => `line ${n}`), "line 10", "last"),
  );
  expect(git(root, "log", "-1", "--format=%P %an %cn %s")).toBe(
    `${head} Codex Orchestrator Codex Orchestrator Run's change`,
  );
  expect(git(root, "status", "--porcelain")).toBe("");
  expect(await applyRun(request)).toMatchObject({ outcome: "already_applied" });
});

test("a change that others made already is brought in by no empty commit", async () => {
  const request = await finishedRun({ a: "1\n", b: "1\n" }, { a: "2\n" });
  const head = commitFiles(request.repositoryRoot, { a: "2\n", b: "2\n" }, "the same and more");
  expect(await applyRun(request)).toEqual({ outcome: "already_applied", head });
  expect(git(request.repositoryRoot, "rev-parse", "HEAD")).toBe(head);
});

test.each([
  [
    "a conflict",
    "a",
    (root: string) => void commitFiles(root, { a: "mine\n" }, "mine"),
    /conflicts.*git merge orchestrator\/run-1/,
  ],
  [
    "a file that was deleted since",
    "a",
    (root: string) => void git(root, "rm", "-q", "a") + git(root, "commit", "-q", "-m", "removed"),
    /conflicts/,
  ],
  ["an uncommitted change in a touched file", "a", (root: string) => writeFiles(root, { a: "mine\n" }), /uncommitted/],
  ["an untracked file in the way", "new", (root: string) => writeFiles(root, { new: "mine\n" }), /uncommitted/],
])("%s refuses, and nothing but the branch is changed", async (_, path, disturb, reason) => {
  const request = await finishedRun({ a: "1\n", b: "1\n" }, { a: "2\n", new: "n\n" });
  disturb(request.repositoryRoot);
  const before = fingerprint(request.repositoryRoot, isRunData);
  expect(await applyRun(request)).toEqual({ outcome: "refused", reason: expect.stringMatching(reason), paths: [path] });
  expect(fingerprint(request.repositoryRoot, isRunData)).toEqual(before);
  expect(git(request.repositoryRoot, "rev-parse", "orchestrator/run-1")).toBe(request.commit);
});

test("an ignored file in the way is not overwritten", async () => {
  const request = await finishedRun({ a: "1\n" }, { "out.txt": "run\n" });
  const root = request.repositoryRoot;
  writeFiles(root, { "out.txt": "mine\n" });
  writeFiles(root, { ".git/info/exclude": "out.txt\n" });
  expect(await applyRun(request)).toMatchObject({ outcome: "refused", reason: expect.stringContaining("out.txt") });
  expect(readFileSync(join(root, "out.txt"), "utf8")).toBe("mine\n");
});

test("uncommitted and staged changes elsewhere survive", async () => {
  const request = await finishedRun({ a: "1\n", b: "1\n", c: "1\n" }, { a: "2\n" });
  const root = request.repositoryRoot;
  writeFiles(root, { b: "staged\n", c: "changed\n" });
  git(root, "add", "b");
  expect(await applyRun(request)).toMatchObject({ outcome: "applied" });
  expect(git(root, "status", "--porcelain")).toBe("M  b\n M c");
});

test("no hook, filter or merge program of the repository runs, and no identity is needed", async () => {
  const request = await finishedRun(
    { ".gitattributes": "*.big filter=evil\n* merge=evil\n", a: lines(), "x.txt": "1\n" },
    { a: lines("run") },
  );
  const root = request.repositoryRoot;
  const trace = join(temporaryFolder(), "ran");
  for (const hook of [
    "post-merge",
    "reference-transaction",
    "post-checkout",
    "post-index-change",
    "pre-merge-commit",
  ]) {
    writeFiles(join(root, ".git/hooks"), { [hook]: { executable: `#!/bin/sh\ntouch '${trace}'\n` } });
  }
  commitFilesWithoutHooks(root, { b: "2\n" });
  git(root, "config", "filter.evil.smudge", `touch '${trace}'; cat`);
  git(root, "config", "merge.evil.driver", `touch '${trace}'`);
  git(root, "config", "core.fsmonitor", `touch '${trace}'`);
  expect(await applyRun(request)).toMatchObject({ outcome: "applied", how: "cherry_pick" });
  expect(existsSync(trace)).toBe(false);
});

function commitFilesWithoutHooks(root: string, files: Record<string, Content>): void {
  writeFiles(root, files);
  git(root, "-c", "core.hooksPath=/dev/null", "add", "-A");
  git(root, "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "other work");
}

test("files that go through a filter are refused by name", async () => {
  const request = await finishedRun({ ".gitattributes": "*.big filter=lfs\n", "x.big": "1\n" }, { "x.big": "2\n" });
  expect(await applyRun(request)).toEqual({
    outcome: "refused",
    reason: expect.stringContaining("filter"),
    paths: ["x.big"],
  });
});

test("a rebase under way, a strange branch and an unborn HEAD are refused", async () => {
  const request = await finishedRun({ a: "1\n" }, { a: "2\n" });
  const root = request.repositoryRoot;
  writeFiles(root, { ".git/rebase-merge/x": "" });
  expect(await applyRun(request)).toMatchObject({ outcome: "refused", reason: expect.stringContaining("rebase") });
  git(root, "checkout", "-q", "--orphan", "empty");
  expect(await applyRun(request)).toMatchObject({ outcome: "refused", reason: expect.stringContaining("no commit") });
  git(root, "update-ref", "refs/heads/orchestrator/run-1", request.base);
  expect(await applyRun(request)).toMatchObject({
    outcome: "refused",
    reason: expect.stringContaining("another commit"),
  });
});

test("a detached HEAD and a linked worktree are fine", async () => {
  const request = await finishedRun({ a: "1\n" }, { a: "2\n" });
  const linked = join(temporaryFolder(), "linked");
  git(request.repositoryRoot, "worktree", "add", "-q", "--detach", linked);
  expect(await applyRun({ ...request, repositoryRoot: linked })).toMatchObject({ outcome: "applied" });
  expect(git(linked, "rev-parse", "HEAD")).toBe(request.commit);
  expect(git(request.repositoryRoot, "rev-parse", "HEAD")).toBe(request.base);
});

test("a damaged or foreign bundle and a missing base are faults, and leave no trace", async () => {
  const request = await finishedRun({ a: "1\n" }, { a: "2\n" });
  const other = await finishedRun({ b: "1\n" }, { b: "2\n" });
  const before = fingerprint(request.repositoryRoot, isRunData);
  const damaged = Uint8Array.from(request.bundle, (byte, index) =>
    index > request.bundle.length - 40 ? byte ^ 255 : byte,
  );
  await expect(applyRun({ ...request, bundle: damaged })).rejects.toMatchObject({ code: "git_failed" });
  await expect(applyRun({ ...request, bundle: new Uint8Array([1, 2, 3]) })).rejects.toMatchObject({
    code: "git_failed",
  });
  await expect(applyRun({ ...request, bundle: other.bundle })).rejects.toMatchObject({
    code: "git_failed",
    message: expect.stringContaining("does not hold"),
  });
  await expect(applyRun({ ...other, repositoryRoot: request.repositoryRoot })).rejects.toMatchObject({
    code: "base_not_found",
  });
  expect(fingerprint(request.repositoryRoot, isRunData)).toEqual(before);
});
