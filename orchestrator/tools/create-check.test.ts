import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CheckGoal, CheckResult } from "../schema/test-report.ts";
import { workspaceOf } from "../workspace/fixtures/temporary-clone.ts";
import { fingerprint, writeFiles } from "../workspace/fixtures/temporary-repository.ts";
import { createCheck } from "./create-check.ts";

const call = { signal: new AbortController().signal, lineage: "a-mark" };

/** A repository whose build makes `dist/a.js`; the goals that were run, each with the files that it found. */
async function checkOf(hasBuild = true) {
  const { workspace, root } = await workspaceOf({ ".gitignore": "dist/\nlocal/\n", "src/a.js": "1\n" });
  const ran: [CheckGoal, string][] = [];
  const goals: CheckGoal[] = hasBuild ? ["build", "lint", "test"] : ["lint", "test"];
  const run = async (goal: CheckGoal) => {
    if (goal === "build" && !hasBuild) return null;
    ran.push([goal, Object.keys(fingerprint(root, (path) => path === ".git")).join()]);
    if (goal === "build") writeFiles(root, { "dist/a.js": "built\n" });
    if (goal === "test") writeFiles(root, { "src/a.js": "spoilt by a test\n", "report.txt": "x" });
    return resultOf(goal);
  };
  const check = createCheck(workspace, [{ goals, run }]);
  return { check, workspace, root, ran };
}

const tracked = ".gitignore,src/a.js";
const built = ".gitignore,dist/a.js,src/a.js";

test("a check finds the tree and what its own build made, and nothing that was left there before", async () => {
  const { check, workspace, root, ran } = await checkOf();
  writeFiles(root, { "dist/a.js": "planted\n", "local/b.js": "planted\n", "src/node_modules/c.js": "planted\n" });
  await check("test", call);
  expect(ran).toEqual([
    ["build", tracked],
    ["test", built],
  ]);
  expect(await workspace.snapshot()).toBe(workspace.baseTree);
  expect(existsSync(join(root, "report.txt"))).toBe(false);
});

test("what a build made is used by the checks that follow, until somebody else writes it or the tree is another", async () => {
  const { check, root, ran } = await checkOf();
  for (const goal of ["build", "lint", "test"] as const) await check(goal, call);
  expect(ran.map(([goal]) => goal)).toEqual(["build", "lint", "test"]);
  writeFileSync(join(root, "dist/a.js"), "other\n");
  await check("test", call);
  writeFileSync(join(root, "src/a.js"), "2\n");
  await check("lint", call);
  expect(ran.slice(3)).toEqual([
    ["build", tracked],
    ["test", built],
    ["build", tracked],
    ["lint", built],
  ]);
});

test("without a build every check finds the tree alone", async () => {
  const { check, root, ran } = await checkOf(false);
  await check("lint", call);
  writeFiles(root, { "dist/a.js": "planted\n" });
  await check("test", call);
  expect(ran).toEqual([
    ["lint", tracked],
    ["test", tracked],
  ]);
  expect(await check("build", call)).toEqual([]);
});

function resultOf(goal: CheckGoal): CheckResult {
  return {
    ...{ goal, command: ["true"], status: "exited", exit_code: 0, duration_ms: 1, verdict: "passed" },
    ...{ reason: "", report: null, counts: {}, not_passed: null, output_tail: "" },
  };
}

test("each project that has a goal is run on the files of the tree alone, also after another one that left something", async () => {
  const { workspace, root } = await workspaceOf({ "a/a.js": "1\n", "b/b.js": "2\n" });
  const ran: string[] = [];
  const project = (name: string, goals: CheckGoal[]) => ({
    goals,
    run: async (goal: CheckGoal) => {
      if (goal === "build") return null;
      ran.push(`${name} ${goal}: ${Object.keys(fingerprint(root, (path) => path === ".git")).join()}`);
      writeFiles(root, { "a/a.js": "spoilt\n", "report.txt": name });
      return resultOf(goal);
    },
  });
  const check = createCheck(workspace, [project("a", ["test"]), project("b", ["lint", "test"]), project("c", [])]);
  expect(await check("test", call)).toHaveLength(2);
  expect(await check("lint", call)).toHaveLength(1);
  expect(ran).toEqual(["a test: a/a.js,b/b.js", "b test: a/a.js,b/b.js", "b lint: a/a.js,b/b.js"]);
  expect(await workspace.snapshot()).toBe(workspace.baseTree);
});
