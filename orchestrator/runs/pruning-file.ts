import { join } from "node:path";
import { z } from "zod";
import { readFileIfThere, writeFileAtomic } from "../io/files.ts";
import { Actor, Sha256, Timestamp } from "../schema/primitives.ts";

const fileName = "pruned.json";
const fileBytesMax = 16_777_216;

/** What was taken out of a finished run's folder, by whom and when. The log still has the hashes. */
export const Pruning = z.strictObject({
  schema_version: z.literal(1),
  at: Timestamp,
  actor: Actor,
  blobs: z.array(Sha256),
});
export type Pruning = z.infer<typeof Pruning>;

/** The note of an earlier pruning, or null where there is none that can be read. Throws `disk_failed`. */
export async function readPruning(directory: string): Promise<Pruning | null> {
  const bytes = await readFileIfThere(join(directory, fileName), fileBytesMax);
  if (bytes === null) return null;
  try {
    return Pruning.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? null;
  } catch {
    return null;
  }
}

/** Notes what is about to be taken out, in addition to what was before. Durable when it resolves. Throws `disk_failed`. */
export async function notePruning(directory: string, pruning: Pruning): Promise<void> {
  const before = (await readPruning(directory))?.blobs ?? [];
  const blobs = [...new Set([...before, ...pruning.blobs])].sort();
  await writeFileAtomic(join(directory, fileName), `${JSON.stringify({ ...pruning, blobs })}\n`, { durable: true });
}
