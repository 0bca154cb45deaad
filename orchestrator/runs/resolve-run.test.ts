import { expect, test } from "vitest";
import { resolveRun } from "./resolve-run.ts";

const keys = [
  { taskId: "t2", runId: "20260103t1-c" },
  { taskId: "t1", runId: "20260102t1-b" },
  { taskId: "t1", runId: "20260102t1" },
  { taskId: "t3", runId: "same" },
  { taskId: "t1", runId: "same" },
];
const store = { keys: async () => keys, hasBegun: async () => true };

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
  await expect(resolveRun({ ...store, keys: async () => [] }, "latest")).rejects.toMatchObject({
    code: "run_not_found",
    message: expect.stringContaining("there are no runs here yet"),
  });
});

test("latest passes over what a runner left that died before its first event", async () => {
  const hasBegun = async ({ runId }: { runId: string }) => runId !== "20260103t1-c";
  expect(await resolveRun({ ...store, hasBegun }, "latest")).toEqual(keys[1]);
  expect(await resolveRun({ ...store, hasBegun }, "20260103")).toEqual(keys[0]);
});
