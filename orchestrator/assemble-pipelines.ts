import { join } from "node:path";
import { assembleLocal, committedProjects, expandInProjects } from "./assemble-local.ts";
import type { Assembly } from "./assembly.ts";
import { findDefaultBase, isContinuousIntegration } from "./evidence/guard/ci-environment.ts";
import { defaultPolicy } from "./gates/default-policy.ts";
import { meet } from "./gates/meet.ts";
import { systemClock } from "./io/clock.ts";
import { removeTree } from "./io/files.ts";
import { createGit } from "./io/git.ts";
import { hashJson } from "./io/hash.ts";
import { newId, randomFraction, randomHex } from "./io/ids.ts";
import { localPerson } from "./io/local-person.ts";
import { driveOn } from "./manager/drive-on.ts";
import type { PipelineStart, Pipelines } from "./orchestrator.ts";
import { choosePipeline } from "./pipeline/choose-pipeline.ts";
import { drivePipeline } from "./pipeline/drive-pipeline.ts";
import { createLocalExecutor } from "./pipeline/local-executor.ts";
import type { PipelineParts } from "./pipeline/pipeline-run.ts";
import { createRunHandle } from "./run-handle.ts";
import { isOrchestratorError, OrchestratorError } from "./schema/errors.ts";
import type { PipelineSpec } from "./schema/pipeline.ts";
import { Slug } from "./schema/primitives.ts";
import type { Redactor } from "./schema/process-port.ts";
import type { EventPayload } from "./schema/run-event.ts";
import type { RunKey, RunLease } from "./schema/run-store.ts";
import { TaskSpec } from "./schema/task-spec.ts";
import { codeVersion } from "./schema/version.ts";
import { inspectRepository } from "./workspace/inspect-repository.ts";
import { claimWorkFolder, pipelinesIn } from "./workspace/work-folders.ts";

/** What pipelines are assembled from. */
export type PipelineAssembly = Omit<Assembly, "options" | "scanner" | "openPatterns">;

const gateTimeoutMs = 120_000;
const inboxIntervalMs = 300;

/** The pipelines of one repository, from their concrete parts. */
export function assemblePipelines(assembly: PipelineAssembly): Pipelines {
  const parts = pipelinePartsOf(assembly);
  const { runs } = assembly;
  const drive = (lease: RunLease, signal = never()) => {
    const driven = driveOn(runs, lease, signal, (held) => drivePipeline(parts, held, signal));
    return createRunHandle(assembly, lease.key, taskOf(lease), driven);
  };
  return {
    start: async (options) => drive(await createPipelineRun(assembly, options), options.signal),
    prepare: async (options) => {
      const lease = await createPipelineRun(assembly, options);
      await lease.sync();
      await lease.writeManifest();
      await lease.release();
      return lease.key;
    },
    resume: async (run, options = {}) => {
      const key = await assembly.run(run);
      return drive(
        await runs.acquire(key, options.reason ?? "resumed", localPerson(assembly.environment)),
        options.signal,
      );
    },
  };
}

/** What every pipeline of the repository shares. */
export function pipelinePartsOf(assembly: PipelineAssembly): PipelineParts {
  const { cacheDir, redactor } = assembly;
  const folderOf = ({ runId }: RunKey) => join(pipelinesIn(cacheDir), runId);
  const localParts = assembleLocal({ ...assembly, projectsAt: committedProjects(assembly) });
  return {
    clock: systemClock,
    redactor,
    openExecutor: async (run) => {
      const { repository, policy, pipeline } = run.journal.state.created;
      const { key } = run.journal.lease;
      await claimWorkFolder(folderOf(key), repository.root);
      const local = localParts({ root: repository.root, folder: folderOf(key), policy }, repository.base_commit);
      const server = pipeline?.via;
      if (server === undefined) return createLocalExecutor(local);
      if (server.kind === "http") registerHeaders(redactor, server.headers, assembly.environment);
      const { openRunExecutor } = await import("./mcp/open-run-executor.ts");
      return openRunExecutor(run, {
        ...local,
        server,
        program: assembly.program,
        clock: systemClock,
        lineage: randomHex(16),
      });
    },
    discard: (key) => removeTree(folderOf(key)),
    outputFolder: (key) => join(folderOf(key), "output"),
    random: randomFraction,
    randomHex,
    gateTimeoutMs,
    inboxIntervalMs,
  };
}

