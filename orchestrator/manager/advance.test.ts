import type { Model } from "@openai/agents-core";
import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents-core/testing";
import { expect, test } from "vitest";
import { hashLibrary, openLibraries, openPatternLibrary } from "../../patterns/libraries/open-libraries.ts";
import { folderWith, sampleLibrary } from "../../patterns/libraries/sample-library.test-support.ts";
import { createRecipeModel } from "../models/recipe/recipe-model.ts";
import type { CheckReading } from "../schema/adapter-port.ts";
import type { CheckGoal, CheckResult } from "../schema/test-report.ts";
import type { WorkbenchSource } from "../schema/workspace-port.ts";
import { driveRun } from "./drive-run.ts";
import { beginRun } from "./run-in-memory.test-support.ts";

test("a run with the recipe model plans, builds, tests and reviews, and passes every gate", async () => {
  const { drive } = await beginRun({});
  const manifest = await drive();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.status).toBe("passed");
  expect(manifest.steps.map(({ step_id, status }) => [step_id, status])).toEqual([
    ["planner.1", "finished"],
    ["builder.1", "finished"],
    ["tester.1", "finished"],
    ["reviewer.1", "finished"],
  ]);
  expect(manifest.gates.map(({ verdict }) => `${verdict.gate} ${verdict.decision}`)).toEqual([
    "spec pass",
    "plan pass",
    "spec pass",
    "spec pass",
    "scope pass",
    "secrets pass",
    "budget pass",
    "test pass",
    "review pass",
    "spec pass",
    "budget pass",
  ]);
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/a.js"]);
});

test("the manifest names the patterns that builder and reviewer used, also those of a team's own library", async () => {
  const [root, cacheDir] = [folderWith(sampleLibrary), folderWith({})];
  const pin = { name: "own", from: "./", ...(await hashLibrary(root, "own", "./")) };
  const shelf = openLibraries({ root, pins: [pin], cacheDir, engineModule: null });
  const recipe = ["own/rename-old", "node-protocol"];
  const { drive } = await beginRun({
    task: { recipe },
    files: { "src/a.js": 'const old = require("fs");\n' },
    patterns: await openPatternLibrary(shelf),
  });
  const manifest = await drive();
  expect(manifest).toMatchObject({
    status: "passed",
    patterns: [
      { id: "own/rename-old", version: "1.2.0", sha256: pin.sha256, library: "own" },
      { id: "node-protocol", sha256: expect.stringMatching(/^[0-9a-f]{64}$/), library: null },
    ],
  });
});

test("a builder that changes nothing is refused three times and then a person is asked", async () => {
  const idle = [assistantMessage(JSON.stringify({ summary: "all done", items_done: ["item-1"], items_left: [] }))];
  const { drive } = await beginRun({ models: { builder: new ScriptedModel([idle, idle, idle, idle, idle, idle]) } });
  const manifest = await drive();
  expect(manifest.status).toBe("blocked");
  expect(manifest.questions[0]?.question).toMatchObject({ kind: "stuck" });
  expect(manifest.questions[0]?.question.text).toContain("nothing was changed: the goal may be reached already");
});

test("an edit outside the plan is refused by the tool and leaves the file as it was", async () => {
  const edit = [functionCall("write_file", { path: ".github/workflows/ci.yml", content: "x" }, { callId: "c1" })];
  const done = [assistantMessage(JSON.stringify({ summary: "wrote it", items_done: [], items_left: [] }))];
  const { drive, lease } = await beginRun({ models: { builder: new ScriptedModel([edit, done, done, done, done]) } });
  await drive();
  const calls = lease.events.filter((event) => event.event === "tool_finished" && event.payload.tool === "write_file");
  expect(calls).toHaveLength(1);
  expect(calls[0]?.payload).toMatchObject({ outcome: "refused" });
});

