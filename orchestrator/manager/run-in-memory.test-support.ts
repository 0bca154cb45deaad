import type { Model } from "@openai/agents-core";
import { createPatternLibrary } from "../../patterns/index.ts";
import { defaultPolicy } from "../gates/default-policy.ts";
import { layerOfTask, meet } from "../gates/meet.ts";
import { systemClock } from "../io/clock.ts";
import { hashJson } from "../io/hash.ts";
import { newId } from "../io/ids.ts";
import { createRedactor } from "../io/redact/redactor.ts";
import { createRecipeModel } from "../models/recipe/recipe-model.ts";
import { takeOverTracing } from "../models/run-tracing.ts";
import { createMemoryRunStore } from "../runs/memory-run-store.ts";
import type { PatternLibrary } from "../schema/pattern-port.ts";
import type { Role } from "../schema/primitives.ts";
import type { RunLease, RunStore } from "../schema/run-store.ts";
import type { TaskSpec } from "../schema/task-spec.ts";
import { createMemoryWorkbenches, type MemoryWorkbenchOptions } from "../tools/memory-workbench.ts";
import { driveRun } from "./drive-run.ts";
import type { RunParts } from "./run-context.ts";

/** What a run in memory is made from. */
export interface MemoryRunOptions extends Partial<MemoryWorkbenchOptions> {
  readonly task?: Partial<TaskSpec>;
  readonly models?: Partial<Record<Role, Model>>;
  readonly managerWhen?: "always" | "choices";
  /** Where the run is recorded; default in memory. */
  readonly store?: RunStore;
  /** Default: our own. */
  readonly patterns?: PatternLibrary;
}

const commit = "c".repeat(40);

/** A run whose files and models, and mostly its store, are in memory; it is begun and not driven yet. */
export async function beginRun(options: MemoryRunOptions) {
  const redactor = createRedactor({ scanner: { scan: async () => [] } });
  const store = options.store ?? createMemoryRunStore({ clock: systemClock, redactor });
  const task = taskOf(options.task ?? {});
  const policy = meet(defaultPolicy(), layerOfTask(task));
  const key = { taskId: task.id, runId: newId(systemClock) };
  const lease = await store.create(key, {
    event: "run_created",
    actor: { kind: "person", id: "test", authenticated_by: "none" },
    payload: {
      task,
      task_source: "test",
      repository: {
        root: "/memory",
        base_commit: commit,
        base_tree: commit,
        branch: "main",
        uncommitted_changes: false,
      },
      policy,
      policy_sha256: hashJson(policy),
      model: "test",
      base_url: null,
      manager_when: options.managerWhen ?? "always",
      approvals: [],
      code_version: "0",
      parent_run: null,
      root_run: key.runId,
    },
  });
  const parts = partsOf(options, redactor);
  const drive = (held: RunLease = lease) => driveRun(parts, held, new AbortController().signal).finished;
  return { store, key, lease, parts, drive };
}

function partsOf(options: MemoryRunOptions, redactor: RunParts["redactor"]): RunParts {
  const model = (role: Role) => options.models?.[role] ?? createRecipeModel(role);
  return {
    clock: systemClock,
    redactor,
    models: {
      ofRole: async (role) => ({ name: `test/${role}`, model: model(role), costOf: () => 0, usesTokens: false }),
    },
    benches: createMemoryWorkbenches({
      files: { "src/a.js": 'const fs = require("fs");\n' },
      goals: ["test"],
      ...options,
    }),
    patterns: options.patterns ?? createPatternLibrary(),
    evidence: { spec: async () => ({ policy: null, today: "2026-01-01", linked: [], paths: [], specs: [] }) },
    tracing: takeOverTracing(),
    openTrace: () => ({ write: () => {}, close: () => {} }),
    retry: { retries: 2, firstDelayMs: 1, timeoutMs: 5000 },
    outputTokensMax: 1000,
    gateTimeoutMs: 5000,
    inboxIntervalMs: 50,
  };
}

function taskOf(task: Partial<TaskSpec>): TaskSpec {
  return {
    id: "sample",
    title: "A sample",
    goal: "use the node: protocol for builtin imports",
    acceptance_criteria: [{ id: "done", text: "no bare builtin is left" }],
    scope: { include: ["**"], exclude: [] },
    specs: [],
    recipe: ["node-protocol"],
    budget: {},
    approvals: [],
    ...task,
  };
}
