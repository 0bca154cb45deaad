import type { PlannedStart } from "./flow/goals/plan-goals.ts";
import type { NamedModel } from "./models/named-model.ts";
import type { RunArchive } from "./runs/run-archive.ts";
import type { Budget } from "./schema/budget.ts";
import type { Settings } from "./schema/config.ts";
import type { GoalsInput } from "./schema/goals.ts";
import type { Role, Scope } from "./schema/primitives.ts";
import type { KnownEvent } from "./schema/run-event.ts";
import type { RunManifest } from "./schema/run-manifest.ts";
import type { RunKey } from "./schema/run-store.ts";
import type { ApprovalPoint, TaskSpec } from "./schema/task-spec.ts";
import type { ApplyOutcome } from "./workspace/apply-run.ts";

/** What an orchestrator is made from. Everything has a default. */
export interface OrchestratorOptions {
  /** A folder in the repository; default the current one. */
  readonly repository?: string;
  /**
   * `recipe` (the default), `openai:<model>`, `replay:<run>`, or a function that gives each role a model of the Agents SDK. A key in
   * the environment never changes the default.
   */
  readonly model?: string | ((role: Role) => NamedModel | Promise<NamedModel>);
  /** Of a server that speaks the OpenAI Responses API. */
  readonly baseUrl?: string;
  /** The last layer of settings, over the file and the environment. */
  readonly settings?: Partial<Settings>;
  /** How the command line of this package is started; needed for our own MCP server alone. Default: as it is installed. */
  readonly program?: readonly [string, ...string[]];
  /** Default `process.env`. Values that look like credentials never reach a record. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A goal in words, where there is no task spec. */
export interface Goal {
  readonly goal: string;
  /** The task's id; default one made from the goal. */
  readonly id?: string;
  readonly scope?: Scope;
  /** Pattern ids for the recipe model. */
  readonly recipe?: readonly string[];
}

/** How one run is started. */
export interface RunOptions {
  /** The commit, branch or tag to start from; default HEAD. */
  readonly base?: string;
  /** Points at which a person is asked, besides those of the task and the settings. */
  readonly approvals?: readonly ApprovalPoint[];
  /** Limits that narrow those of the task and the policy. */
  readonly budget?: Budget;
  /** What the record names as the task's source; default `goal` or `library`. */
  readonly source?: string;
  /** Stops the runner, not the run: it can be resumed. */
  readonly signal?: AbortSignal;
  /** The run's id, and the runs that it is a part of; default a new id, and none. */
  readonly identity?: { readonly runId: string; readonly parentRun: string; readonly rootRun: string };
}

/** A run under way in this process. */
export interface RunHandle {
  readonly key: RunKey;
  readonly task: TaskSpec;
  /** Every event from the first, as it is recorded; ends when this process lets go of the run. */
  readonly events: AsyncIterable<KnownEvent>;
  /** Resolves with the manifest when the run is finished, or blocked on a person. Rejects with the fault that stopped it. */
  finished(): Promise<RunManifest>;
  /** Blocks the run at the next step boundary. */
  pause(message?: string): Promise<void>;
  /** Ends the run; a step under way is stopped. */
  cancel(message?: string): Promise<void>;
}

/** Runs tasks on one repository. */
export interface Orchestrator {
  /** The root of the repository's working copy. */
  readonly repository: string;
  readonly runs: RunArchive;
  /**
   * Starts a run. Rejects with `usage`, `config_invalid`, `document_invalid`, `repository_unusable`, `base_not_found` or `model_unknown`
   * before anything is recorded.
   */
  run(task: TaskSpec | Goal, options?: RunOptions): Promise<RunHandle>;
  /**
   * Takes over a run that nobody holds and goes on with it, with the model that it was started with. Rejects with `run_held`,
   * `run_not_found`, `run_damaged`, and `usage` where that model was a function and this orchestrator has none, or a key is missing.
   */
  resume(run: string, options?: { readonly signal?: AbortSignal; readonly reason?: string }): Promise<RunHandle>;
  /**
   * Brings the commit of a run that passed into the repository, or says why not and changes nothing. Rejects with `run_state_refused` for a
   * run that did not pass, and `run_damaged`.
   */
  apply(run: string): Promise<ApplyOutcome>;
}

/** Which models are wanted. */
export interface ModelsWanted {
  /** `recipe` or `openai:<model>`. */
  readonly model: string;
  /** Of a server that speaks the OpenAI Responses API. */
  readonly baseUrl?: string;
  /** For the prices. */
  readonly settings?: Partial<Settings>;
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Which pipeline is started, and how. */
export interface PipelineStart {
  /** A pipeline of the settings, or `diagnostics`, which is the default: build, lint, test and the guard. */
  readonly name?: string;
  /** Command lines, without a shell, that take the place of the pipeline's own. */
  readonly commands?: readonly string[];
  /** Goes on after a command that did not pass; default: the rest is skipped. */
  readonly keepGoing?: boolean;
  /** Lets the given command lines open connections. */
  readonly network?: boolean;
  /** `mcp`: the commands are carried out by the MCP server of the settings, by default our own. */
  readonly via?: "mcp";
  /** The id of the task that the run is kept under; default `pipeline-<name>`. */
  readonly taskId?: string;
  /** Stops the runner, not the run: it can be resumed. */
  readonly signal?: AbortSignal;
}

/** Runs queues of commands on one repository, in its working copy. */
export interface Pipelines {
  /** Rejects with `usage`, `config_invalid` or `repository_unusable` before anything is recorded. */
  start(options: PipelineStart): Promise<RunHandle>;
  /** As `start`, but nobody works on the run yet: `resume` does, from anywhere. */
  prepare(options: PipelineStart): Promise<RunKey>;
  /** Takes over a run that nobody holds. Rejects with `run_held`, `run_not_found`, `run_damaged`. */
  resume(run: string, options?: { readonly signal?: AbortSignal; readonly reason?: string }): Promise<RunHandle>;
}

/** How many goals are worked through. */
export interface GoalsStart {
  /** What the repositories of the goals are relative to; default the repository that the run is recorded in. */
  readonly folder?: string;
  /** Goals under way at once, in place of what the goals say. */
  readonly concurrency?: number;
  /** False: after a goal that did not pass no other one is started. */
  readonly keepGoing?: boolean;
  /** Stops the runner, not the run: it can be resumed. */
  readonly signal?: AbortSignal;
}

/** Works through many goals over one or many repositories, each by a run of its own. */
export interface Goals {
  /** What would be started when. Nothing is recorded. Rejects as `start`. */
  plan(goals: GoalsInput, options?: GoalsStart): Promise<readonly PlannedStart[]>;
  /** Rejects with `document_invalid`, `usage` (a circle, an unknown dependency) or `repository_unusable` before anything is recorded. */
  start(goals: GoalsInput, options?: GoalsStart): Promise<RunHandle>;
  /** Takes over a run that nobody holds. No goal is begun twice. Rejects with `run_held`, `run_not_found`, `run_damaged`. */
  resume(run: string, options?: { readonly signal?: AbortSignal; readonly reason?: string }): Promise<RunHandle>;
}
