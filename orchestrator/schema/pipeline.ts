import { z } from "zod";
import { McpServer } from "./mcp.ts";
import { RepositoryPath, Sha256, Slug, Timestamp, VariableName } from "./primitives.ts";
import { PlanGoal } from "./test-report.ts";

/** One command of a pipeline: a check of the repository's own, or a program with its arguments. There is no shell. */
export const PipelineCommand = z
  .strictObject({
    name: Slug,
    /** Found by the adapter. */
    check: PlanGoal.optional(),
    /** The folder of the project that the check is of; absent: the only one that has it, or at the start each of them. */
    project: RepositoryPath.optional(),
    /** The adapter of that project, where several share its folder. */
    adapter: z.string().min(1).max(100).optional(),
    argv: z.array(z.string().max(65_536)).min(1).max(1000).optional(),
    cwd: RepositoryPath.default("."),
    /** A guardrail: where it is missing or skipped, the run is refused. */
    required: z.boolean().default(true),
    /** Not safe to repeat: it is never tried again, and not run again after an interruption. */
    once: z.boolean().default(false),
    /** Milliseconds; the policy caps it. */
    timeout_ms: z.number().int().min(100).max(86_400_000).optional(),
    /** Tries after a failed one. */
    retries: z.number().int().min(0).max(10).default(0),
    /** Milliseconds before the first of those tries; each later one waits twice as long, at most 30 s, with jitter. */
    retry_delay_ms: z.number().int().min(0).max(30_000).default(1000),
    /** Inside bubblewrap, where that works. */
    sandbox: z.boolean().default(true),
    /** May it open connections? */
    network: z.boolean().default(false),
    /** Names of variables that it is given beside the allow-listed ones. */
    env: z.array(VariableName).default([]),
  })
  .refine(({ check, argv }) => (check === undefined) !== (argv === undefined), "needs either 'check' or 'argv'")
  .refine(
    ({ check, project, adapter }) => check !== undefined || (project ?? adapter) === undefined,
    "'project' is for a 'check'",
  )
  .refine(({ once, retries }) => !once || retries === 0, "'once' and 'retries' exclude each other");
export type PipelineCommand = z.infer<typeof PipelineCommand>;

const queue = {
  /** Go on after a command that did not pass. */
  keep_going: z.boolean().default(false),
  commands: z
    .array(PipelineCommand)
    .min(1)
    .max(10_000)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "each command needs a name of its own"),
};

/** A pipeline as the configuration has it, under its name. */
export const PipelineSettings = z.strictObject(queue);
export type PipelineSettings = z.infer<typeof PipelineSettings>;

/** The queue of commands that a run works through. */
export const PipelineSpec = z.strictObject({
  name: Slug,
  /** The MCP server that carries the commands out; absent: the runner itself does. */
  via: McpServer.optional(),
  ...queue,
});
export type PipelineSpec = z.infer<typeof PipelineSpec>;

/** How one try of a command ended. */
export const CommandResult = z.enum(["passed", "failed", "timed_out", "interrupted", "missing"]);
export type CommandResult = z.infer<typeof CommandResult>;

/** A command's redacted output: its capped bytes are the blob, where it is longer than what the event holds. */
export const CommandOutput = z.strictObject({
  blob_sha256: Sha256.nullable(),
  /** Bytes that are kept. */
  bytes: z.number().int().nonnegative(),
  /** Bytes that the command wrote. */
  written_bytes: z.number().int().nonnegative(),
  truncated: z.boolean(),
  tail: z.string().describe("the end, at most 500 characters"),
});
export type CommandOutput = z.infer<typeof CommandOutput>;

/** One command of a pipeline as a reviewer reads it. Durations in milliseconds. */
export const ManifestCommand = z.strictObject({
  index: z.number().int().positive(),
  name: z.string(),
  command: z.array(z.string()).describe("as it was started; before that, as it was asked for"),
  status: z.enum(["pending", "running", "skipped", ...CommandResult.options]),
  required: z.boolean(),
  once: z.boolean(),
  /** Tries that came to an end of their own. */
  attempts: z.number().int().nonnegative(),
  interruptions: z.number().int().nonnegative(),
  started_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  exit_code: z.number().int().nullable(),
  duration_ms: z.number().nonnegative(),
  summary: z.string(),
  output: CommandOutput.nullable(),
  error_file: z.string().nullable(),
});
export type ManifestCommand = z.infer<typeof ManifestCommand>;

/** What a manifest says of a pipeline. */
export const ManifestPipeline = z.strictObject({
  name: z.string(),
  /** The MCP server that carries the commands out; absent: the runner itself does. */
  via: McpServer.optional(),
  keep_going: z.boolean(),
  commands: z.array(ManifestCommand),
  guardrails: z.strictObject({
    required: z.number().int().nonnegative(),
    /** Those that ran to an end. */
    present: z.number().int().nonnegative(),
    passed: z.number().int().nonnegative(),
    summary: z.string(),
  }),
  /** What to run next where the run did not pass; null where there is nothing to do. */
  next_command: z.array(z.string()).nullable(),
});
export type ManifestPipeline = z.infer<typeof ManifestPipeline>;
