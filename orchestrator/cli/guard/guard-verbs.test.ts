import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSpecFile } from "../../evidence/spec-file.ts";
import { parseTaskFile } from "../../evidence/task-file.ts";
import { type Content, git, temporaryRepository } from "../../workspace/fixtures/temporary-repository.ts";
import { createTestIo } from "../cli-io.test-support.ts";
import { main } from "../main.ts";
import { guardMain } from "./guard-main.ts";

const policy = "version: 1\nregistry: tasks/index.json\ncontrolled:\n  - paths: [src/**]\n";
const draft = `---
# who may read this
id: 0007-retry
title: Retry policy
relates_to: tasks/0007-retry.md
risk: medium
owners: [team-core]
status: draft
last_review: 2025-01-01
covers: [src/retry/**]
approvals: [] # none yet
---

Three times.
`;
const specFile = "tasks/specs/0007-retry.md";
const files = { "spec-guard.yaml": policy, "src/a.ts": "a\n", [specFile]: draft, "tasks/0007-retry.md": "- [ ] x\n" };

function playground(given: Record<string, Content> = files) {
  const repository = temporaryRepository({ ...given }, "repository");
  const read = (file: string) => readFileSync(join(repository, file), "utf8");
  const call = async (program: typeof main, ...argv: readonly string[]) => {
    const io = createTestIo({ cwd: repository, environment: { USER: "ann" } });
    const exit = await program(argv, io);
    return { exit, stdout: io.output(), stderr: io.errors() };
  };
  return {
    repository,
    read,
    guard: (...argv: readonly string[]) => call(guardMain, ...argv),
    task: (...argv: readonly string[]) => call(main, "task", ...argv),
  };
}

test("approve pins the spec as it stands, keeps its comments, and approves it with the last role that it needs", async () => {
  const { read, guard } = playground();
  const first = await guard("approve", specFile, "--role", "engineering", "--who", "ana@example.com");
  expect(first).toMatchObject({ exit: 0, stdout: expect.stringContaining("still needed: product") });
  expect(parseSpecFile(read(specFile), specFile).front_matter).toMatchObject({ status: "draft" });
  expect(read("tasks/index.json")).toContain('"status": "draft"');

  const argv = ["approve", "0007-retry", "--role", "product", "--who", "Bo <bo@example.com>", "--format", "json"];
  const second = JSON.parse((await guard(...argv)).stdout);
  const { front_matter, spec_sha256 } = parseSpecFile(read(specFile), specFile);
  expect(second).toMatchObject({ spec: specFile, status: "approved", missing: [], spec_sha256 });
  expect(front_matter).toMatchObject({ status: "approved", last_review: "2026-01-02" });
  expect(front_matter.approvals.map(({ role, spec_sha256: pinned }) => [role, pinned])).toEqual([
    ["engineering", spec_sha256],
    ["product", spec_sha256],
  ]);
  expect(read(specFile)).toContain("# who may read this");
  expect(JSON.parse(read("tasks/index.json")).specs).toEqual([
    { id: "0007-retry", title: "Retry policy", status: "approved", last_review: "2026-01-02", path: specFile },
  ]);
});

test("an approval that is given again after an edit replaces the stale one", async () => {
  const { repository, read, guard } = playground();
  const approve = () => guard("approve", specFile, "--role", "engineering", "--who", "ana@example.com");
  await approve();
  writeFileSync(join(repository, specFile), read(specFile).replace("Three", "Four"));
  await approve();
  const { front_matter, spec_sha256 } = parseSpecFile(read(specFile), specFile);
  expect(front_matter.approvals).toEqual([expect.objectContaining({ role: "engineering", spec_sha256 })]);
});

