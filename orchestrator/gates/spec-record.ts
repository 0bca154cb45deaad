import { z } from "zod";
import { Sha256 } from "../schema/primitives.ts";
import { SpecFrontMatter } from "./spec-policy.ts";

/** A spec as it stood before the change that is judged. */
export const EarlierSpec = z.strictObject({
  spec_sha256: Sha256,
  front_matter: SpecFrontMatter,
  /** The folder that it spoke for, where that was not the whole repository. */
  folder: z.string().optional(),
  /** True where the base has it no more, and only its history does. */
  is_gone: z.boolean().optional(),
});
export type EarlierSpec = z.infer<typeof EarlierSpec>;

/** Who wrote what an approval approves, as the commit has it. */
export const SpecAuthor = z.strictObject({ name: z.string(), email: z.string() });
export type SpecAuthor = z.infer<typeof SpecAuthor>;

/** A spec as it was found: its front matter and the hash that a valid approval pins, or why it could not be read. */
export const SpecRecord = z.discriminatedUnion("readable", [
  z.strictObject({
    readable: z.literal(true),
    path: z.string(),
    spec_sha256: Sha256,
    front_matter: SpecFrontMatter,
    /** The folder that it speaks for, where that is not the whole repository. */
    folder: z.string().optional(),
    /** Author and committer of the last change to what is approved. Empty where nobody can tell; absent where nobody asked. */
    authors: z.array(SpecAuthor).optional(),
    /** What said the same in the base or its history, at any path. Absent where the change does not touch the spec. */
    earlier: z.array(EarlierSpec).optional(),
  }),
  z.strictObject({ readable: z.literal(false), path: z.string(), reason: z.string() }),
]);
export type SpecRecord = z.infer<typeof SpecRecord>;
export type ReadableSpec = Extract<SpecRecord, { readable: true }>;

/** A policy and the folder it speaks for: "" for the whole repository, else `packages/a`. */
export interface PlacedPolicy<Policy> {
  readonly folder: string;
  readonly policy: Policy;
}
