import { z } from "zod";

/** A path below the root, with `/`, that leads neither out of it nor into the records of a tool. */
const InnerPath = z
  .string()
  .min(1)
  .refine((path) => path.split("/").every((part) => !["", ".", "..", ".git", ".patterns"].includes(part)), {
    message: "must lead to a file below the root",
  });

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file of a change: what it was, what it became, and where its old bytes lie among those of the others. */
export const JournalFile = z.strictObject({
  path: InnerPath,
  before_sha256: Sha256,
  after_sha256: Sha256,
  before_bytes: z.int().min(0),
  mode: z.int().min(0).max(0o7777),
  owner: z.strictObject({ uid: z.int().min(0), gid: z.int().min(0) }),
});
export type JournalFile = z.infer<typeof JournalFile>;

/**
 * The record of one change of many files, written before the first of them. While it is `open`, the change is to be put back as a whole;
 * `applied` can be undone; `undone` has been.
 */
export const PatternJournal = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-z-]{8,64}$/),
  created_at: z.iso.datetime(),
  state: z.enum(["open", "applied", "undone"]),
  patterns: z.array(z.strictObject({ id: z.string(), version: z.string() })),
  files: z.array(JournalFile).max(1_000_000),
});
export type PatternJournal = z.infer<typeof PatternJournal>;