test("three who approve at once are all on record", async () => {
  const roles = ["engineering", "product", "security"];
  const { read, guard } = playground({ ...files, [specFile]: draft.replace("risk: medium", "risk: high") });
  const ended = await Promise.all(
    roles.map((role) => guard("approve", specFile, "--role", role, "--who", `${role}@example.com`)),
  );
  expect(ended.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  const { front_matter } = parseSpecFile(read(specFile), specFile);
  expect(front_matter.approvals.map(({ role }) => role).sort()).toEqual(roles);
  expect(front_matter.status).toBe("approved");
  expect(read("tasks/index.json")).toContain('"status": "approved"');
});

test("who wrote a spec is told that someone else must approve it, and it stays a draft until then", async () => {
  const { read, guard } = playground({ ...files, [specFile]: draft.replace("risk: medium", "risk: low") });
  const approve = (who: string) => guard("approve", specFile, "--role", "engineering", "--who", who);
  expect((await approve("Person@example.com")).stdout).toContain("someone else must as well");
  expect(parseSpecFile(read(specFile), specFile).front_matter.status).toBe("draft");
  expect((await approve("ana@example.com")).stdout).toContain("every role that it needs has approved it");
  expect(parseSpecFile(read(specFile), specFile).front_matter.status).toBe("approved");
});

test("an approval keeps the byte order mark and the line ends of the file", async () => {
  const windows = `\ufeff${draft.replaceAll("\n", "\r\n")}`;
  const { read, guard } = playground({ ...files, [specFile]: windows });
  await guard("approve", specFile, "--role", "engineering", "--who", "ana@example.com");
  const after = read(specFile);
  expect([after.startsWith("\ufeff---\r\n"), /[^\r]\n/.test(after)]).toEqual([true, false]);
  expect(after.endsWith("---\r\n\r\nThree times.\r\n")).toBe(true);
});

test("a spec below a folder's policy needs the roles of both", async () => {
  const below = "pkg/a/specs/1.md";
  const folder = "version: 1\nspecs: specs\napprovals: {medium: [security]}\n";
  const { guard } = playground({
    ...files,
    "pkg/a/spec-guard.yaml": folder,
    [below]: draft.replace("0007-retry", "a1"),
  });
  const ended = await guard("approve", below, "--role", "security", "--who", "ana@example.com");
  expect(ended).toMatchObject({ exit: 0, stdout: expect.stringContaining("still needed: engineering, product") });
});

test("a link in the place of a spec is not approved, and stays a link", async () => {
  const { read, guard } = playground({ ...files, "docs/spec.md": draft, [specFile]: { link: "../../docs/spec.md" } });
  const ended = await guard("approve", specFile, "--role", "engineering", "--who", "ana@example.com");
  expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining("it is a link") });
  expect(read("docs/spec.md")).toBe(draft);
});

test("an approval that a signal stops leaves the spec as it was", async () => {
  const { repository, read } = playground();
  const io = createTestIo({ cwd: repository });
  const ended = guardMain(["approve", specFile, "--role", "engineering", "--who", "ana@example.com"], io);
  io.raise("SIGTERM");
  expect([await ended, read(specFile)]).toEqual([143, draft]);
});

test.each([
  [["approve", specFile], "say who approves"],
  [["approve", "docs/z.md", "--role", "product", "--who", "ana"], "is in no folder of specs"],
  [["approve", specFile, "--role", "product", "--who", "ana", "--now", "2026-01-03"], "is not here yet"],
  [["approve", specFile, "--role", "cook", "--who", "ana"], "asks for no role cook"],
  [
    ["approve", "none", "--role", "product", "--who", "ana"],
    "no spec has that path, or that id in tasks/specs; name its file",
  ],
  [
    ["approve", "../outside.md", "--role", "product", "--who", "ana"],
    "no spec has that path, or that id in tasks/specs; name its file",
  ],
  [["approve", specFile, "--role", "product", "--who", "ana", "--now", "2026-02-30"], "--now is a day"],
])("%j approves nothing and exits 2", async (argv, words) => {
  const { read, guard } = playground({ ...files, "docs/z.md": draft.replace("0007-retry", "z") });
  expect(await guard(...argv)).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringContaining(words) });
  expect(read(specFile)).toBe(draft);
});

test("a spec that cannot be read is not approved, and stays as it is", async () => {
  const broken = draft.replace("risk: medium", "risk: &r medium");
  const { read, guard } = playground({ ...files, [specFile]: broken });
  const ended = await guard("approve", specFile, "--role", "product", "--who", "ana");
  expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining(`${specFile}:6`) });
  expect(read(specFile)).toBe(broken);
});

