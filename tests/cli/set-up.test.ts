import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git, temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground, smallPackage, startProgram } from "./cli-playground.ts";

const timeout = 60_000;

test("init sets up a fresh repository without a commit, once", { timeout }, async () => {
  const folder = temporaryFolder();
  git(folder, "init", "-q");
  const init = () =>
    startProgram(["init", "--format", "json"], folder, { PATH: process.env["PATH"] ?? "", HOME: folder }).ended;
  const first = await init();
  expect([first.exit, JSON.parse(first.stdout).files]).toMatchObject([
    0,
    [
      { file: "orchestrator.config.yaml", done: "written" },
      { file: ".gitignore", done: "written" },
    ],
  ]);
  expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(".runs/\n");
  const second = await init();
  expect(JSON.parse(second.stdout).files.map(({ done }: { done: string }) => done)).toEqual([
    "left as it is",
    "left as it is",
  ]);
});

test("init overwrites nothing and keeps what .gitignore has, also without a last line break", { timeout }, async () => {
  const { repository, run, call } = createCliPlayground({
    ...smallPackage,
    ".gitignore": "dist",
    "orchestrator.config.yaml": "version: 1\n",
  });
  expect((await run("init")).exit).toBe(0);
  expect(readFileSync(join(repository, ".gitignore"), "utf8")).toBe("dist\n.runs/\n");
  expect(readFileSync(join(repository, "orchestrator.config.yaml"), "utf8")).toBe("version: 1\n");
  expect((await call("runs", "list")).exit).toBe(0);
});

test("doctor names what is there, never the value of a key, and exits 0 where a run can work", {
  timeout,
}, async () => {
  const { repository, run } = createCliPlayground(smallPackage, { OPENAI_API_KEY: "sk-no-real-key-0000000000" });
  writeFileSync(join(repository, "new.js"), "");
  const { exit, stdout } = await run("doctor", "--format", "json");
  const { ok, checks } = JSON.parse(stdout);
  const levels = Object.fromEntries(checks.map(({ name, level }: Record<string, string>) => [name, level]));
  expect([exit, ok]).toEqual([0, true]);
  expect(levels).toMatchObject({
    node: "ok",
    git: "ok",
    repository: "warn",
    config: "ok",
    model: "ok",
    stack: "ok",
    ".runs": "ok",
  });
  expect(stdout).toContain("OPENAI_API_KEY is set");
  expect(stdout).not.toContain("sk-no-real");
  expect(git(repository, "status", "--porcelain")).toBe("?? new.js");
});

test("doctor exits 1 where something is broken, and says what to do", { timeout }, async () => {
  const { repository, run } = createCliPlayground();
  writeFileSync(join(repository, "orchestrator.config.yaml"), "version: 2\n");
  const broken = await run("doctor");
  expect([broken.exit, broken.stdout]).toEqual([
    1,
    expect.stringMatching(/fail {2}config +orchestrator\.config\.yaml:1: version/),
  ]);
  const folder = temporaryFolder();
  git(folder, "init", "-q");
  const empty = await startProgram(["doctor"], folder, { PATH: process.env["PATH"] ?? "", HOME: folder }).ended;
  expect([empty.exit, empty.stdout]).toEqual([1, expect.stringContaining("has no commit yet")]);
  expect(existsSync(join(folder, ".runs"))).toBe(false);
});

test("patterns list has each pattern with its version", { timeout }, async () => {
  const { run } = createCliPlayground();
  const { patterns } = JSON.parse((await run("patterns", "list", "--format", "json")).stdout);
  expect(patterns.map(({ id }: { id: string }) => id)).toContain("node-protocol");
});