test("a tester that claims success without running a check is overruled by the runner's own checks", async () => {
  const claim = [assistantMessage(JSON.stringify({ summary: "all green", claim: "passed" }))];
  const { drive } = await beginRun({
    models: { tester: new ScriptedModel([claim, claim, claim, claim, claim, claim, claim, claim]) },
    check: (goal) => ({
      goal,
      command: ["npm", "test"],
      status: "exited",
      exit_code: 1,
      duration_ms: 1,
      verdict: "failed",
      reason: "1 of 1 tests failed",
      report: "junit",
      counts: { failed: 1 },
      not_passed: [{ suite: "s", name: "n", outcome: "failed" }],
      output_tail: "",
    }),
  });
  const manifest = await drive();
  expect(manifest.status).toBe("blocked");
  const refused = manifest.gates.filter(({ verdict }) => verdict.decision === "refuse");
  expect(refused[0]?.verdict.gate).toBe("test");
});

/** True for the files that a run begins with. */
const isBase = (files: ReadonlyMap<string, string>) => files.get("src/a.js")?.includes("node:") !== true;

test("a check that was run until it passed has not passed: its failures on the same files count, and are told", async () => {
  let runs = 0;
  const again = (callId: string) => [functionCall("run_check", { goal: "test" }, { callId })];
  const claim = [assistantMessage(JSON.stringify({ summary: "all green", claim: "passed" }))];
  const { drive } = await beginRun({
    task: { budget: { builder_attempts: 1, planner_attempts: 1 } },
    models: { tester: new ScriptedModel([again("c1"), again("c2"), again("c3"), again("c4"), claim]) },
    check: (goal, files) => {
      if (isBase(files)) return testResult(goal, "passed");
      runs += 1;
      return testResult(goal, runs === 4 ? "passed" : "failed");
    },
  });
  const manifest = await drive();
  expect(runs).toBe(4);
  expect(manifest.gates.find(({ verdict }) => verdict.gate === "test")?.verdict).toMatchObject({
    decision: "refuse",
    findings: [
      { rule: "test/check-failed", message: expect.stringContaining("run 4 times on these files and failed 3 times") },
      { rule: "test/case-failed" },
    ],
  });
  expect(manifest.tests?.checks).toMatchObject([{ goal: "test", verdict: "failed" }]);
});

test("another try of the tester does not forget what failed on the same files; a person's new round does", async () => {
  let runs = 0;
  const check = [functionCall("run_check", { goal: "test" }, { callId: "c1" })];
  const claim = [assistantMessage(JSON.stringify({ summary: "all green", claim: "passed" }))];
  const nonsense = [assistantMessage("no document")];
  const { drive, store, key } = await beginRun({
    task: { budget: { builder_attempts: 1, planner_attempts: 1 } },
    models: { tester: new ScriptedModel([check, nonsense, check, claim, check, claim]) },
    check: (goal) => {
      runs += 1;
      return testResult(goal, runs === 1 ? "failed" : "passed");
    },
  });
  const blocked = await drive();
  expect(blocked.steps.filter(({ role }) => role === "tester").map(({ status }) => status)).toEqual([
    "failed",
    "finished",
  ]);
  const question = blocked.questions[0]?.question;
  expect(question).toMatchObject({
    kind: "stuck",
    text: expect.stringContaining("run 2 times on these files and failed once"),
  });
  const person = { kind: "person", id: "test", authenticated_by: "none" } as const;
  await store.submit(key, {
    schema_version: 1,
    id: "c1",
    at: "2026-01-01T00:00:00.000Z",
    actor: person,
    verb: "answer",
    question_id: question?.id ?? "",
    subject_sha256: question?.subject_sha256 ?? "",
    answer: "approve",
    message: "the machine was busy",
  });
  expect((await drive(await store.acquire(key, "approved", person))).status).toBe("passed");
});

