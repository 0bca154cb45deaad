import { join } from "node:path";
import { createAdapters, createDirectoryReader, detectAdapter } from "../adapters/index.ts";
import { createPatternLibrary } from "../patterns/index.ts";
import { pipelinePartsOf } from "./assemble-pipelines.ts";
import type { Assembly } from "./assembly.ts";
import { createTask } from "./create-task.ts";
import { collectSpecEvidence } from "./evidence/spec-evidence.ts";
import { defaultPolicy } from "./gates/default-policy.ts";
import { layerOfTask, meet } from "./gates/meet.ts";
import { systemClock } from "./io/clock.ts";
import { createGit } from "./io/git.ts";
import { hashJson } from "./io/hash.ts";
import { newId } from "./io/ids.ts";
import { createSandbox } from "./io/sandbox.ts";
import { createTraceFile } from "./io/trace-file.ts";
import { driveRun } from "./manager/drive-run.ts";
import type { GateEvidence } from "./manager/gate-evidence.ts";
import type { RunParts } from "./manager/run-context.ts";
import { createModelSource, type ModelOfRole } from "./models/model-source.ts";
import { takeOverTracing } from "./models/run-tracing.ts";
import type { Goal, Orchestrator, OrchestratorOptions, RunHandle, RunOptions } from "./orchestrator.ts";
import { drivePipeline } from "./pipeline/drive-pipeline.ts";
import { createRunHandle, localActor } from "./run-handle.ts";
import type { ConfigFile, Settings } from "./schema/config.ts";
import { OrchestratorError } from "./schema/errors.ts";
import type { PatternLibrary } from "./schema/pattern-port.ts";
import type { Policy } from "./schema/policy.ts";
import type { EventPayload, RepositoryState } from "./schema/run-event.ts";
import type { RunKey } from "./schema/run-store.ts";
import type { TaskSpec } from "./schema/task-spec.ts";
import { codeVersion } from "./schema/version.ts";
import type { WorkbenchSource } from "./schema/workspace-port.ts";
import { createWorkbenchSource } from "./tools/open-workbench.ts";
import { inspectRepository } from "./workspace/inspect-repository.ts";

const gateTimeoutMs = 120_000;
const inboxIntervalMs = 300;

/** The orchestrator of one repository, from its concrete parts. */
export function assemble(assembly: Assembly): Orchestrator {
  const patterns = createPatternLibrary();
  const modelOfRole = modelsOf(assembly);
  const parts: RunParts = {
    clock: systemClock,
    redactor: assembly.redactor,
    models: { ofRole: modelOfRole },
    benches: benchesOf(assembly),
    patterns,
    evidence: evidenceOf(),
    tracing: takeOverTracing(),
    openTrace: ({ taskId, runId }) => createTraceFile(join(assembly.runsRoot, taskId, runId, "traces.jsonl")),
    retry: {
      retries: assembly.settings.model_retries,
      firstDelayMs: assembly.settings.model_retry_delay_ms,
      timeoutMs: assembly.settings.model_timeout_ms,
    },
    gateTimeoutMs,
    inboxIntervalMs,
  };
  return {
    repository: assembly.repository,
    runs: assembly.runs,
    run: (task, options) => startRun(assembly, parts, task, options ?? {}),
    resume: async (run, options) => {
      const key = await assembly.run(run);
      const lease = await assembly.runs.acquire(key, options?.reason ?? "resumed", localActor(assembly));
      const created = lease.events[0];
      if (created?.event !== "run_created")
        throw new OrchestratorError("run_damaged", `run ${key.runId} has no beginning`);
      const signal = options?.signal ?? never();
      const { pipeline, task } = created.payload;
      const driven =
        pipeline === undefined
          ? driveRun(parts, lease, signal)
          : drivePipeline(pipelinePartsOf(assembly), lease, signal);
      return createRunHandle(assembly, key, task, driven);
    },
  };
}

