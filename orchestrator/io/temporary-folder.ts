import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskFault, removeTree } from "./files.ts";

/** Gives the work a folder of its own, open to this user alone, and removes it however the work ends. Throws `disk_failed`. */
export async function withTemporaryFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const prefix = join(tmpdir(), `codex-orchestrator-${name}-`);
  const folder = await mkdtemp(prefix).catch((error: unknown) => {
    throw diskFault("create", prefix, error);
  });
  try {
    return await work(folder);
  } finally {
    await removeTree(folder);
  }
}
