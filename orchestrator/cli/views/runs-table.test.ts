import { expect, test } from "vitest";
import type { RunRow } from "../../schema/run-store.ts";
import { createHints } from "../hints.ts";
import { createPaint } from "../text/paint.ts";
import { rowDocument, runsTable, staleNotes } from "./runs-table.ts";

const rows: readonly RunRow[] = [
  {
    key: { taskId: "t1", runId: "run-2" },
    damaged: false,
    status: "running",
    title: "Use 東京\u001b[2J",
    createdAt: "2026-01-02T03:04:05.678Z",
    finishedAt: null,
    liveness: "dead",
  },
  { key: { taskId: "t1", runId: "run-1" }, damaged: true, reason: "manifest.json is no manifest" },
];

const hints = createHints(undefined);

test("of a run whose holder is gone it is said how to go on", () => {
  expect(staleNotes(rows, hints)).toEqual(["run-2 is stale; go on with it by: codex-orchestrator resume run-2"]);
});

test("runs are aligned; a dead holder and a damaged run are named", () => {
  expect(runsTable(rows, createPaint(false), undefined).split("\n")).toEqual([
    "RUN    STATUS           CREATED               TOOK  TASK  TITLE",
    "run-2  running (stale)  2026-01-02 03:04:05Z        t1    Use 東京\\x1b[2J",
    "run-1  damaged                                      t1    manifest.json is no manifest",
  ]);
});

test("on a terminal the last column is cut to fit", () => {
  const lines = runsTable(rows, createPaint(false), 70).split("\n");
  expect(lines[2]).toBe("run-1  damaged                                      t1    manifest.js…");
});

test("as a document a row has snake_case names, and a damaged one its reason", () => {
  expect(rows.map((row) => rowDocument(row, hints))).toEqual([
    {
      run_id: "run-2",
      task_id: "t1",
      damaged: false,
      status: "running",
      title: "Use 東京\u001b[2J",
      created_at: "2026-01-02T03:04:05.678Z",
      finished_at: null,
      liveness: "dead",
      stale: true,
      resume: "codex-orchestrator resume run-2",
    },
    { run_id: "run-1", task_id: "t1", damaged: true, reason: "manifest.json is no manifest" },
  ]);
});
