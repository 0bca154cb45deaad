import { z } from "zod";
import { Budget, Usage } from "./budget.ts";
import { Command } from "./command.ts";
import { PatternLibraryPin } from "./config.ts";
import { GoalOutcome, GoalsSpec } from "./goals.ts";
import { HandoffInput, StepDocument } from "./handoff.ts";
import { PatternUse } from "./pattern-use.ts";
import { CommandOutput, CommandResult, PipelineSpec } from "./pipeline.ts";
import { Policy } from "./policy.ts";
import { Actor, Delegate, GitHash, Sha256, Timestamp } from "./primitives.ts";
import { ApprovalPoint, TaskSpec } from "./task-spec.ts";
import { CaseList, CheckGoal, CheckResult, CheckWithCases } from "./test-report.ts";
import { Question, Verdict } from "./verdict.ts";

/** The version of the event format. A runner refuses to resume a log of another one. */
export const eventSchemaVersion = 2;

/** What kept the code that a run started inside its bounds, as it was really enforced. */
export const Enforcement = z.strictObject({
  /** `unknown`: a server that is not ours carried it out. */
  sandbox: z.enum(["bubblewrap", "process-group", "unknown"]),
  /** True where the kernel refused connections. */
  network_blocked: z.boolean(),
  /** True where the kernel refused writes outside the workspace and its cache. */
  writes_confined: z.boolean(),
  /** True where the environment held only allow-listed variables. */
  environment_filtered: z.boolean(),
  reason: z.string().describe("why this sandbox and no stronger one"),
});
export type Enforcement = z.infer<typeof Enforcement>;

/** Where a workspace's dependencies came from. */
export const DependencySource = z.strictObject({
  method: z.enum(["none_needed", "linked", "copied", "installed"]),
  lock_file: z.string().nullable(),
  lock_sha256: Sha256.nullable(),
  reason: z.string(),
});
export type DependencySource = z.infer<typeof DependencySource>;

/** A project of a workspace, and what was made ready of it. */
export const PreparedProject = z.strictObject({
  /** Relative to the repository; `.` for its root. */
  root: z.string(),
  adapter: z.string(),
  evidence: z.array(z.string()),
  goals: z.array(CheckGoal),
  dependencies: DependencySource,
});
export type PreparedProject = z.infer<typeof PreparedProject>;

/** The repository a run works on, as it stood at the start. */
export const RepositoryState = z.strictObject({
  root: z.string(),
  base_commit: GitHash,
  base_tree: GitHash,
  branch: z.string().nullable().describe("null for a detached HEAD"),
  uncommitted_changes: z
    .boolean()
    .describe("true: the working copy held changes; a task's run does not see them, a pipeline's commands do"),
});
export type RepositoryState = z.infer<typeof RepositoryState>;

const step = { step_id: z.string().min(1) };
const call = { ...step, call_id: z.string(), tool: z.string() };

const tried = { ...step, name: z.string(), attempt: z.number().int().positive() };

const judged = {
  ...step,
  verdict: Verdict,
  /** What the gate looked at, redacted; its canonical JSON has the verdict's hash. Null where there was none. */
  evidence: z.unknown(),
};

/** Bytes at the end of a segment that are no part of the run: cut off, and kept beside the log. */
export const SetAside = z.strictObject({
  segment: z.string(),
  /** `torn`: a crash left them. `fenced`: a runner wrote them after another had taken the run over. */
  reason: z.enum(["torn", "fenced"]),
  bytes: z.number().int().positive(),
  sha256: Sha256,
  kept_as: z.string(),
});
export type SetAside = z.infer<typeof SetAside>;

/** One answer of a model as the Agents SDK has it: output items and the provider's ids. */
export const RecordedAnswer = z.object({
  output: z.array(z.record(z.string(), z.unknown())),
  response_id: z.string().optional(),
  request_id: z.string().optional(),
});
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;

