import { join } from "node:path";
import { pipelinePartsOf } from "./assemble-pipelines.ts";
import { assembleWorkbenches } from "./assemble-workbenches.ts";
import type { Assembly } from "./assembly.ts";
import { checkRunOptions, createRecordedTask } from "./create-task.ts";
import { collectSpecEvidence } from "./evidence/spec-evidence.ts";
import { defaultPolicy } from "./gates/default-policy.ts";
import { layerOfTask, meet } from "./gates/meet.ts";
import { systemClock } from "./io/clock.ts";
import { createGit } from "./io/git.ts";
import { hashJson } from "./io/hash.ts";
import { newId } from "./io/ids.ts";
import { localPerson } from "./io/local-person.ts";
import { createTraceFile } from "./io/trace-file.ts";
import { driveOn } from "./manager/drive-on.ts";
import { driveRun } from "./manager/drive-run.ts";
import type { DrivenRun } from "./manager/drive-under-lease.ts";
import type { GateEvidence } from "./manager/gate-evidence.ts";
import type { RunParts } from "./manager/run-context.ts";
import { createModelSource, type ModelOfRole } from "./models/model-source.ts";
import { takeOverTracing } from "./models/run-tracing.ts";
import type { Goal, Orchestrator, OrchestratorOptions, RunHandle, RunOptions } from "./orchestrator.ts";
import { drivePipeline } from "./pipeline/drive-pipeline.ts";
import { createRunHandle } from "./run-handle.ts";
import { acceptedCommit, readBundle } from "./runs/read-bundle.ts";
import type { ConfigFile, Settings } from "./schema/config.ts";
import { OrchestratorError } from "./schema/errors.ts";
import type { PatternLibrary } from "./schema/pattern-port.ts";
import type { Policy } from "./schema/policy.ts";
import type { EventPayload, RepositoryState } from "./schema/run-event.ts";
import type { RunKey, RunLease } from "./schema/run-store.ts";
import type { TaskSpec } from "./schema/task-spec.ts";
import { codeVersion } from "./schema/version.ts";
import { type ApplyOutcome, applyRun } from "./workspace/apply-run.ts";
import { inspectRepository } from "./workspace/inspect-repository.ts";
import { refuseOverlap } from "./workspace/refuse-overlap.ts";
import { clonesIn } from "./workspace/work-folders.ts";

const gateTimeoutMs = 120_000;
const inboxIntervalMs = 300;

/** The parts that do not depend on the run: the patterns are those that its base commit pins. */
type SharedParts = Omit<RunParts, "patterns">;

/** The orchestrator of one repository, from its concrete parts. */
export function assemble(assembly: Assembly): Orchestrator {
  const modelOfRole = modelsOf(assembly);
  const parts: SharedParts = {
    clock: systemClock,
    redactor: assembly.redactor,
    models: { ofRole: modelOfRole },
    benches: assembleWorkbenches(assembly),
    evidence: evidenceOf(assembly.repository),
    tracing: takeOverTracing(),
    openTrace: ({ taskId, runId }) => createTraceFile(join(assembly.runsRoot, taskId, runId, "traces.jsonl")),
    retry: {
      retries: assembly.settings.model_retries,
      firstDelayMs: assembly.settings.model_retry_delay_ms,
      timeoutMs: assembly.settings.model_timeout_ms,
    },
    outputTokensMax: assembly.settings.model_output_tokens_max,
    gateTimeoutMs,
    inboxIntervalMs,
  };
  return {
    repository: assembly.repository,
    runs: assembly.runs,
    run: (task, options) => startRun(assembly, parts, task, options ?? {}),
    resume: async (run, options) => {
      const key = await assembly.run(run);
      const [created] = await assembly.runs.events(key);
      if (created?.event !== "run_created")
        throw new OrchestratorError("run_damaged", `run ${key.runId} has no beginning`);
      if (created.payload.goals !== undefined)
        throw new OrchestratorError(
          "run_state_refused",
          `run ${key.runId} is one of many goals; go on with it by openGoals`,
        );
      const patterns = await patternsOfRun(assembly, key, created.payload);
      const drive = driverOf(assembly, { ...parts, patterns }, modelOfRole, created.payload);
      const lease = await assembly.runs.acquire(key, options?.reason ?? "resumed", localPerson(assembly.environment));
      const signal = options?.signal ?? never();
      const driven = driveOn(assembly.runs, lease, signal, (held) => drive(held, signal));
      return createRunHandle(assembly, key, created.payload.task, driven);
    },
    apply: (run) => applyPassed(assembly, run),
  };
}

async function applyPassed({ repository, runs, run }: Assembly, named: string): Promise<ApplyOutcome> {
  const key = await run(named);
  const manifest = await runs.manifest(key);
  const commit = acceptedCommit(manifest);
  const bundle = await readBundle(runs, key, manifest);
  const base = manifest.repository.base_commit;
  return applyRun({ repositoryRoot: repository, runId: key.runId, bundle, commit, base });
}