test("a change of what decides the checks is refused until an item of the plan names that very file", async () => {
  const write = functionCall("write_file", { path: "package.json", content: "{}" }, { callId: "c1" });
  const done = assistantMessage(JSON.stringify({ summary: "done", items_done: [], items_left: [] }));
  const testVerdictFor = async (paths: string[]) => {
    const item = { id: "a", description: "d", criteria: ["done"], paths, pattern: null, depends_on: [] };
    const plan = assistantMessage(JSON.stringify({ summary: "p", items: [item] }));
    const { drive } = await beginRun({
      task: { budget: { builder_attempts: 1, planner_attempts: 1 } },
      models: { planner: new ScriptedModel([[plan]]), builder: new ScriptedModel([[write], [done]]) },
      checkPaths: ["package.json"],
    });
    return (await drive()).gates.find(({ verdict }) => verdict.gate === "test")?.verdict;
  };
  expect(await testVerdictFor(["**"])).toMatchObject({
    decision: "refuse",
    findings: [{ rule: "test/check-changed", path: "package.json" }],
  });
  expect(await testVerdictFor(["src/**", "package.json"])).toMatchObject({ decision: "pass" });
});

test("a codemod that reaches a runner's configuration passes once the plan names it, as the recipe planner then does", async () => {
  const { drive } = await beginRun({
    files: { "src/a.js": 'const fs = require("fs");\n', "vitest.config.mjs": 'import path from "path";\n' },
    checkPaths: ["vitest.config.mjs"],
  });
  const manifest = await drive();
  expect(manifest.status).toBe("passed");
  expect(manifest.steps.map(({ step_id }) => step_id)).toEqual([
    "planner.1",
    "builder.1",
    "tester.1",
    "planner.2",
    "builder.2",
    "tester.2",
    "reviewer.1",
  ]);
});

test("what the manager and the planner are told of a refusal has no folders of this machine", async () => {
  const manager = recordInputs(createRecipeModel("manager"));
  const planner = recordInputs(createRecipeModel("planner"));
  const { parts, lease } = await beginRun({
    task: { budget: { builder_attempts: 1, planner_attempts: 2 } },
    models: { manager: manager.model, planner: planner.model },
    check: (goal) => ({
      ...testResult(goal, "failed"),
      command: ["tap", "--output-file=/cache/reports/node-tap.tap"],
      not_passed: [{ suite: "", name: "/cache/tree/a.test.js", outcome: "crashed", file: "/clone/b.test.js" }],
    }),
  });
  const benches: WorkbenchSource = {
    ...parts.benches,
    open: async (request) => ({
      ...(await parts.benches.open(request)),
      steady: (text) => text.replaceAll("/cache", "<cache>").replaceAll("/clone", "<workspace>"),
    }),
  };
  await driveRun({ ...parts, benches }, lease, new AbortController().signal).finished;
  for (const { inputs } of [manager, planner]) {
    expect(inputs.join("\n")).toContain("<cache>/reports/node-tap.tap");
    expect(inputs.join("\n")).toContain("<cache>/tree/a.test.js crashed");
    expect(inputs.join("\n")).toContain(String.raw`\"path\":\"b.test.js\"`);
    expect(inputs.join("\n").replaceAll("<cache>/", "")).not.toMatch(/\/cache|cache\/|clone/);
  }
});

test("a manager that delegates to a role that is not legal is told why and may choose again", async () => {
  const wrong = [functionCall("delegate_to_reviewer", { brief: "review it" }, { callId: "m1" })];
  const right = [functionCall("delegate_to_planner", { brief: "plan it" }, { callId: "m2" })];
  const rest = ["builder", "tester", "reviewer"].map((role) => [
    functionCall(`delegate_to_${role}`, { brief: "go on" }, { callId: `m-${role}` }),
  ]);
  const { drive, lease } = await beginRun({ models: { manager: new ScriptedModel([wrong, right, ...rest]) } });
  expect((await drive()).status).toBe("passed");
  expect(
    lease.events.filter(({ event }) => event === "delegation_refused").map(({ payload }) => payload),
  ).toMatchObject([{ delegate: "reviewer", reason: "delegating to 'reviewer' is not legal now; legal: planner" }]);
});

