import { join } from "node:path";
import { z } from "zod";
import type { Disk } from "../io/disk.ts";
import { readSmallFile, replaceSmallFile } from "../io/small-file.ts";
import { Sha256 } from "../schema/primitives.ts";

/** The file that names the last event of a log that was made durable. */
export const headName = "head.json";

/** An event, by its place and its hash. */
export const LogHead = z.strictObject({ seq: z.number().int().nonnegative(), hash: Sha256 });
export type LogHead = z.infer<typeof LogHead>;

/** Replaces the head of the log in a folder. It is not durable itself: an older one only proves less. Throws `disk_failed`. */
export function writeHead(directory: string, { seq, hash }: LogHead, disk: Disk): Promise<void> {
  return replaceSmallFile(join(directory, headName), `${JSON.stringify({ seq, hash })}\n`, false, disk);
}

/** The head of the log in a folder, to be read before the log; null where none can be read, which proves nothing. Never rejects. */
export async function readHead(directory: string): Promise<LogHead | null> {
  try {
    const bytes = await readSmallFile(join(directory, headName), 4096);
    return bytes === null ? null : (LogHead.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? null);
  } catch {
    return null;
  }
}

/** True where a log of these events, the first with seq 0, has lost its end. */
export function isCutBefore(head: LogHead | null, events: readonly { readonly hash: string }[]): boolean {
  return head !== null && events[head.seq]?.hash !== head.hash;
}
