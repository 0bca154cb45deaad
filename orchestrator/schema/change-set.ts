import { z } from "zod";
import { GitHash, Sha256 } from "./primitives.ts";

/** One changed path. `mode` is git's, after the change (before it, where the path was deleted). */
export const ChangedPath = z.strictObject({
  path: z.string(),
  kind: z.enum(["added", "modified", "deleted", "type_changed"]),
  mode: z.string(),
  insertions: z.number().int().nonnegative().nullable().describe("null for a binary file"),
  deletions: z.number().int().nonnegative().nullable(),
});
export type ChangedPath = z.infer<typeof ChangedPath>;

/** What the builder changed, between the base commit and the tree of the workspace. */
export const ChangeSet = z.strictObject({
  base_commit: GitHash,
  tree: GitHash,
  head_commit: GitHash.nullable().describe("null until the change is committed"),
  paths: z.array(ChangedPath),
  insertions: z.number().int().nonnegative().describe("a binary file counts one line for each 80 bytes"),
  deletions: z.number().int().nonnegative(),
  patch_sha256: Sha256,
});
export type ChangeSet = z.infer<typeof ChangeSet>;
