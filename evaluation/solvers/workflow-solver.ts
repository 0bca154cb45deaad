import { join } from "node:path";
import {
  type Cassette,
  createOrchestrator,
  type ModelOfRole,
  type NamedModel,
  type OrchestratorOptions,
  openModelCassette,
  openModels,
} from "../../orchestrator/index.ts";
import { withTemporaryFolder } from "../../orchestrator/io/temporary-folder.ts";
import type { Budget } from "../../orchestrator/schema/budget.ts";
import type { Settings } from "../../orchestrator/schema/config.ts";
import { isOrchestratorError, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { Json, Role } from "../../orchestrator/schema/primitives.ts";
import type { Enforcement } from "../../orchestrator/schema/run-event.ts";
import type { Sample } from "../schema/sample.ts";
import type { Solution } from "../schema/solution.ts";
import type { Attempt, Solver } from "../solver.ts";
import { driveToEnd } from "./workflow/drive-sample.ts";
import { guardReportOf, snapshotAround } from "./workflow/guard-report.ts";
import { makeRepository } from "./workflow/sample-repository.ts";
import { taskOf } from "./workflow/sample-task.ts";
import { createScriptedModel } from "./workflow/scripted-model.ts";
import { trajectoryOf, usageOf } from "./workflow/trajectory-of.ts";
import { openWatch, type Watch } from "./workflow/watch.ts";

/** Where the answers of models are kept, or come from: one folder for each try. */
export interface CassetteSetting {
  readonly folder: string;
  /** `replay` asks no model: a request that was not recorded is a failure of the infrastructure that says what differs. */
  readonly mode: "record" | "replay";
}

/** Which workflow is tried. */
export interface WorkflowSolverOptions {
  /** `recipe` (the default), `openai:<model>`, `replay:<path of a run>`, or a model for each role. A sample's script comes before it. */
  readonly model?: string | ((role: Role) => NamedModel | Promise<NamedModel>);
  /** What distinguishes models that a program gives from others. */
  readonly fingerprint?: Json;
  /** Of a server that speaks the OpenAI Responses API. */
  readonly baseUrl?: string;
  readonly settings?: Partial<Settings>;
  /** Narrows that of each sample. */
  readonly budget?: Budget;
  readonly cassettes?: CassetteSetting;
}

/**
 * The whole workflow on each sample: a run in the try's copy, whose change is brought into the copy where every gate passed. Where they did
 * not, the files stay as they are, and the note says why.
 */
export function createWorkflowSolver(options: WorkflowSolverOptions = {}): Solver {
  const { model = "recipe", fingerprint = null, baseUrl = null, settings = {}, budget = {} } = options;
  const name = typeof model === "string" ? model : "own";
  if (options.cassettes !== undefined && name.startsWith("replay:"))
    throw new OrchestratorError("usage", "a run that is replayed has a record of its own; leave the cassettes out");
  return {
    id: `workflow:${name}`,
    fingerprint: JSON.parse(JSON.stringify([1, name, fingerprint, baseUrl, settings, budget])),
    // The code of the workflow is no part of the key, so no result of an earlier version may stand for this one's.
    isDeterministic: false,
    solve: (attempt) => withTemporaryFolder("eval-run", (folder) => solveBy(options, attempt, folder)),
  };
}

async function solveBy(options: WorkflowSolverOptions, attempt: Attempt, folder: string): Promise<Solution> {
  const { sample, root } = attempt;
  const task = taskOf(sample);
  const script = sample.workflow?.script;
  const watch = await openWatch(script, { root, folder, seed: attempt.seed });
  const repository = await makeRepository(root);
  try {
    const cassette = script === undefined ? await openTape(options, attempt) : null;
    const { baseUrl, settings } = options;
    const orchestrator = await createOrchestrator({
      repository: root,
      environment: attempt.machine.environment,
      settings: { ...settings, cache_dir: join(folder, "cache") },
      model: modelOf(options, sample, watch, cassette),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    });
    return await runOnce({ options, attempt, orchestrator, task, watch, cassette });
  } catch (error) {
    // What a run's own code wrote into its record, where no sandbox kept it from there, shows in the chain of hashes.
    if (!isOrchestratorError(error, "run_damaged")) throw error;
    return damagedRecord(error.message, (await attempt.machine.sandbox()).enforcement(false));
  } finally {
    await watch.close();
    await repository.remove();
  }
}

function damagedRecord(message: string, { writes_confined }: Enforcement): Solution {
  const escaped = [`the record does not hold: ${message}`];
  const not_enforced = writes_confined ? [] : ["sandbox:writes"];
  const caught = [{ by: "record", rule: "run_damaged", detail: message.slice(0, 300) }];
  return {
    note: `the record of the run is damaged, so its change counts for nothing: ${message}`,
    guards: { caught, escaped, not_enforced, attempted: true },
  };
}

interface OneRun {
  readonly options: WorkflowSolverOptions;
  readonly attempt: Attempt;
  readonly orchestrator: Awaited<ReturnType<typeof createOrchestrator>>;
  readonly task: ReturnType<typeof taskOf>;
  readonly watch: Watch;
  readonly cassette: Cassette | null;
}

async function runOnce({ options, attempt, orchestrator, task, watch, cassette }: OneRun): Promise<Solution> {
  const { sample, root, signal, machine } = attempt;
  const before = await snapshotAround(root);
  const stop = new AbortController();
  const { budget = {} } = options;
  const run = await orchestrator.run(task, { budget, source: `evaluation: ${sample.id}`, signal: stop.signal });
  const answering = { answers: sample.workflow?.answers ?? [], clock: machine.clock };
  const keep = async () => cassette?.keepCommands(await orchestrator.runs.events(run.key));
  const manifest = await driveToEnd(orchestrator, run, answering, { signal, stop }).finally(keep);
  const events = await orchestrator.runs.events(run.key);
  const after = await snapshotAround(root);
  const runFolder = join(root, ".runs", run.key.taskId, run.key.runId);
  const attempted = sample.target.run?.attempted;
  const guards = await guardReportOf({ root, before, after, runFolder, events, manifest, watch, attempted });
  const { status, status_detail: detail } = manifest;
  const applied = status === "passed" && !signal.aborted ? await orchestrator.apply(run.key.runId) : null;
  if (applied?.outcome === "refused")
    throw new OrchestratorError("git_failed", `the change of ${sample.id} cannot be applied: ${applied.reason}`);
  return {
    note: `the run is ${status}: ${detail}`,
    usage: usageOf(events),
    verdicts: manifest.gates.map(({ verdict }) => verdict),
    trajectory: trajectoryOf(events),
    run: { run_id: run.key.runId, status },
    guards,
  };
}

function modelOf(
  { model = "recipe" }: WorkflowSolverOptions,
  { workflow }: Sample,
  watch: Watch,
  cassette: Cassette | null,
): NonNullable<OrchestratorOptions["model"]> {
  const script = workflow?.script;
  if (script === undefined) return cassette === null ? model : cassette.ofRole;
  const filled = watch.fill(script);
  return (role) => createScriptedModel(role, filled);
}

/** The cassette of this try; null where none is wanted. */
async function openTape(options: WorkflowSolverOptions, { sample, epoch, machine }: Attempt): Promise<Cassette | null> {
  const { cassettes } = options;
  if (cassettes === undefined) return null;
  const folder = join(cassettes.folder, ...sample.id.split("/"), `epoch-${epoch}`);
  const { redactor } = machine;
  if (cassettes.mode === "replay") return openModelCassette({ folder, redactor });
  return openModelCassette({ folder, redactor, models: await modelsOf(options, machine.environment) });
}

async function modelsOf(
  { model = "recipe", baseUrl, settings }: WorkflowSolverOptions,
  environment: Attempt["machine"]["environment"],
): Promise<ModelOfRole> {
  if (typeof model === "function") return async (role) => model(role);
  const more = { ...(baseUrl === undefined ? {} : { baseUrl }), ...(settings === undefined ? {} : { settings }) };
  return openModels({ model, environment, ...more });
}