/** The patterns that a run began with. A run that is over, or told to end, needs none of another library. Throws `library_refused`. */
async function patternsOfRun(
  { openPatterns, runs }: Assembly,
  key: RunKey,
  { pattern_libraries: pins = [] }: EventPayload<"run_created">,
): Promise<PatternLibrary> {
  try {
    return await openPatterns(pins);
  } catch (error) {
    const isCancelled = (await runs.waiting(key)).some(({ verb }) => verb === "cancel");
    const isOver = isCancelled || (await runs.manifest(key)).finished_at !== null;
    if (!isOver) throw error;
    return openPatterns([]);
  }
}

/** What goes on with a run: its own model, or the executor of its pipeline. Throws `model_unknown` before the run is touched. */
function driverOf(
  assembly: Assembly,
  parts: RunParts,
  modelOfRole: ModelOfRole,
  created: EventPayload<"run_created">,
): (lease: RunLease, signal: AbortSignal) => DrivenRun {
  if (created.pipeline !== undefined) {
    return (lease, signal) => drivePipeline(pipelinePartsOf(assembly), lease, signal);
  }
  const resumed = { ...parts, models: { ofRole: modelsOfRun(assembly, modelOfRole, created) } };
  return (lease, signal) => driveRun(resumed, lease, signal);
}

async function startRun(
  assembly: Assembly,
  shared: SharedParts,
  wanted: TaskSpec | Goal,
  options: RunOptions,
): Promise<RunHandle> {
  const { settings, runs } = assembly;
  checkRunOptions(options);
  const repository = await inspectRepository(assembly.repository, options.base);
  await refuseOverlap(repository.root, clonesIn(assembly.cacheDir));
  const config = await assembly.readPolicyConfig(repository.root, repository.base_commit);
  const task = await createRecordedTask(wanted, assembly.redactor);
  const policy = policyOf(config, task, options);
  const parts: RunParts = { ...shared, patterns: await assembly.openPatterns(config.pattern_libraries) };
  assertPatterns(parts.patterns, settings, assembly.options, task);
  await assertModel(parts, policy);
  const key = { taskId: task.id, runId: options.identity?.runId ?? newId(parts.clock) };
  const isGoal = !("acceptance_criteria" in wanted);
  const model = await modelToRecord(assembly);
  const payload = createdPayload(assembly, { key, task, repository, policy, config, options, isGoal, model });
  const lease = await runs.create(key, { event: "run_created", actor: localPerson(assembly.environment), payload });
  const signal = options.signal ?? never();
  const driven = driveOn(runs, lease, signal, (held) => driveRun(parts, held, signal));
  return createRunHandle(assembly, key, task, driven);
}

/** The name of the model that a later resume finds again: `latest` means another run by then. */
async function modelToRecord({ settings, options, run }: Assembly): Promise<string> {
  if (typeof options.model === "function") return "library";
  const replayed = /^replay:(.+)$/.exec(settings.model)?.[1];
  return replayed === undefined ? settings.model : `replay:${(await run(replayed)).runId}`;
}

function createdPayload(
  { settings }: Assembly,
  run: {
    key: RunKey;
    task: TaskSpec;
    repository: RepositoryState;
    policy: Policy;
    config: ConfigFile;
    options: RunOptions;
    isGoal: boolean;
    model: string;
  },
): EventPayload<"run_created"> {
  const { pattern_libraries } = run.config;
  return {
    task: run.task,
    task_source: run.options.source ?? (run.isGoal ? "goal" : "library"),
    repository: run.repository,
    policy: run.policy,
    policy_sha256: hashJson(run.policy),
    model: run.model,
    base_url: settings.base_url,
    manager_when: settings.manager.when,
    approvals: [...new Set([...settings.approvals, ...(run.options.approvals ?? [])])],
    code_version: codeVersion,
    parent_run: run.options.identity?.parentRun ?? null,
    root_run: run.options.identity?.rootRun ?? run.key.runId,
    ...(pattern_libraries.length === 0 ? {} : { pattern_libraries }),
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

/** A model that is not there, or has no price where the cost is limited, is told before a run is made of it. */
async function assertModel({ models }: RunParts, { budget }: Policy): Promise<void> {
  const { name, costOf } = await models.ofRole("manager");
  if (budget.cost_usd === undefined || costOf(1, 1) !== null) return;
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

/** A run goes on with the model that it was started with, whatever this orchestrator would give a new one. */
function modelsOfRun(
  { options, settings, environment, run, runs }: Assembly,
  own: ModelOfRole,
  { model, base_url }: EventPayload<"run_created">,
): ModelOfRole {
  const isOwn = typeof options.model === "function" ? model === "library" : settings.model === model;
  if (isOwn && (model === "library" || settings.base_url === base_url)) return own;
  if (model === "library") {
    throw new OrchestratorError(
      "usage",
      "the run was started with models that a program gave; go on with it by createOrchestrator({ model }) in that program",
    );
  }
  const readRun = async (text: string) => runs.events(await run(text));
  return createModelSource({ settings: { ...settings, model, base_url }, environment, readRun });
}

function evidenceOf(root: string): GateEvidence {
  return {
    spec: ({ repository, task, paths, globs }, signal) =>
      collectSpecEvidence({
        git: createGit(root),
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
