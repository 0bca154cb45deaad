import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { createRedactor } from "../../orchestrator/io/redact/redactor.ts";
import { beginRun } from "../../orchestrator/manager/run-in-memory.test-support.ts";
import { createFileRunStore } from "../../orchestrator/runs/file-run-store.ts";
import { verifyRun } from "../../orchestrator/runs/verify-run.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPlayground } from "../support/playground.ts";
import { startRunner } from "../support/runner-process.ts";

const runsAtOnce = 100;
const processes = 12;

test(`${runsAtOnce} runs at once in one folder are all recorded, verify, and have one line of metrics each`, async () => {
  const root = join(temporaryFolder("runs"), ".runs");
  const openStore = () =>
    createFileRunStore({
      root,
      clock: systemClock,
      redactor: createRedactor({ scanner: { scan: async () => [] } }),
      heartbeat: { intervalSeconds: 10, staleAfterSeconds: 30 },
    });
  const run = async () => {
    const begun = await beginRun({ store: openStore() });
    return (await begun.drive()).run_id;
  };
  const ids = await Promise.all(Array.from({ length: runsAtOnce }, run));
  const store = openStore();
  const keys = await store.keys();
  expect(keys.map(({ runId }) => runId).sort()).toEqual([...ids].sort());
  expect((await store.list({ status: "passed", limit: runsAtOnce + 1 })).rows).toHaveLength(runsAtOnce);
  const { rows, unreadable } = await store.metrics();
  expect([rows.map(({ run_id }) => run_id).sort(), unreadable]).toEqual([[...ids].sort(), 0]);
  for (const { taskId, runId } of keys) expect((await verifyRun(join(root, taskId, runId))).problems).toEqual([]);
}, 120_000);

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
