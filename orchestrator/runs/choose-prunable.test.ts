import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunRow } from "../schema/run-store.ts";
import { choosePrunable } from "./choose-prunable.ts";

const now = new Date("2026-06-01T00:00:00.000Z");
const dayMs = 86_400_000;

const row = fc.record({
  days: fc.nat(100),
  state: fc.constantFrom("passed", "refused", "cancelled", "running", "blocked", "faulted", "damaged"),
});
const rowsOf = (made: readonly { days: number; state: string }[]): readonly RunRow[] =>
  made.map(({ days, state }, index) => {
    const key = { taskId: "t", runId: `r${index}` };
    if (state === "damaged") return { key, damaged: true, reason: "broken" };
    const at = new Date(now.getTime() - days * dayMs).toISOString();
    const isOver = state === "passed" || state === "refused" || state === "cancelled";
    const status = isOver ? state : state === "blocked" ? "blocked" : state === "faulted" ? "faulted" : "running";
    return { key, damaged: false, status, title: "", createdAt: at, finishedAt: isOver ? at : null, liveness: "none" };
  });

test("only finished runs go that nothing relies on, beyond every limit that was given", () => {
  const limits = fc.record({ keep: fc.option(fc.nat(10)), days: fc.option(fc.nat(100)) });
  fc.assert(
    fc.property(fc.array(row), limits, fc.array(fc.nat(20)), (made, { keep, days }, relied) => {
      const rows = rowsOf(made);
      const names = new Set(relied.map((index) => `r${index}`));
      const olderThanMs = days === null ? null : days * dayMs;
      const choices = choosePrunable(rows, { keep, olderThanMs }, names, now);
      const finished = rows.filter((each) => !each.damaged && each.finishedAt !== null);
      for (const [index, { key, goes }] of choices.entries()) {
        const place = finished.findIndex((each) => each.key.runId === key.runId);
        const isBeyond = (keep === null || place >= keep) && (days === null || (made[index]?.days ?? 0) > days);
        expect(goes).toBe(place >= 0 && !names.has(key.runId) && isBeyond);
      }
    }),
  );
});
