import { cpSync, rmSync, writeFileSync } from "node:fs";
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

test("a damaged run is listed with the reason, and no verb crashes on it", { timeout }, async () => {
  const { repository, call } = createCliPlayground(files);
  const { run_id, task_id } = JSON.parse((await call("run", "--task", "t1", "--format", "json")).stdout);
  const folder = join(repository, ".runs", task_id, run_id);
  rmSync(join(folder, "manifest.json"));
  writeFileSync(join(folder, "events.jsonl"), "garbage\n");
  const list = await call("runs", "list");
  expect([list.exit, list.stdout]).toEqual([0, expect.stringMatching(new RegExp(`${run_id} +damaged`))]);
  const verbs = [
    ["runs", "show"],
    ["runs", "diff"],
    ["runs", "apply"],
    ["runs", "watch"],
    ["resume"],
    ["cancel"],
    ["approve"],
  ];
  for (const verb of verbs) {
    const ended = await call(...verb, "latest");
    expect(ended, verb.join(" ")).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.not.stringContaining("internal error"),
    });
  }
});
