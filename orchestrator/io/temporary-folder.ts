import { lstat, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskFault, removeTree } from "./files.ts";
import { sha256 } from "./hash.ts";
import { identifyProcess, lookUpProcess, type ProcessIdentity } from "./host.ts";

/** Pid and start of the process that made it, and where these mean something: one boot, one pid namespace. */
const ownedName = /^codex-orchestrator-[a-z-]+-p(\d{1,10})\.(\d{1,20})\.([0-9a-f]{8})-[A-Za-z0-9]{6}$/;

/** Gives the work a folder of its own, open to this user alone, and removes it however the work ends. Throws `disk_failed`. */
export async function withTemporaryFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const prefix = join(tmpdir(), `codex-orchestrator-${name}-${ownerMark(await identifyProcess())}`);
  const folder = await mkdtemp(prefix).catch((error: unknown) => {
    throw diskFault("create", prefix, error);
  });
  try {
    return await work(folder);
  } finally {
    await removeTree(folder);
  }
}

/**
 * Removes the temporary folders of processes of this user that were killed. Only what is surely of a process that is gone: one of another boot or
 * container stays. Never rejects.
 */
export async function removeAbandonedFolders(): Promise<void> {
  const own = await identifyProcess();
  const place = placeOf(own);
  if (place === null) return;
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, pid = "", start = "", where = ""] = ownedName.exec(name) ?? [];
    if (where !== place || (await lookUpProcess({ ...own, pid: Number(pid), start })) !== "dead") continue;
    const folder = join(tmpdir(), name);
    // What cannot be removed now can be the next time.
    if (await isOwnFolder(folder)) await removeTree(folder).catch(() => {});
  }
}

/** Empty where this system does not tell one process from another. */
function ownerMark(identity: ProcessIdentity): string {
  const place = placeOf(identity);
  return place === null ? "" : `p${identity.pid}.${identity.start}.${place}-`;
}

function placeOf({ boot, namespace, start }: ProcessIdentity): string | null {
  return boot === null || namespace === null || start === null ? null : sha256(`${boot} ${namespace}`).slice(0, 8);
}

async function isOwnFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && found.uid === process.getuid?.();
}