async function createPipelineRun(assembly: PipelineAssembly, options: PipelineStart): Promise<RunLease> {
  const guardArguments = await guardArgumentsOf(assembly);
  const wished = choosePipeline({ ...options, guardArguments }, assembly.settings);
  const chosen = await inEachProject(assembly, wished);
  const pipeline = options.via === "mcp" ? { ...chosen, via: assembly.settings.mcp_server } : chosen;
  await refuseSecrets(assembly.redactor, pipeline);
  const task = taskFor(pipeline, options.taskId ?? `pipeline-${pipeline.name}`.slice(0, 100));
  const key = { taskId: task.id, runId: newId(systemClock) };
  const payload = await createdPayload(assembly, key, task, pipeline);
  return assembly.runs.create(key, { event: "run_created", actor: localPerson(assembly.environment), payload });
}

/** With the projects of the working copy as they are now. Where they cannot be told, each check says so in its turn. */
async function inEachProject(assembly: PipelineAssembly, pipeline: PipelineSpec): Promise<PipelineSpec> {
  if (pipeline.commands.every(({ check }) => check === undefined)) return pipeline;
  const { root, base_commit } = await inspectRepository(assembly.repository);
  try {
    const setUp = await committedProjects(assembly)(root, base_commit);
    return await expandInProjects(pipeline, setUp, root);
  } catch (error) {
    if (isOrchestratorError(error, "document_invalid")) return pipeline;
    throw error;
  }
}

/**
 * In CI, where the system says what a change goes into, the commits are judged; elsewhere the working copy, against the default branch of
 * `origin`, or against the last commit where there is no `origin`.
 */
async function guardArgumentsOf({ environment, repository }: PipelineAssembly): Promise<readonly string[]> {
  const base = findDefaultBase(environment);
  if (base === null) return [];
  if (isContinuousIntegration(environment)) return ["--base", base, "--head", "HEAD"];
  const remotes = (await createGit(repository).text(["remote"])).split("\n");
  return ["--worktree", "--base", remotes.includes("origin") ? base : "HEAD"];
}

/** What a header carries is a credential, whatever the name of its variable. */
function registerHeaders(
  redactor: Redactor,
  headers: Readonly<Record<string, string>>,
  environment: PipelineAssembly["environment"],
): void {
  for (const name of Object.values(headers)) redactor.register(name, environment[name] ?? "");
}

/** What stands in the record is what is run, and a secret never stands there; in a command line every process could read it as well. */
async function refuseSecrets(redactor: Redactor, { commands, via }: PipelineSpec): Promise<void> {
  if (via !== undefined && (await redactor.json(via)) !== via) {
    throw new OrchestratorError(
      "usage",
      "settings.mcp_server holds what looks like a secret, which would be on record; name a variable under env or headers",
    );
  }
  for (const [index, { argv }] of commands.entries()) {
    if (argv === undefined || (await redactor.json(argv)) === argv) continue;
    throw new OrchestratorError(
      "usage",
      `command ${index + 1} holds what looks like a secret, which would be on record; pass it in a variable whose name says that it is one, such as MY_TOKEN (env: in the configuration), or read it in a script`,
    );
  }
}

async function createdPayload(
  assembly: PipelineAssembly,
  { runId }: RunKey,
  task: TaskSpec,
  pipeline: PipelineSpec,
): Promise<EventPayload<"run_created">> {
  const repository = await inspectRepository(assembly.repository);
  const config = await assembly.readPolicyConfig(repository.root, repository.base_commit);
  const policy = meet(defaultPolicy(), config.policy);
  return {
    task,
    task_source: "pipeline",
    repository,
    policy,
    policy_sha256: hashJson(policy),
    model: "none",
    base_url: null,
    manager_when: "choices",
    approvals: [],
    code_version: codeVersion,
    parent_run: null,
    root_run: runId,
    pipeline,
  };
}

/** The task that stands for a pipeline where a task is shown. */
function taskFor({ name, commands }: PipelineSpec, id: string): TaskSpec {
  if (!Slug.safeParse(id).success) {
    throw new OrchestratorError("usage", `"${id}" cannot be the id of a task: use letters, digits, '.', '_' and '-'`);
  }
  const queue = commands.map((command) => command.name).join(", ");
  return TaskSpec.parse({
    id,
    title: `Pipeline ${name}`,
    goal: `Every command of the pipeline passes: ${queue}`.slice(0, 20_000),
    acceptance_criteria: [{ id: "commands", text: "Every command passes, and no required one is missing or skipped." }],
    scope: { include: ["**"] },
  });
}

function taskOf({ key, events }: RunLease): TaskSpec {
  const created = events[0];
  if (created?.event === "run_created" && created.payload.pipeline !== undefined) return created.payload.task;
  throw new OrchestratorError("run_state_refused", `run ${key.runId} is no pipeline; go on with it by resume`);
}

function never(): AbortSignal {
  return new AbortController().signal;
}
