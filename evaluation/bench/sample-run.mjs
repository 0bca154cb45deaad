import { join } from "node:path";
import { Agent, Runner, tool } from "@openai/agents-core";
import { assistantMessage, functionCall } from "@openai/agents-core/testing";
import { z } from "zod";
import { defaultPolicy } from "../../dist/orchestrator/gates/default-policy.js";
import { systemClock } from "../../dist/orchestrator/io/clock.js";
import { hashJson } from "../../dist/orchestrator/io/hash.js";
import { newId } from "../../dist/orchestrator/io/ids.js";
import { createRedactor } from "../../dist/orchestrator/io/redact/redactor.js";
import { createSecretScanner } from "../../dist/orchestrator/io/secret-scanner.js";
import { createTraceFile } from "../../dist/orchestrator/io/trace-file.js";
import { driveRun } from "../../dist/orchestrator/manager/drive-run.js";
import { takeOverTracing } from "../../dist/orchestrator/models/run-tracing.js";
import { createFileRunStore } from "../../dist/orchestrator/runs/file-run-store.js";
import { createMemoryWorkbenches } from "../../dist/orchestrator/tools/memory-workbench.js";
import { createPatternLibrary } from "../../dist/patterns/index.js";

const anything = { type: "object", properties: {}, required: [], additionalProperties: true };

const commit = "c".repeat(40);

const task = {
  id: "bench",
  title: "A sample",
  goal: "edit one file",
  acceptance_criteria: [{ id: "done", text: "the file is edited" }],
  scope: { include: ["**"], exclude: [] },
  specs: [],
  budget: {},
  approvals: [],
};

const plan = {
  summary: "edit it",
  items: [{ id: "item-1", description: "edit", criteria: ["done"], paths: ["src/**"], pattern: null, depends_on: [] }],
};

/** What each role answers: one tool call, then its document. */
const scripts = {
  planner: [call("list_files", { glob: null }), plan],
  builder: [
    call("edit_file", { path: "src/a.js", before: "1", after: "2" }),
    { summary: "edited", items_done: ["item-1"], items_left: [] },
  ],
  tester: [call("run_check", { goal: "test" }), { summary: "ran", claim: "passed" }],
  reviewer: [
    call("git_diff", { path: null, offset: null }),
    { decision: "approve", summary: "good", criteria_met: ["done"], findings: [] },
  ],
};

function call(name, args) {
  return { call: name, args };
}

/** A model that answers at once: the manager delegates in order, a role calls its tool and then ends. */
function scriptedModel(role) {
  return {
    getResponse: async (request) => ({ usage: emptyUsage(), output: [answer(role, request)] }),
    getStreamedResponse: () => {
      throw new Error("not streamed");
    },
  };
}

function answer(role, request) {
  if (role === "manager") {
    const { legal } = JSON.parse(request.input[0].content);
    return functionCall(`delegate_to_${legal[0]}`, { brief: "go on" }, { callId: "m1" });
  }
  const calls = request.input.filter(({ type }) => type === "function_call_result").length;
  const step = scripts[role][calls];
  return "call" in step
    ? functionCall(step.call, step.args, { callId: `c${calls}` })
    : assistantMessage(JSON.stringify(step));
}

function emptyUsage() {
  return {
    requests: 1,
    inputTokens: 0,
    outputTokens: 0,
    totalTokens: 0,
    inputTokensDetails: [],
    outputTokensDetails: [],
  };
}

/** Runs of the five-role workflow with a scripted 0 ms model, a real log on disk and files in memory. */
export async function prepareRuns(root) {
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  const heartbeat = { intervalSeconds: 10, staleAfterSeconds: 30 };
  const store = createFileRunStore({ root, clock: systemClock, redactor, heartbeat });
  const policy = defaultPolicy();
  const parts = {
    clock: systemClock,
    redactor,
    models: {
      ofRole: async (role) => ({ name: "scripted", model: scriptedModel(role), costOf: () => 0, usesTokens: false }),
    },
    benches: createMemoryWorkbenches({ files: { "src/a.js": "1\n" }, goals: ["test"] }),
    patterns: createPatternLibrary(),
    evidence: { spec: async () => ({ policy: null, today: "2026-01-01", linked: [], paths: [], specs: [] }) },
    tracing: takeOverTracing(),
    openTrace: ({ taskId, runId }) => createTraceFile(join(root, taskId, runId, "traces.jsonl")),
    retry: { retries: 0, firstDelayMs: 0, timeoutMs: 10_000 },
    outputTokensMax: 1000,
    gateTimeoutMs: 10_000,
    inboxIntervalMs: 300,
  };
  const run = async () => {
    const key = { taskId: task.id, runId: newId(systemClock) };
    const lease = await store.create(key, {
      event: "run_created",
      actor: { kind: "system", id: "bench", authenticated_by: "none" },
      payload: created(policy, key),
    });
    const manifest = await driveRun(parts, lease, new AbortController().signal).finished;
    if (manifest.status !== "passed")
      throw new Error(`the sample run ended ${manifest.status}: ${manifest.status_detail}`);
    return { key, manifest };
  };
  return { store, redactor, run };
}

function created(policy, key) {
  return {
    task,
    task_source: "bench",
    repository: { root: "/memory", base_commit: commit, base_tree: commit, branch: "main", uncommitted_changes: false },
    policy,
    policy_sha256: hashJson(policy),
    model: "scripted",
    base_url: null,
    manager_when: "always",
    approvals: [],
    code_version: "0",
    parent_run: null,
    root_run: key.runId,
  };
}

/** The same conversation with the Agents SDK alone: five roles, each one call of the model and one tool, nothing recorded. */
export async function runSdkAlone() {
  const runner = new Runner({ tracingDisabled: true });
  const child = (role) =>
    new Agent({
      name: role,
      instructions: "work",
      model: scriptedModel(role),
      tools: ["list_files", "edit_file", "run_check", "git_diff"].map((name) =>
        tool({ name, description: "d", parameters: anything, strict: false, execute: async () => "ok" }),
      ),
    });
  for (const role of ["planner", "builder", "tester", "reviewer"]) {
    const manager = new Agent({
      name: "manager",
      instructions: "delegate",
      model: scriptedModel("manager"),
      toolUseBehavior: "stop_on_first_tool",
      tools: [
        tool({
          name: `delegate_to_${role}`,
          description: "d",
          parameters: z.object({ brief: z.string() }),
          errorFunction: null,
          execute: async () => (await runner.run(child(role), JSON.stringify({ task }))).finalOutput,
        }),
      ],
    });
    await runner.run(manager, JSON.stringify({ legal: [role] }));
  }
}
