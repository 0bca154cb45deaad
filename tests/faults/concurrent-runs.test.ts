import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { createRedactor } from "../../orchestrator/io/redact/redactor.ts";
import { beginRun } from "../../orchestrator/manager/run-in-memory.test-support.ts";
import { createFileRunStore } from "../../orchestrator/runs/file-run-store.ts";
import { bundleRunner, startRunner as startBareRunner } from "../../orchestrator/runs/fixtures/start-runner.ts";
import { verifyRun } from "../../orchestrator/runs/verify-run.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPlayground } from "../support/playground.ts";
import { startRunner } from "../support/runner-process.ts";

const runsAtOnce = 100;
const processes = 12;

test(`${runsAtOnce} runs at once in one folder are all recorded, verify, and have one line of metrics each`, async () => {
  const root = join(temporaryFolder("runs"), ".runs");
  const run = async () => {
    const begun = await beginRun({ store: openStore(root) });
    return (await begun.drive()).run_id;
  };
  const ids = await Promise.all(Array.from({ length: runsAtOnce }, run));
  const store = openStore(root);
  const keys = await store.keys();
  expect(keys.map(({ runId }) => runId).sort()).toEqual([...ids].sort());
  expect((await store.list({ status: "passed", limit: runsAtOnce + 1 })).rows).toHaveLength(runsAtOnce);
  const { rows, unreadable } = await store.metrics();
  expect([rows.map(({ run_id }) => run_id).sort(), unreadable]).toEqual([[...ids].sort(), 0]);
  for (const { taskId, runId } of keys) expect((await verifyRun(join(root, taskId, runId))).problems).toEqual([]);
}, 120_000);

test(`${runsAtOnce} processes that make a run each, at one instant, leave ${runsAtOnce} whole records and lines of metrics`, async () => {
  const folder = temporaryFolder("processes");
  const [root, signal, script] = [join(folder, ".runs"), join(folder, "go"), await bundleRunner(folder)];
  const runners = Array.from({ length: runsAtOnce }, () => startBareRunner(script, ["finish", root, signal]));
  onTestFinished(() => {
    for (const { child } of runners) child.kill("SIGKILL");
  });
  for (const runner of runners) await runner.until(({ ready }) => ready === 0);
  writeFileSync(signal, "");
  await Promise.all(runners.map(({ ended }) => ended));
  expect(runners.flatMap(({ said }) => said.flatMap(({ failed }) => failed ?? []))).toEqual([]);
  const store = openStore(root);
  const keys = await store.keys();
  const { rows, unreadable } = await store.metrics();
  expect([keys.length, rows.length, unreadable]).toEqual([runsAtOnce, runsAtOnce, 0]);
  expect(
    readFileSync(join(root, "task-1", "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n"),
  ).toHaveLength(runsAtOnce);
  for (const { taskId, runId } of keys) expect((await verifyRun(join(root, taskId, runId))).problems).toEqual([]);
}, 300_000);

test(`pipelines that ${processes} processes run at once in one repository are all recorded, with one line of metrics each`, async () => {
  const playground = createPlayground({ "README.md": "# a repository\n", ".gitignore": ".runs/\n" });
  const argv = ["start", "--command", "true", "--command", "git status"];
  const ended = await Promise.all(Array.from({ length: processes }, () => startRunner(playground, argv).ended));
  expect(ended.map(({ exitCode, stderr }) => (exitCode === 0 ? "" : stderr)).join("")).toBe("");
  const { runs } = await playground.orchestrator();
  const keys = await runs.keys();
  const { rows, unreadable } = await runs.metrics();
  expect([keys.length, rows.length, unreadable]).toEqual([processes, processes, 0]);
  for (const key of keys) expect(await playground.problems(key)).toEqual([]);
}, 120_000);

function openStore(root: string) {
  return createFileRunStore({
    root,
    clock: systemClock,
    redactor: createRedactor({ scanner: { scan: async () => [] } }),
    heartbeat: { intervalSeconds: 10, staleAfterSeconds: 30 },
  });
}
