import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground, goal, smallPackage, startProgram } from "./cli-playground.ts";

const timeout = 60_000;

test("bad flags, goals, tasks, models, bases and runs exit 2 with what would be right, and make no run", {
  timeout,
}, async () => {
  const { repository, call } = createCliPlayground({ ...smallPackage, "tasks/bad.md": "---\nid: [\n---\n" });
  writeFileSync(join(repository, "tasks", "half.md"), "---\nid: half\ntitle: Half\nwhat: 1\n---\n");
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["run", "x", "--modle", "y"], "did you mean --model?"],
    [["run", "paint the shed"], "--recipe"],
    [["run", "x", "--recipe", "nope"], "there is no pattern nope"],
    [["run", "--recipe", "nope,node-protocol"], "there is no pattern nope; there are assert-strict, "],
    [["run", "x", "--model", "gpt"], "openai:<model>"],
    [["run", "x", "--model", "openai:some-model"], "OPENAI_API_KEY"],
    [["run", "x", "--recipe", "node-protocol", "--base", "nope"], "there is no commit"],
    [["run", "x", "--model", "openai:m", "--base-url", "nonsense"], "--base-url): a URL that begins with http"],
    [["run", "x", "--model", "openai:m", "--base-url", "ftp://x"], "--base-url): a URL that begins with http"],
    [["run", "x", "--scope", "[", "--recipe", "node-protocol"], "--scope"],
    [["run", "--task", "none"], "no file tasks/none.md"],
    [["run", "--task", "tasks/bad.md"], "bad.md:"],
    [["run", "--task", "tasks/half.md"], "what: unknown field"],
    [["runs", "show", "latest"], "no runs here yet"],
    [["runs", "verify", "nope"], "no run is meant"],
    [["runs", "list", "--status", "done"], "--status is one of"],
  ];
  for (const [argv, words] of cases) {
    expect(await call(...argv), argv.join(" ")).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringContaining(words),
    });
  }
  expect((await call("runs", "list")).stderr).toContain("no runs in");
});

test("a cache in the repository, and a .runs that is no folder, are refused before there is a run", {
  timeout,
}, async () => {
  const inside = createCliPlayground(smallPackage, { ORCHESTRATOR_CACHE_DIR: "cache" });
  expect(await inside.call(...goal)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("one is inside the other"),
  });
  expect((await inside.call("runs", "list")).stderr).toContain("no runs in");
  const { repository, call } = createCliPlayground();
  writeFileSync(join(repository, ".runs"), "a file\n");
  for (const argv of [goal, ["runs", "list"]]) {
    expect(await call(...argv)).toMatchObject({ exit: 2, stderr: expect.stringContaining(".runs is no folder") });
  }
});

test("a broken config is refused with file and line", { timeout }, async () => {
  const { repository, run } = createCliPlayground();
  writeFileSync(join(repository, "orchestrator.config.yaml"), "version: 1\nsettings:\n  modle: recipe\n");
  const { exit, stdout, stderr } = await run("run", "x", "--recipe", "node-protocol", "--format", "json");
  expect([exit, JSON.parse(stdout).error.code]).toEqual([2, "config_invalid"]);
  expect(stderr).toContain("orchestrator.config.yaml:3: settings.modle: unknown field");
  const listed = await run("runs", "list");
  expect([listed.exit, listed.stderr]).toEqual([0, expect.stringContaining("the defaults hold here")]);
});

test("a folder without a repository is refused, and --repo names another one", { timeout }, async () => {
  const { repository } = createCliPlayground();
  const folder = temporaryFolder();
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
  const bad = await startProgram(["runs", "list"], folder, env).ended;
  expect(bad).toMatchObject({ exit: 2, stderr: expect.stringContaining("is not in a git repository") });
  expect((await startProgram(["runs", "list", "--repo", repository], folder, env).ended).exit).toBe(0);
});
