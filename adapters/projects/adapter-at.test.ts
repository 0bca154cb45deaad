import { expect, test } from "vitest";
import type { CommandPlan } from "../../orchestrator/schema/adapter-port.ts";
import { outcomeOf, readerOf } from "../adapter.contract.ts";
import { createJavaScriptAdapter } from "../javascript/javascript-adapter.ts";
import { adapterAt } from "./adapter-at.ts";

const lock = JSON.stringify({
  ...{ name: "web", lockfileVersion: 3 },
  packages: { "": { name: "web", dependencies: { a: "1.0.0" } }, "node_modules/a": { version: "1.0.0" } },
});
const manifest = (test: string) => JSON.stringify({ scripts: { test }, dependencies: { a: "1.0.0" } });
const files = { "web/package.json": manifest("jest"), "web/package-lock.json": lock };
const adapter = adapterAt(createJavaScriptAdapter(), "web");

test("a project in a folder is detected there, and every path is the repository's", async () => {
  expect(await adapter.detect(readerOf(files))).toMatchObject({ roots: ["web"] });
  expect(await adapter.dependencies(readerOf(files))).toMatchObject({
    ...{ needed: true, lockFile: "web/package-lock.json", folders: ["web/node_modules"] },
    install: { cwd: "web" },
  });
  expect(await adapter.plan(readerOf(files), "test", "/reports")).toMatchObject({
    cwd: "web",
    reportFile: expect.stringMatching(/^\/reports\//),
  });
  expect(await adapter.detect(readerOf({ "package.json": manifest("jest") }))).toBeNull();
});

test("of a change, what decides the checks of the project is named, and nothing elsewhere", async () => {
  const changed = ["package.json", "web/package.json", "website/jest.config.js", "web/jest.config.js"].map((path) => {
    return { path, kind: "modified" as const, mode: "100644", insertions: 1, deletions: 1 };
  });
  const after = readerOf({ ...files, "web/package.json": manifest("true") });
  expect(await adapter.checkPaths(changed, readerOf(files), after)).toEqual(["web/package.json", "web/jest.config.js"]);
});

test("files of cases that are told from the project are told from the repository", async () => {
  const own = createJavaScriptAdapter();
  const failed = (file: string) => ({ suite: "", name: file, outcome: "failed" as const, file });
  const cases = ["src/a.test.js", "/clone/web/b.test.js"].map(failed);
  const reading = (plan: CommandPlan) => ({ ...own.read(plan, outcomeOf(), null), not_passed: cases, cases });
  const plan = await adapter.plan(readerOf(files), "test", "/reports");
  if (plan === null) throw new Error("there is no plan");
  const read = adapterAt({ ...own, read: reading }, "web").read(plan, outcomeOf(), null);
  const placed = ["web/src/a.test.js", "/clone/web/b.test.js"];
  expect([read.not_passed, read.cases].map((all) => all?.map(({ file }) => file))).toEqual([placed, placed]);
});

test("the adapter of the root is the adapter itself", () => {
  const own = createJavaScriptAdapter();
  expect(adapterAt(own, ".")).toBe(own);
});