test("init writes a policy for the code that is there, which holds from the next change on", async () => {
  const { repository, read, guard } = playground({ "lib/a.ts": "a\n" });
  expect(await guard("init")).toMatchObject({ exit: 0, stdout: expect.stringContaining("controls lib/**") });
  git(repository, "add", "-A");
  git(repository, "commit", "-qm", "policy");
  const brought = await guard("--base", "HEAD~1", "--head", "HEAD");
  expect(brought).toMatchObject({ exit: 0, stdout: expect.stringContaining("SG061") });
  writeFileSync(join(repository, "lib/a.ts"), "b\n");
  expect(await guard("--base", "HEAD")).toMatchObject({ exit: 1, stdout: expect.stringContaining("SG001") });
  const before = read("spec-guard.yaml");
  const again = await guard("init", "--format", "json");
  expect([again.exit, JSON.parse(again.stdout).written, read("spec-guard.yaml")]).toEqual([0, false, before]);
});

test("init names the folders that have code, and none that is not there", async () => {
  const { read, guard } = playground({
    "python/a.py": "a",
    "my(app)/b.go": "b",
    "docs/c.ts": "c",
    "tests/d.ts": "d",
    "data/e.csv": "e",
    "setup.py": "f",
  });
  const written = JSON.parse((await guard("init", "--format", "json")).stdout);
  expect(written.controlled).toEqual(["my\\(app\\)/**", "python/**"]);
  expect(read("spec-guard.yaml")).toContain(String.raw`paths: ["my\\(app\\)/**", "python/**"]`);
});

test("init says that it controls nothing where there is no folder with code", async () => {
  const { repository, guard } = playground({ "README.md": "a\n" });
  expect(await guard("init")).toMatchObject({ exit: 0, stdout: expect.stringContaining("controls nothing yet") });
  git(repository, "add", "-A");
  git(repository, "commit", "-qm", "policy");
  const judged = await guard("--base", "HEAD~1", "--head", "HEAD");
  expect(judged).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("controls nothing but the guard's own files"),
  });
});

test("task new numbers what it writes, links task and spec, and enters both into the registry", async () => {
  const { read, task } = playground();
  const argv = [
    "new",
    'Say "hello": to all',
    "--spec",
    "--covers",
    "src/hello/**",
    "--risk",
    "high",
    "--format",
    "json",
  ];
  const made = JSON.parse((await task(...argv)).stdout);
  const name = "0008-say-hello-to-all";
  expect(made).toEqual({
    id: "0008",
    task: `tasks/${name}.md`,
    spec: `tasks/specs/${name}.md`,
    registry: "tasks/index.json",
  });
  expect(parseTaskFile(read(made.task), made.task)).toMatchObject({
    id: "0008",
    title: 'Say "hello": to all',
    scope: { include: ["src/hello/**"] },
    specs: [made.spec],
  });
  const spec = parseSpecFile(read(made.spec), made.spec).front_matter;
  expect(spec).toMatchObject({ id: name, relates_to: made.task, status: "draft", risk: "high", owners: ["ann"] });
  const { items, specs } = JSON.parse(read("tasks/index.json"));
  expect([items, specs]).toMatchObject([
    [{ id: "0008", path: made.task, status: "open" }],
    [{ id: name, status: "draft" }],
  ]);
  const next = await task("new", "Other", "--criterion", "one", "--criterion", "two");
  expect(next).toMatchObject({ exit: 0, stdout: expect.stringContaining("tasks/0009-other.md") });
  expect(read("tasks/0009-other.md")).toContain("- [ ] one\n- [ ] two\n");
});

test.each([
  [["new", "x", "--spec"], "say what the spec covers"],
  [["new", "x", "--spec", "--covers", "../x"], "has the segment"],
  [["new", "x", "--spec", "--covers", "src/**,**"], "a spec may not cover **"],
  [["new", "x", "--spec", "--scope", "*"], "a spec may not cover *"],
  [["new", "x".repeat(300)], "title"],
  [["new"], "task new needs <title>"],
])("%j writes nothing and exits 2", async (argv, words) => {
  const { repository, task } = playground({ "src/a.ts": "a\n" });
  expect(await task(...argv)).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringContaining(words) });
  expect(git(repository, "status", "--porcelain")).toBe("");
});

test("a registry that cannot be read is left as it is, and no task is written", async () => {
  const { repository, read, task } = playground({ ...files, "tasks/index.json": '{"items": 7}' });
  expect(await task("new", "x")).toMatchObject({ exit: 2, stderr: expect.stringContaining("items is no list") });
  expect(read("tasks/index.json")).toBe('{"items": 7}');
  expect(git(repository, "status", "--porcelain")).toBe("");
});
