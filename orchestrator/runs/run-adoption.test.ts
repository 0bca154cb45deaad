import { expect, test } from "vitest";
import type { RunRow } from "../schema/run-store.ts";
import { readRunAdoption } from "./run-adoption.ts";

const use = (id: string) => ({ id, version: "1.0.0", sha256: "0".repeat(64), library: null });

/** Runs of which every second passed, every third used a pattern, and every tenth is damaged. */
function rowOf(index: number): RunRow {
  const key = { taskId: "t", runId: `run-${index}` };
  if (index % 10 === 0) return { key, damaged: true, reason: "no log" };
  const status = index % 2 === 0 ? "passed" : "refused";
  const at = "2026-01-01T00:00:00.000Z";
  const row = { key, damaged: false, status, title: "", createdAt: at, finishedAt: at, liveness: "none" } as const;
  return index % 3 === 0 ? { ...row, patterns: [use("a"), use("a"), use("b")] } : row;
}

/** A list over so many runs that gives what it is asked for, and remembers the limits. */
function listOver(count: number) {
  const limits: number[] = [];
  const list = async ({ limit, cursor }: { limit: number; cursor?: string }) => {
    limits.push(limit);
    const from = Number(cursor ?? 0);
    const rows = Array.from({ length: Math.min(limit, count - from) }, (_, at) => rowOf(from + at));
    return { rows, cursor: from + rows.length < count ? String(from + rows.length) : null };
  };
  return { list, limits };
}

test("adoption counts a run once for each pattern, page by page, and a damaged one for nothing", async () => {
  const all = listOver(450);
  const { byPattern, runs, more } = await readRunAdoption(all, 1_000);
  const expected = Array.from({ length: 450 }, (_, index) => index).filter((at) => at % 3 === 0 && at % 10 !== 0);
  const adoption = { runs: expected.length, passed: expected.filter((at) => at % 2 === 0).length };
  expect(Object.fromEntries(byPattern)).toEqual({ a: adoption, b: adoption });
  expect([runs, more, all.limits]).toEqual([450, false, [200, 200, 200]]);
});

test("only the newest are looked at, and the answer says so", async () => {
  const all = listOver(450);
  expect(await readRunAdoption(all, 250)).toMatchObject({ runs: 250, more: true });
  expect(all.limits).toEqual([200, 50]);
  const { byPattern } = await readRunAdoption(listOver(0), 250);
  expect(byPattern.size).toBe(0);
});
