import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground, smallPackage, startProgram } from "./cli-playground.ts";

const timeout = 60_000;

const task = [
  "---",
  "id: t1",
  "title: Prefix",
  "goal: Use node for builtins",
  "acceptance_criteria: [{ id: c1, text: done }]",
  'scope: { include: ["src/**"] }',
  "specs: [tasks/specs/none.md]",
  "recipe: [node-protocol]",
  "---",
  "",
].join("\n");

const files = { ...smallPackage, "tasks/t1-prefix.md": task };

test("a task whose spec is missing is refused by its gate with exit 1", { timeout }, async () => {
  const { run, call } = createCliPlayground(files);
  const refused = await run("run", "--task", "t1", "--format", "json");
  expect([refused.exit, JSON.parse(refused.stdout)]).toMatchObject([
    1,
    { status: "refused", task_source: "tasks/t1-prefix.md" },
  ]);
  expect(await call("runs", "apply", "latest")).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining("is refused"),
  });
  expect((await call("runs", "show", "latest")).stdout).toContain("tasks/specs/none.md: ");
});

test("without a goal, the patterns say what is to be done", { timeout }, async () => {
  const { call } = createCliPlayground();
  const made = await call(
    "run",
    "--recipe",
    "node-protocol,structured-event-emit",
    "--approve",
    "plan",
    "--format",
    "json",
  );
  const { task, task_source, plan_summary } = JSON.parse(made.stdout);
  expect([made.exit, task_source]).toEqual([3, "goal"]);
  expect(task.goal).toMatch(/^Adds `node:` to the specifiers .*\n.+/);
  expect(task.recipe).toEqual(["node-protocol", "structured-event-emit"]);
  expect(plan_summary).toContain("node-protocol");
});

test("a copy of a run's folder verifies anywhere, and a changed one does not", { timeout }, async () => {
  const { repository, call } = createCliPlayground(files);
  const { run_id, task_id } = JSON.parse((await call("run", "--task", "t1", "--format", "json")).stdout);
  const copy = join(temporaryFolder(), "copy");
  cpSync(join(repository, ".runs", task_id, run_id), copy, { recursive: true });
  const elsewhere = { PATH: process.env["PATH"] ?? "", HOME: dirname(copy) };
  const verify = () => startProgram(["runs", "verify", "copy", "--format", "json"], dirname(copy), elsewhere).ended;
  const sound = await verify();
  expect([sound.exit, JSON.parse(sound.stdout)]).toMatchObject([0, { ok: true, run: { run_id, task_id } }]);
  writeFileSync(join(copy, "manifest.json"), "{}\n");
  const changed = await verify();
  expect([changed.exit, JSON.parse(changed.stdout).problems]).toMatchObject([1, [{ where: "manifest.json" }]]);
  writeFileSync(join(copy, "events.jsonl"), "garbage\n");
  expect((await verify()).exit).toBe(2);
});

test("a damaged or foreign run is listed with the reason, and no verb crashes on it", { timeout }, async () => {
  const { repository, call } = createCliPlayground(files);
  const { run_id, task_id } = JSON.parse((await call("run", "--task", "t1", "--format", "json")).stdout);
  const folder = join(repository, ".runs", task_id, run_id);
  rmSync(join(folder, "manifest.json"));
  writeFileSync(join(folder, "events.jsonl"), "garbage\n");
  const list = await call("runs", "list");
  expect([list.exit, list.stdout]).toEqual([0, expect.stringMatching(new RegExp(`${run_id} +damaged`))]);
  mkdirSync(join(repository, ".runs", "foo", "zzz", "events.jsonl"), { recursive: true });
  mkdirSync(join(repository, ".runs", "foo", "zzy"), { recursive: true });
  writeFileSync(join(repository, ".runs", "foo", "zzy", "events.jsonl"), Buffer.alloc(3000));
  const rows = JSON.parse((await call("runs", "list", "--format", "json")).stdout).runs;
  expect(rows.map(({ damaged }: { damaged: boolean }) => damaged)).toEqual([true, true, true]);
  const verbs = [
    ["runs", "show"],
    ["runs", "diff"],
    ["runs", "apply"],
    ["runs", "watch"],
    ["runs", "verify"],
    ["resume"],
    ["cancel"],
    ["pause"],
    ["approve"],
    ["reject"],
  ];
  for (const verb of verbs) {
    for (const run of ["zzz", "zzy", run_id]) {
      const ended = await call(...verb, run);
      expect([ended.exit, ended.stderr], `${verb.join(" ")} ${run}`).toEqual([
        2,
        expect.not.stringContaining("internal error"),
      ]);
      expect(ended.stdout + ended.stderr).toMatch(/events\.jsonl/);
    }
  }
  expect(await call("runs", "show", "latest")).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining("all 3 here are damaged"),
  });
});

test("a healthy run is the latest whatever stands beside it, and the person is told what was passed over", {
  timeout,
}, async () => {
  const { repository, call } = createCliPlayground(files);
  const { run_id } = JSON.parse((await call("run", "--task", "t1", "--format", "json")).stdout);
  mkdirSync(join(repository, ".runs", "foo", "zzz", "events.jsonl"), { recursive: true });
  writeFileSync(join(repository, ".runs", "foo", "zzy"), "a file");
  for (const verb of [
    ["runs", "show"],
    ["runs", "verify"],
    ["runs", "watch"],
  ]) {
    const ended = await call(...verb, "latest", "--format", "json");
    expect(ended.stderr, verb.join(" ")).toContain("latest passes over foo/zzz, which is damaged: ");
    expect(ended.stdout).toContain(run_id);
  }
});
