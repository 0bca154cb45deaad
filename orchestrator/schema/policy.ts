import { z } from "zod";
import { Budget } from "./budget.ts";
import { Glob, Scope } from "./primitives.ts";

/** An argument vector: `["npm", "test"]` allows `npm test`, alone or with names of files or scripts after it, but no further option. */
export const CommandPrefix = z.array(z.string().min(1)).min(1);
export type CommandPrefix = z.infer<typeof CommandPrefix>;

/**
 * Every limit there is. Layers (defaults, the repository's file, the task, flags) are combined by `meet`, so a later layer
 * can only narrow.
 */
export const Policy = z.strictObject({
  /** A path may be changed when every scope here allows it. */
  scopes: z.array(Scope),
  /** Paths that no agent may change, whatever the scope says. */
  protected_paths: z.array(Glob),
  /** Names of the tools that agents may call; null allows all. */
  tools: z.array(z.string()).nullable(),
  /** Commands that agents may run beyond the adapter's own build, test and lint. */
  commands: z.array(CommandPrefix),
  network: z.strictObject({
    /** May the commands of agents, and the code under test, open connections? */
    commands: z.boolean(),
    /** May the installation of dependencies reach a registry? */
    install: z.boolean(),
  }),
  /** Refuse to run anything where the sandbox cannot enforce it. */
  require_sandbox: z.boolean(),
  budget: Budget,
  limits: z.strictObject({
    /** Milliseconds one command may take. */
    command_timeout_ms: z.number().int().min(100).max(86_400_000),
    /** Bytes of one command's output that are kept. */
    output_bytes_max: z.number().int().min(1024).max(1_073_741_824),
    /** Turns of one agent in one step. */
    turns_per_step: z.number().int().min(1).max(50),
  }),
});
export type Policy = z.infer<typeof Policy>;

/** What a repository's own file may say of its policy: any part, narrowing the default. */
export const PolicyLayer = z.strictObject({
  scope: Scope.optional(),
  protected_paths: z.array(Glob).optional(),
  tools: z.array(z.string()).optional(),
  commands: z.array(CommandPrefix).optional(),
  network: z.strictObject({ commands: z.boolean().optional(), install: z.boolean().optional() }).optional(),
  require_sandbox: z.boolean().optional(),
  budget: Budget.optional(),
  limits: Policy.shape.limits.partial().optional(),
});
export type PolicyLayer = z.infer<typeof PolicyLayer>;