test("a budget of model calls is hard: the call beyond it is not made and a person is asked", async () => {
  const { drive, lease } = await beginRun({ task: { budget: { turns: 3 } } });
  const manifest = await drive();
  expect(manifest.status).toBe("blocked");
  expect(manifest.questions[0]?.question.kind).toBe("budget_spent");
  expect(lease.events.filter(({ event }) => event === "model_answered")).toHaveLength(3);
});

test("a role whose final answer does not fit its document fails its attempt and no more", async () => {
  const nonsense = [assistantMessage("I approve of everything.")];
  const { drive } = await beginRun({ models: { reviewer: new ScriptedModel([nonsense, nonsense]) } });
  const manifest = await drive();
  expect(manifest.steps.filter(({ role }) => role === "reviewer").map(({ status }) => status)).toEqual([
    "failed",
    "failed",
  ]);
  expect(manifest.status).toBe("blocked");
});

test("a model that never stops calling tools is ended by its turns", async () => {
  const call = (index: number) => [functionCall("list_files", { glob: null }, { callId: `c${index}` })];
  const endless = new ScriptedModel(Array.from({ length: 200 }, (_, index) => call(index)));
  const { drive } = await beginRun({ models: { planner: endless } });
  const manifest = await drive();
  expect(manifest.steps[0]).toMatchObject({ status: "failed" });
  expect(manifest.steps[0]?.detail).toContain("turns");
});

test("a build whose files change after the change was read is failed, so that nothing is committed that no gate saw", async () => {
  const { parts, lease } = await beginRun({});
  const manifest = await driveRun(
    { ...parts, benches: writesAfterChange(parts.benches) },
    lease,
    new AbortController().signal,
  ).finished;
  expect(manifest.steps.slice(0, 2).map(({ step_id, status }) => [step_id, status])).toEqual([
    ["planner.1", "finished"],
    ["builder.1", "failed"],
  ]);
  const failed = lease.events.find((event) => event.event === "step_failed");
  expect(failed?.payload).toMatchObject({ message: expect.stringContaining("files changed after") });
  const finished = lease.events.filter((event) => event.event === "step_finished").map(({ payload }) => payload);
  for (const { document, tree } of finished) {
    if (document.role === "builder") expect(document.change.tree).toBe(tree);
  }
});

function testResult(goal: CheckGoal, verdict: CheckResult["verdict"]): CheckReading {
  const isGood = verdict === "passed";
  return {
    goal,
    command: ["npm", "test"],
    status: "exited",
    exit_code: isGood ? 0 : 1,
    duration_ms: 1,
    verdict,
    reason: isGood ? "1 test ran" : "1 of 1 tests did not pass",
    report: "junit",
    counts: isGood ? { passed: 1 } : { failed: 1 },
    not_passed: isGood ? [] : [{ suite: "s", name: "n", outcome: "failed" }],
    output_tail: "",
    cases: [{ suite: "s", name: "n", outcome: verdict }],
  };
}

/** A model with what it was asked, as text. */
function recordInputs(inner: Model): { readonly model: Model; readonly inputs: string[] } {
  const inputs: string[] = [];
  const getResponse: Model["getResponse"] = (request) => {
    inputs.push(JSON.stringify(request.input));
    return inner.getResponse(request);
  };
  return { model: { ...inner, getResponse }, inputs };
}

/** As a process does that left its group: it writes once, between two looks at the files. */
function writesAfterChange(source: WorkbenchSource): WorkbenchSource {
  return {
    ...source,
    open: async (request) => {
      const bench = await source.open(request);
      let isLeft = true;
      const change = async () => {
        const found = await bench.workspace.change();
        if (isLeft) await bench.workspace.files.write("late.txt", "late");
        isLeft = false;
        return found;
      };
      return { ...bench, workspace: { ...bench.workspace, change } };
    },
  };
}