/** The payload of each event, by the event's name. */
export const eventPayloads = {
  run_created: z.strictObject({
    task: TaskSpec,
    task_source: z.string().describe("'goal', or the path of the task file"),
    repository: RepositoryState,
    policy: Policy,
    policy_sha256: Sha256,
    model: z.string(),
    base_url: z.string().nullable(),
    manager_when: z.enum(["always", "choices"]),
    approvals: z.array(ApprovalPoint),
    code_version: z.string(),
    parent_run: z.string().nullable(),
    root_run: z.string(),
    /** The libraries of patterns besides our own; there where there are some. */
    pattern_libraries: z.array(PatternLibraryPin).optional(),
    /** There in a run of commands, and in no other. */
    pipeline: PipelineSpec.optional(),
    /** There in a run that works through many goals, each by a run of its own, and in no other. */
    goals: GoalsSpec.optional(),
  }),
  lease_acquired: z.strictObject({
    holder: z.string().describe("opaque"),
    continues: z.strictObject({ seq: z.number().int(), hash: Sha256 }).nullable(),
    reason: z.string(),
    /** How long the holder before this one can have held the run: to its last heartbeat, and up to one interval more where it did not let go. */
    held_before_ms: z.number().int().nonnegative().nullable(),
    set_aside: z.array(SetAside),
  }),
  workspace_prepared: z.strictObject({
    branch: z.string(),
    tree: GitHash,
    adapter: z.strictObject({ id: z.string(), evidence: z.array(z.string()) }).nullable(),
    goals: z.array(CheckGoal),
    dependencies: DependencySource,
    /** Every project, the first one first: `adapter` and `dependencies` are that one's, `goals` those of all. Absent in older records. */
    projects: z.array(PreparedProject).optional(),
    enforcement: Enforcement,
  }),
  step_started: z.strictObject({
    ...step,
    role: Delegate,
    attempt: z.number().int().positive(),
    decided_by: z.string().describe("the manager's step, or 'flow' where one move was legal"),
    model: z.string(),
    input: HandoffInput,
    input_sha256: Sha256,
    tree: GitHash,
  }),
  model_answered: z.strictObject({
    ...step,
    agent: z.string(),
    turn: z.number().int().positive(),
    model: z.string(),
    request_sha256: Sha256,
    answer: RecordedAnswer,
    usage: Usage,
    /** False where the provider did not say; `usage` is then the most that the call can have used. */
    usage_reported: z.literal(false).optional(),
    duration_ms: z.number().nonnegative(),
  }),
  model_call_failed: z.strictObject({
    ...step,
    agent: z.string(),
    turn: z.number().int().positive(),
    message: z.string(),
    status: z.number().int().nullable(),
    retry_in_ms: z.number().nonnegative().nullable(),
    /** The most that a call which broke off can have used; absent where the provider refused it before it began. */
    usage: Usage.optional(),
  }),
  tool_started: z.strictObject({
    ...call,
    arguments_sha256: Sha256,
    effect: z.enum(["edit", "command"]),
    idempotency_key: z.string(),
    tree: GitHash,
    /** For a command: random, and in the environment of all that it starts. */
    lineage: z.string().optional(),
    /** For a command: the process that is about to start it; absent where this system does not say. */
    runner: z.string().optional(),
  }),
  tool_finished: z.strictObject({
    ...call,
    arguments_sha256: Sha256,
    outcome: z.enum(["ok", "refused", "failed"]),
    result: z.string().describe("what the model was told"),
    /** The workspace after the call, where it may have changed. */
    tree: GitHash.nullable(),
    check: CheckResult.nullable(),
    /** All cases of the report that the check was read from; absent where none could be read. */
    cases: CaseList.optional(),
    /** The results of further projects, where a check is one of several: `check` and `cases` are those of the first. */
    more_checks: z.array(CheckWithCases).optional(),
    error_file: z.string().nullable(),
    /** The run whose record gave this result: the command was not run. */
    replayed_from: z.string().optional(),
    /** The pattern that the call applied or asked. */
    pattern: PatternUse.optional(),
    duration_ms: z.number().nonnegative(),
  }),
  tool_interrupted: z.strictObject({ ...call, effect: z.enum(["edit", "command"]), settled: z.string() }),
  delegation_refused: z.strictObject({ ...step, delegate: z.string(), reason: z.string() }),
  step_finished: z.strictObject({
    ...step,
    document: StepDocument,
    tree: GitHash,
    usage: Usage,
    duration_ms: z.number().nonnegative(),
  }),
  step_failed: z.strictObject({
    ...step,
    code: z.string(),
    message: z.string(),
    tree: GitHash,
    usage: Usage,
    duration_ms: z.number().nonnegative(),
  }),
  step_drifted: z.strictObject({ ...step, reason: z.string() }),
  gate_passed: z.strictObject(judged),
  gate_refused: z.strictObject(judged),
  gate_asked: z.strictObject(judged),
  question_asked: z.strictObject({ question: Question }),
  command_received: z.strictObject({ command: Command, accepted: z.boolean(), reason: z.string().nullable() }),
  run_blocked: z.strictObject({ on: z.enum(["question", "pause", "goals"]), question_id: z.string().nullable() }),
  run_faulted: z.strictObject({ code: z.string(), message: z.string() }),
  artifact_stored: z.strictObject({
    name: z.string(),
    sha256: Sha256,
    bytes: z.number().int().nonnegative(),
    media_type: z.string(),
  }),
  mcp_server_started: z.strictObject({
    kind: z.enum(["own", "stdio"]),
    /** The leader of its process group, which waits until this is on record; null where this system does not say. */
    process: z.string().nullable(),
    /** Random; in the environment of the server and of all that it starts. */
    lineage: z.string(),
  }),
  command_started: z.strictObject({
    ...tried,
    argv: z.array(z.string()),
    /**
     * The leader of its process group, which waits until this is on record; null where this system does not say. Where a server
     * carries the command out it is the server's, and null for one over HTTP.
     */
    process: z.string().nullable(),
    /** Random; in the environment of the process and of all that it starts. */
    lineage: z.string(),
    timeout_ms: z.number().int(),
    enforcement: Enforcement.omit({ reason: true }),
  }),
  command_finished: z.strictObject({
    ...tried,
    outcome: CommandResult,
    exit_code: z.number().int().nullable(),
    signal: z.string().nullable(),
    duration_ms: z.number().nonnegative(),
    reason: z.string().describe("one sentence: why the outcome is what it is"),
    check: CheckResult.nullable(),
    output: CommandOutput.nullable(),
    error_file: z.string().nullable(),
    /** Milliseconds until it is tried again; null where it is not. */
    retry_in_ms: z.number().int().nonnegative().nullable(),
  }),
  command_interrupted: z.strictObject({
    ...tried,
    settled: z.string(),
    repeated: z.boolean().describe("true: it is run again"),
    output: CommandOutput.nullable(),
  }),
  goal_started: z.strictObject({
    goal: z.string(),
    task_id: z.string(),
    run_id: z.string().describe("of the goal's own run, which is begun after this, or gone on with"),
    start: z.number().int().positive(),
    budget: Budget.describe("what the goal may use of the budget over all"),
  }),
  goal_unblocked: z.strictObject({ goal: z.string(), reason: z.string() }),
  goal_ended: z.strictObject({
    goal: z.string(),
    outcome: GoalOutcome,
    detail: z.string(),
    branch: z.string().nullable(),
    commit: GitHash.nullable(),
    usage: Usage,
    worked_seconds: z.number().nonnegative(),
  }),
  change_committed: z.strictObject({ commit: GitHash, tree: GitHash, branch: z.string() }),
  run_finished: z.strictObject({ status: z.enum(["passed", "refused", "cancelled"]), detail: z.string() }),
} as const;

