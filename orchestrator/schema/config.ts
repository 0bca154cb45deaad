import { z } from "zod";
import { CommandAdapterSetting } from "./adapter-setting.ts";
import { McpServer } from "./mcp.ts";
import { PipelineSettings } from "./pipeline.ts";
import { PolicyLayer } from "./policy.ts";
import { Glob, Sha256, Slug } from "./primitives.ts";
import { ApprovalPoint } from "./task-spec.ts";

/** What a model costs, in US dollars for a million tokens. */
export const Price = z.strictObject({ input_usd: z.number().nonnegative(), output_usd: z.number().nonnegative() });
export type Price = z.infer<typeof Price>;

/** True for a URL that is an address alone. It is recorded with the run, so a key in it would be. */
function isBare(url: string): boolean {
  const { username, password } = new URL(url);
  return username === "" && password === "" && !/[?#]/.test(url);
}

/** Settings: the last layer wins (default, file, environment, flag). */
export const Settings = z.strictObject({
  model: z.string().min(1).default("recipe"),
  base_url: z
    .url({ protocol: /^https?$/, error: "a URL that begins with http:// or https://", abort: true })
    .refine(isBare, "a URL with no user, password, query or fragment; put the key into OPENAI_API_KEY")
    .nullable()
    .default(null),
  manager: z.strictObject({ when: z.enum(["always", "choices"]).default("always") }).prefault({}),
  approvals: z.array(ApprovalPoint).default([]),
  heartbeat_interval_seconds: z.number().positive().max(15).default(10),
  heartbeat_stale_after_seconds: z.number().positive().default(30),
  /** Where private clones and dependency caches live; null: the user's cache folder. */
  cache_dir: z.string().nullable().default(null),
  /** Milliseconds one model call may take. */
  model_timeout_ms: z.number().int().min(100).default(120_000),
  /** Tries again after a model call that failed for a passing reason. */
  model_retries: z.number().int().min(0).max(10).default(3),
  /** Milliseconds before the first of those tries; each later one waits twice as long, at most 30 s. */
  model_retry_delay_ms: z.number().int().min(0).max(30_000).default(500),
  /** The most output tokens that one model call is let ask for; a budget that has less left caps it further. */
  model_output_tokens_max: z.number().int().min(256).max(1_000_000).default(16_384),
  prices: z.record(z.string(), Price).default({}),
  /** Queues of commands for `start`, by name. */
  pipelines: z.record(Slug, PipelineSettings).default({}),
  /** What carries out the commands of a pipeline that is started with `--via mcp`. */
  mcp_server: McpServer.default({ kind: "own" }),
});
export type Settings = z.infer<typeof Settings>;

/** Words that stand before `/` in the ids of our own patterns. */
const ownKinds: readonly string[] = ["codemod", "linter-rule", "rule", "lint", "template", "codex-orchestrator"];

/** A library of patterns that a team brings along. It is loaded only where its files have this hash. */
export const PatternLibraryPin = z.strictObject({
  /** Stands before the ids of its patterns, as `<name>/<id>`. */
  name: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower-case words joined by '-'")
    .max(40)
    .refine((name) => !ownKinds.includes(name), "another name: this one is taken"),
  /** A folder of the repository, beginning with `./`, or the name of an installed npm package. */
  from: z
    .string()
    .max(300)
    .regex(
      /^(?:\.\/[^\\\p{Cc}]+|(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*)$/u,
      "a folder that begins with ./, or the name of a package",
    )
    .refine((from) => !from.split("/").includes(".."), "a folder inside of the repository"),
  sha256: Sha256,
});
export type PatternLibraryPin = z.infer<typeof PatternLibraryPin>;

/** Ids of our own adapters. */
const ownAdapters: readonly string[] = ["javascript", "python", "go", "rust", "java", "cpp", "command"];

/** An adapter that a team brings along as code. It is loaded only where its files have this hash; its name is the id of the adapter. */
export const AdapterPin = PatternLibraryPin.extend({
  kind: z.literal("module"),
  name: PatternLibraryPin.shape.name.refine((name) => !ownAdapters.includes(name), "another name: this one is taken"),
});
export type AdapterPin = z.infer<typeof AdapterPin>;

/** How a team tells what its stacks are: by commands, or by code of its own. */
export const AdapterSetting = z.discriminatedUnion("kind", [CommandAdapterSetting, AdapterPin]);
export type AdapterSetting = z.infer<typeof AdapterSetting>;

/** Globs of the roots of projects, `.` for the repository's own. */
const ProjectRoots = z
  .array(Glob.refine((glob) => !glob.startsWith("/") && !glob.split("/").includes(".."), "a relative path without .."))
  .min(1)
  .max(200);

/** The root of a configured adapter, or its name. */
function keyOfAdapter(setting: AdapterSetting): string {
  return setting.kind === "command" ? `command ${setting.root}` : `module ${setting.name}`;
}

/**
 * `orchestrator.config.yaml`. `policy`, `pattern_libraries`, `adapters` and `projects` are read from the base commit; the policy can only narrow the default.
 */
export const ConfigFile = z.strictObject({
  version: z.literal(1),
  settings: Settings.partial().prefault({}),
  policy: PolicyLayer.prefault({}),
  pattern_libraries: z
    .array(PatternLibraryPin)
    .max(20)
    .refine((pins) => new Set(pins.map(({ name }) => name)).size === pins.length, "each name once")
    .default([]),
  adapters: z
    .array(AdapterSetting)
    .max(50)
    .refine((settings) => new Set(settings.map(keyOfAdapter)).size === settings.length, "each root and each name once")
    .default([]),
  /** The projects that count, by their roots; null: all that are found. */
  projects: ProjectRoots.nullable().default(null),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
