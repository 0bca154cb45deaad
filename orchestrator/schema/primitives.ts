import { z } from "zod";

/** A JSON value as RFC 8259 has it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A sha256 in 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");

/** A git object id: 40 hex digits (sha1) or 64 (sha256). */
export const GitHash = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "a git object id in hex");

/** An instant in UTC, ISO 8601 with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** A name that is safe as one folder: letters, digits, `.`, `_` and `-`, at most 100, beginning with a letter or a digit. */
export const Slug = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits, '.', '_' and '-', beginning with a letter or a digit");

/** A path relative to the repository's root, with `/`, that stays inside it. */
export const RepositoryPath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.startsWith("/") && !path.split("/").includes(".."), "a relative path inside the repository");

/** The name of an environment variable. */
export const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable");

/** A glob over repository paths: `*`, `**`, `?`, `[a-z]` and `{a,b}`. */
export const Glob = z.string().min(1).max(1024);

/** A path is inside when an `include` glob matches it and no `exclude` glob does. */
export const Scope = z.strictObject({
  include: z.array(Glob).min(1),
  exclude: z.array(Glob).default([]),
});
export type Scope = z.infer<typeof Scope>;

/** The agents that work on a task; the manager delegates to the other four. */
export const Role = z.enum(["manager", "planner", "builder", "tester", "reviewer"]);
export type Role = z.infer<typeof Role>;

/** The roles that a manager can delegate to. */
export const Delegate = z.enum(["planner", "builder", "tester", "reviewer"]);
export type Delegate = z.infer<typeof Delegate>;

/** Who did a thing, and how we know. */
export const Actor = z.strictObject({
  kind: z.enum(["person", "agent", "runner", "system"]),
  id: z.string().min(1).max(200),
  owner_id: z.string().optional(),
  token_id: z.string().optional(),
  authenticated_by: z.enum(["none", "local_user", "token", "process"]),
});
export type Actor = z.infer<typeof Actor>;
