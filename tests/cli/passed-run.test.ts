import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { git, temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { type CliPlayground, createCliPlayground, goal, startProgram } from "./cli-playground.ts";

const timeout = 120_000;

test("a run that passes is one document on stdout, and every verb tells of it", { timeout }, async () => {
  const { repository, run, call } = createCliPlayground();
  const made = await run(...goal, "--format", "json");
  expect(made).toMatchObject({ exit: 0, stderr: expect.stringContaining("✓ passed: every gate passed") });
  const manifest = JSON.parse(made.stdout);
  expect(manifest).toMatchObject({ status: "passed", task_source: "goal", model: "recipe" });
  const [codemod] = JSON.parse(
    readFileSync(new URL("../../patterns/index.json", import.meta.url), "utf8"),
  ).assets.filter(({ id }: { id: string }) => id === "node-protocol");
  const { id, version, sha256 } = codemod;
  expect(manifest.patterns).toEqual([{ id, version, sha256, library: null }]);
  expect(made.stderr.split("\n")[0]).toBe(`run ${manifest.run_id} of task ${manifest.task_id}`);
  expect(made.stderr).toContain("  scope     **\n");
  expect(git(repository, "status", "--porcelain")).toBe("");

  const show = await run("runs", "show", "latest");
  expect(show).toMatchObject({ exit: 0, stderr: "" });
  for (const words of [
    "PASSED",
    "✓ review",
    "  M  +1  −1  src/size.js",
    "✓ test 1 passed",
    "change.patch",
    "node-protocol 1.",
  ]) {
    expect(show.stdout).toContain(words);
  }
  expect(show.stdout).not.toContain("\u001b");
  const shown = JSON.parse((await run("runs", "show", manifest.run_id.slice(0, 12), "--format", "json")).stdout);
  expect(shown).toEqual({ ...manifest, liveness: "none", heartbeat: null, stale: false, resume: null });

  const list = JSON.parse((await run("runs", "list", "--format", "json")).stdout);
  expect(list).toMatchObject({ runs: [{ run_id: manifest.run_id, status: "passed", damaged: false }], more: false });
  expect((await call("runs", "list", "--status", "refused")).stdout).toBe("");

  const watch = await run("runs", "watch", "latest", "--format", "json");
  const events = watch.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(watch.exit).toBe(0);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(events.at(-1)).toMatchObject({ event: "run_finished" });

  const diff = await run("runs", "diff", "latest");
  expect(diff.stdout).toContain('-const fs = require("fs");\n+const fs = require("node:fs");\n');
  writeFileSync(join(repository, ".runs", "read.patch"), diff.stdout);
  git(repository, "apply", "--check", ".runs/read.patch");
  expect((await run("runs", "apply", "latest", "--branch-only")).exit).toBe(0);
  expect(readFileSync(join(repository, "src/size.js"), "utf8")).toContain('require("fs")');
  await refusesChangedBundle(join(repository, ".runs", manifest.task_id, manifest.run_id, "change.bundle"), call);
  writeFileSync(join(repository, "src/size.js"), "my own work\n");
  const refused = await run("runs", "apply", "latest");
  expect(refused).toMatchObject({ exit: 1, stdout: expect.stringContaining("uncommitted changes") });
  expect(refused.stdout).toContain("  src/size.js");
  git(repository, "checkout", "-q", "src/size.js");
  const applied = JSON.parse((await run("runs", "apply", "latest", "--format", "json")).stdout);
  expect(applied).toMatchObject({ outcome: "applied", how: "fast_forward", head: manifest.commit });
  expect(readFileSync(join(repository, "src/size.js"), "utf8")).toContain('require("node:fs")');

  await readsCopy(join(repository, ".runs", manifest.task_id), manifest.run_id);
  for (const verb of ["resume", "pause", "cancel", "approve", "reject"]) {
    expect(await call(verb, "latest")).toMatchObject({
      exit: 1,
      stdout: "",
      stderr: expect.stringContaining("is finished (passed"),
    });
  }
});

/** A record that was downloaded, on a machine without the repository. */
async function readsCopy(taskFolder: string, runId: string): Promise<void> {
  const folder = temporaryFolder("elsewhere");
  cpSync(taskFolder, join(folder, basename(taskFolder)), { recursive: true });
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder };
  const copy = join(basename(taskFolder), runId);
  writeFileSync(join(folder, "precious.txt"), "mine\n");
  const onto = await startProgram(["runs", "export", copy, "--to", "precious.txt"], folder, env).ended;
  expect(onto).toMatchObject({ exit: 2, stderr: expect.stringContaining("is no empty folder") });
  expect(readFileSync(join(folder, "precious.txt"), "utf8")).toBe("mine\n");
  mkdirSync(join(folder, "empty"));
  expect((await startProgram(["runs", "export", copy, "--to", "empty"], folder, env).ended).exit).toBe(0);
  expect(existsSync(join(folder, "empty", "report.txt"))).toBe(true);
  for (const [verb, words] of [
    ["show", "PASSED"],
    ["verify", "✓ verified"],
    ["diff", 'require("node:fs")'],
  ] as const) {
    const read = await startProgram(["runs", verb, copy], folder, env).ended;
    expect(read).toMatchObject({ exit: 0, stdout: expect.stringContaining(words) });
  }
  cpSync(join(folder, copy), join(folder, basename(taskFolder), "renamed"), { recursive: true });
  const renamed = await startProgram(["runs", "verify", join(basename(taskFolder), "renamed")], folder, env).ended;
  expect(renamed.stdout.replace(/\s+/g, " ")).toContain("/renamed, the record is that of ");
}

async function refusesChangedBundle(file: string, call: CliPlayground["call"]): Promise<void> {
  const bundle = readFileSync(file);
  writeFileSync(file, "something else");
  expect(await call("runs", "apply", "latest")).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("change.bundle"),
  });
  expect((await call("runs", "verify", "latest")).exit).toBe(1);
  writeFileSync(file, bundle);
  expect((await call("runs", "verify", "latest")).exit).toBe(0);
}