async function startRun(
  assembly: Assembly,
  parts: RunParts,
  wanted: TaskSpec | Goal,
  options: RunOptions,
): Promise<RunHandle> {
  const { settings, runs } = assembly;
  const repository = await inspectRepository(assembly.repository, options.base);
  const config = await assembly.readPolicyConfig(repository.root, repository.base_commit);
  const task = createTask(wanted);
  const policy = policyOf(config, task, options);
  assertPatterns(parts.patterns, settings, assembly.options, task);
  await assertPrice(parts, policy);
  const key = { taskId: task.id, runId: newId(parts.clock) };
  const lease = await runs.create(key, {
    event: "run_created",
    actor: localActor(assembly),
    payload: createdPayload(assembly, {
      key,
      task,
      repository,
      policy,
      options,
      isGoal: !("acceptance_criteria" in wanted),
    }),
  });
  return createRunHandle(assembly, key, task, driveRun(parts, lease, options.signal ?? never()));
}

function createdPayload(
  { settings, options: { model } }: Assembly,
  run: {
    key: RunKey;
    task: TaskSpec;
    repository: RepositoryState;
    policy: Policy;
    options: RunOptions;
    isGoal: boolean;
  },
): EventPayload<"run_created"> {
  return {
    task: run.task,
    task_source: run.options.source ?? (run.isGoal ? "goal" : "library"),
    repository: run.repository,
    policy: run.policy,
    policy_sha256: hashJson(run.policy),
    model: typeof model === "function" ? "library" : settings.model,
    base_url: settings.base_url,
    manager_when: settings.manager.when,
    approvals: [...new Set([...settings.approvals, ...(run.options.approvals ?? [])])],
    code_version: codeVersion,
    parent_run: null,
    root_run: run.key.runId,
  };
}

function policyOf(config: ConfigFile, task: TaskSpec, { budget }: RunOptions): Policy {
  const policy = meet(meet(defaultPolicy(), config.policy), layerOfTask(task));
  return budget === undefined ? policy : meet(policy, { budget });
}

/** The recipe model can do only what a pattern does: better to say so before a run is made of it. */
function assertPatterns(
  patterns: PatternLibrary,
  settings: Settings,
  { model }: OrchestratorOptions,
  task: TaskSpec,
): void {
  const known = () =>
    patterns
      .list()
      .map(({ id }) => id)
      .join(", ");
  const unknown = (task.recipe ?? []).filter((id) => !patterns.has(id));
  if (unknown.length > 0) {
    throw new OrchestratorError("pattern_not_found", `there is no pattern ${unknown.join(", ")}; there are ${known()}`);
  }
  const isRecipe = typeof model !== "function" && settings.model === "recipe";
  if (!isRecipe || task.recipe !== undefined || patterns.match(task.goal).length > 0) return;
  throw new OrchestratorError(
    "usage",
    `the recipe model finds no pattern for this goal; name patterns (--recipe) or a model (--model); patterns: ${known()}`,
  );
}

async function assertPrice({ models }: RunParts, { budget }: Policy): Promise<void> {
  if (budget.cost_usd === undefined) return;
  const { name, costOf } = await models.ofRole("manager");
  if (costOf(1, 1) !== null) return;
  throw new OrchestratorError(
    "usage",
    `the budget limits the cost, but ${name} has no price; set one under settings.prices`,
  );
}

function modelsOf({ options, settings, environment, run, runs }: Assembly): ModelOfRole {
  const { model } = options;
  if (typeof model === "function") return async (role) => model(role);
  const readRun = async (text: string) => runs.events(await run(text));
  return createModelSource({ settings, environment, readRun });
}

function benchesOf({ cacheDir, environment, redactor, scanner }: Assembly): WorkbenchSource {
  let source: Promise<WorkbenchSource> | null = null;
  const create = async () => {
    const adapters = createAdapters();
    return createWorkbenchSource({
      cacheDir,
      sandbox: await createSandbox({ redactor, environment }),
      scanner,
      environment,
      detect: async (reader) => {
        const found = await detectAdapter(adapters, reader);
        return found === null ? null : { adapter: found.adapter, evidence: found.detection.evidence };
      },
      createReader: createDirectoryReader,
    });
  };
  const opened = () => {
    source ??= create();
    return source;
  };
  return {
    open: async (request) => (await opened()).open(request),
    discard: async (runId) => (await opened()).discard(runId),
  };
}

function evidenceOf(): GateEvidence {
  return {
    spec: ({ repository, task, paths, globs }, signal) =>
      collectSpecEvidence({
        git: createGit(repository.root),
        base: repository.base_commit,
        today: systemClock.now().toISOString().slice(0, 10),
        linked: task.specs,
        paths,
        globs,
        signal,
      }),
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
