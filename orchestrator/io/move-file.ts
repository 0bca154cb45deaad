import { rename } from "node:fs/promises";
import { diskFault } from "./files.ts";

/** Gives a file another name on the same disk, replacing what had it. Throws `disk_failed`. */
export async function moveFile(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    throw diskFault("move", from, error);
  });
}
