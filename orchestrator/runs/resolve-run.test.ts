import { expect, test } from "vitest";
import type { RunKey, RunQuery, RunRow } from "../schema/run-store.ts";
import { resolveRun } from "./resolve-run.ts";
import { listPage } from "./run-list.ts";

const keys = [
  { taskId: "t2", runId: "20260103t1-c" },
  { taskId: "t1", runId: "20260102t1-b" },
  { taskId: "t1", runId: "20260102t1" },
  { taskId: "t3", runId: "same" },
  { taskId: "t1", runId: "same" },
];
const store = storeOf(keys);

/** A store whose runs are all sound but for those named. */
function storeOf(held: readonly RunKey[], damaged: readonly string[] = []) {
  const readRow = async (key: RunKey): Promise<RunRow> =>
    damaged.includes(key.runId)
      ? { key, damaged: true, reason: "it holds noise" }
      : { key, damaged: false, status: "passed", title: "", createdAt: "", finishedAt: null, liveness: "none" };
  return { keys: async () => held, list: (query: RunQuery) => listPage(held, query, readRow) };
}

test.each([
  ["latest", keys[0]],
  ["20260103t1-c", keys[0]],
  ["20260103", keys[0]],
  ["20260102t1", keys[2]],
  ["/somewhere/.runs/t1/20260102t1-b", keys[1]],
  ["/somewhere/.runs/t1/20260102t1-b/", keys[1]],
  [".runs/t1/20260102t1-b", keys[1]],
  ["t1/same", keys[4]],
])("%s means one run", async (text, key) => {
  expect(await resolveRun(store, text)).toEqual(key);
});

test.each(["2026", "same", "20260102"])("%s could mean several, which are named", async (text) => {
  await expect(resolveRun(store, text)).rejects.toMatchObject({
    code: "run_ambiguous",
    message: expect.stringMatching(/could mean t\d\/\S+, t\d\/\S+/),
  });
});

test.each(["", "x", "t1/x", "/", "Latest"])("%j means none", async (text) => {
  await expect(resolveRun(store, text)).rejects.toMatchObject({ code: "run_not_found" });
});

test("where there are no runs, latest means none", async () => {
  await expect(resolveRun(storeOf([]), "latest")).rejects.toMatchObject({
    code: "run_not_found",
    message: expect.stringContaining("there are no runs here yet"),
  });
});

test("latest passes over damaged runs and tells of each, which can still be named", async () => {
  const notes: string[] = [];
  const broken = storeOf(keys, ["20260103t1-c"]);
  expect(await resolveRun(broken, "latest", (note) => notes.push(note))).toEqual(keys[1]);
  expect(notes).toEqual(["latest passes over t2/20260103t1-c, which is damaged: it holds noise"]);
  expect(await resolveRun(broken, "20260103")).toEqual(keys[0]);
});

test("latest looks behind any number of damaged runs, and means none where all are damaged", async () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ taskId: "t", runId: `r${99 - index}` }));
  const names = many.map(({ runId }) => runId);
  expect(await resolveRun(storeOf(many, names.slice(0, 39)), "latest")).toEqual(many[39]);
  await expect(resolveRun(storeOf(many, names), "latest")).rejects.toMatchObject({
    code: "run_not_found",
    message: expect.stringContaining("all 40 here are damaged; runs list says why"),
  });
});
