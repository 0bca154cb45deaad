import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { formatIdentity, identifyProcess } from "../io/host.ts";
import { RunMetrics } from "../schema/metrics.ts";
import { checkRecord } from "./check-record.ts";
import { created, finished, gatePassed, person, stepFinished, stepStarted } from "./fixtures/sample-run.ts";
import { makeStore } from "./fixtures/temporary-store.ts";
import { readMetrics } from "./metrics-file.ts";
import type { RunArchive } from "./run-archive.ts";
import { summarizeMetrics } from "./summarize-metrics.ts";
import { tidyRun } from "./tidy-run.ts";
import { verifyRun } from "./verify-run.ts";

async function temporaryStore() {
  const made = await makeStore();
  onTestFinished(made.dispose);
  return made;
}

async function finishRun(store: RunArchive, runId: string) {
  const lease = await store.create({ taskId: "task-1", runId }, created({ runId }));
  for (const draft of [stepStarted(), stepFinished(), gatePassed(), finished()]) await lease.append(draft);
  await lease.writeManifest();
  await lease.release();
}

test("many runs that finish at once leave one whole line each", async () => {
  const { store, root } = await temporaryStore();
  const ids = Array.from({ length: 100 }, (_, index) => `run-${String(index).padStart(3, "0")}`);
  await Promise.all(ids.map((runId) => finishRun(store, runId)));
  const lines = readFileSync(join(root, "task-1", "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => RunMetrics.parse(JSON.parse(line)).run_id).sort()).toEqual(ids);
  expect((await store.metrics()).rows.map(({ run_id }) => run_id)).toEqual(ids);
});

test("a run is counted once, however often its end is written; a lost line is computed from the record", async () => {
  const { store, root } = await temporaryStore();
  await finishRun(store, "run-1");
  const again = await store.acquire({ taskId: "task-1", runId: "run-1" }, "again", person);
  await again.writeManifest();
  await again.writeManifest();
  await again.release();
  const path = join(root, "task-1", "metrics.jsonl");
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(1);
  const [counted] = (await store.metrics()).rows;
  rmSync(path);
  expect((await store.metrics()).rows).toEqual([counted]);
});

test("a run whose line tells of an older manifest gets another line, and the last one counts", async () => {
  const { store, root } = await temporaryStore();
  await finishRun(store, "run-1");
  const path = join(root, "task-1", "metrics.jsonl");
  const [counted] = (await store.metrics()).rows;
  writeFileSync(path, `${JSON.stringify({ ...counted, manifest_sha256: "0".repeat(64) })}\n`);
  const again = await store.acquire({ taskId: "task-1", runId: "run-1" }, "again", person);
  await again.writeManifest();
  await again.release();
  expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(2);
  expect((await store.metrics()).rows).toEqual([counted]);
});

test("a run stays ready for a reviewer when its runner died after the line of metrics and somebody tidied up", async () => {
  const { store, root, again } = await temporaryStore();
  const key = { taskId: "task-1", runId: "run-1" };
  const heartbeat = join(root, "task-1", "run-1", "heartbeat.json");
  const dead = formatIdentity({ ...(await identifyProcess()), start: "1" });
  const lease = await again({ holder: dead }).create(key, created({ runId: "run-1" }));
  for (const draft of [stepStarted(), stepFinished(), gatePassed(), finished()]) await lease.append(draft);
  await lease.writeManifest();
  const lastSign = readFileSync(heartbeat);
  await lease.release();
  writeFileSync(heartbeat, lastSign);
  expect(await tidyRun(store, { runsRoot: root, key, folders: [], actor: person })).toEqual([]);
  const { rows } = await store.metrics();
  expect(rows).toHaveLength(1);
  for (const row of rows) expect(await checkRecord({ runsRoot: root, repository: root }, row)).toBe("verified");
});

test("a line that a full disk cut short spoils no other", async () => {
  const { store, root } = await temporaryStore();
  await finishRun(store, "run-1");
  const path = join(root, "task-1", "metrics.jsonl");
  writeFileSync(path, `${readFileSync(path, "utf8")}{"schema_version":1,"run_`);
  await finishRun(store, "run-2");
  const { rows, unreadable } = await readMetrics(path);
  expect([rows.map(({ run_id }) => run_id), unreadable]).toEqual([["run-1", "run-2"], 1]);
});

const base = RunMetrics.parse({
  schema_version: 1,
  run_id: "r",
  task_id: "t",
  kind: "pipeline",
  status: "passed",
  started_at: "2026-01-01T00:00:00.000Z",
  completed_at: "2026-01-01T00:00:01.000Z",
  duration_seconds: 1,
  commands_passed: 1,
  commands_failed: 0,
  guardrails_required: 1,
  guardrails_present: 1,
  criteria: 1,
  criteria_evidenced: 1,
  usage: { turns: 1, input_tokens: 10, output_tokens: 5, cost_usd: 0.5 },
  resumes: 0,
  artifact_path: "a",
  manifest_sha256: "0".repeat(64),
});

test("the figures are those of all runs; a run is ready only where record, guardrails and evidence are whole", () => {
  const rows = Array.from({ length: 20 }, (_, index) => ({
    ...base,
    run_id: `r${index}`,
    duration_seconds: index + 1,
  }));
  const [first, second, third, fourth, ...rest] = rows;
  const all = [
    { ...base, ...first, status: "refused", guardrails_present: 0 } as const,
    { ...base, ...second, criteria_evidenced: 0 },
    { ...base, ...third },
    { ...base, ...fourth },
    ...rest,
  ];
  const records = new Map(all.map(({ run_id }) => [run_id, "verified" as const]));
  const states = new Map([...records, ["r2", "broken"], ["r3", "gone"]] as const);
  expect(summarizeMetrics(all, states)).toEqual({
    runs: 20,
    passed: 19,
    refused: 1,
    cancelled: 0,
    success_rate: 0.95,
    guardrail_coverage: 0.95,
    average_duration_seconds: 10.5,
    p95_duration_seconds: 19,
    usage: { turns: 20, input_tokens: 200, output_tokens: 100, cost_usd: 10 },
    reviewer_readiness: { ready: 16, checked: 19, share: 16 / 19, target: 0.95, reached: false },
  });
});

test("no runs have no shares, and the target is not reached by nothing", () => {
  const summary = summarizeMetrics([], new Map());
  expect([summary.success_rate, summary.p95_duration_seconds, summary.reviewer_readiness.reached]).toEqual([
    null,
    null,
    false,
  ]);
});

test("a finished run whose runner died before the manifest gets manifest and metrics, once", async () => {
  const { store, root } = await temporaryStore();
  const key = { taskId: "task-1", runId: "run-1" };
  const lease = await store.create(key, created({ runId: "run-1" }));
  await lease.append(finished());
  await lease.release();
  const folder = join(root, "task-1", "run-1");
  expect((await verifyRun(folder)).ok).toBe(false);
  const tidying = { runsRoot: root, key, folders: [], actor: person };
  expect(await tidyRun(store, tidying)).toEqual([]);
  expect((await verifyRun(folder)).problems).toEqual([]);
  expect(await tidyRun(store, tidying)).toBeNull();
  expect(
    readFileSync(join(root, "task-1", "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n"),
  ).toHaveLength(1);
});