export type EventName = keyof typeof eventPayloads;
export type EventPayload<Name extends EventName> = z.infer<(typeof eventPayloads)[Name]>;

const envelope = {
  schema_version: z.number().int(),
  seq: z.number().int().nonnegative(),
  epoch: z.number().int().positive(),
  timestamp: Timestamp,
  /** Milliseconds that the holder of this epoch had held the run, by a clock that does not jump. */
  held_ms: z.number().int().nonnegative(),
  task_id: z.string(),
  run_id: z.string(),
  event: z.string(),
  actor: Actor,
  cause: z.string().optional(),
  prev_hash: z.string(),
  hash: Sha256,
};

/** A payload over 8 KiB that was moved to `blobs/<sha256>`. */
export const BlobReference = z.strictObject({ blob_sha256: Sha256, bytes: z.number().int().nonnegative() });
export type BlobReference = z.infer<typeof BlobReference>;

/**
 * One line of the log. `hash` is the last member: the sha256 of the line's UTF-8 bytes without `,"hash":"…"`. `prev_hash` is
 * the hash of the line before, or 64 zeros for the first.
 */
export const RunEvent = z.strictObject({ ...envelope, payload: z.unknown(), payload_blob: BlobReference.optional() });
export type RunEvent = z.infer<typeof RunEvent>;

/** A known event with its payload typed. */
export type KnownEvent = {
  [Name in EventName]: Omit<RunEvent, "event" | "payload" | "payload_blob"> & {
    event: Name;
    payload: EventPayload<Name>;
  };
}[EventName];

/** An event that has not been given its place in the log yet. */
export type EventDraft = {
  [Name in EventName]: { event: Name; actor: Actor; cause?: string; payload: EventPayload<Name> };
}[EventName];

/** True when this version of the code knows the event. */
export function isKnownEventName(name: string): name is EventName {
  return Object.hasOwn(eventPayloads, name);
}
