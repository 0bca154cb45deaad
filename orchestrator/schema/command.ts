import { z } from "zod";
import { Actor, Sha256, Timestamp } from "./primitives.ts";

const said = { schema_version: z.literal(1), id: z.string().min(1), at: Timestamp, actor: Actor };

/** Something that a person, or another process, says to a run. The lease holder turns it into one event. */
export const Command = z.discriminatedUnion("verb", [
  z.strictObject({ ...said, verb: z.literal("pause"), message: z.string().max(4000).optional() }),
  z.strictObject({ ...said, verb: z.literal("resume"), message: z.string().max(4000).optional() }),
  z.strictObject({ ...said, verb: z.literal("cancel"), message: z.string().max(4000).optional() }),
  z.strictObject({
    ...said,
    verb: z.literal("answer"),
    question_id: z.string(),
    /** The hash of what the question asked about, as the person saw it. */
    subject_sha256: Sha256,
    answer: z.enum(["approve", "reject"]),
    message: z.string().max(4000).optional(),
    expires_at: Timestamp.optional(),
  }),
]);
export type Command = z.infer<typeof Command>;
