import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { OrchestratorError } from "../schema/errors.ts";
import { createFile, ensureDirectory, hasCode, listDirectory, readFileIfThere, removeTree } from "./files.ts";
import { formatIdentity, identifyProcess, lookUpProcess, type ProcessIdentity, parseIdentity } from "./host.ts";

const identityBytesMax = 4_096;
const triesMax = 200;
const pauseMs = 50;

/** A folder that this process alone may work in. */
export interface FolderLock {
  /** Lets go; nothing happens the second time. Throws `disk_failed`. */
  release(): Promise<void>;
}

/** The lock, or who holds it and the file that says so. */
export type LockAnswer =
  | { readonly ok: true; readonly lock: FolderLock }
  | { readonly ok: false; readonly holder: string; readonly file: string };

/**
 * Takes the lock of a folder that exists. A holder that is provably gone loses it; one that cannot be looked up keeps it. Two that
 * try at once may both be turned away, and are never both let in. Throws `disk_failed`.
 */
export async function takeFolderLock(folder: string): Promise<LockAnswer> {
  const before = await readLocks(folder);
  const held = before.find(({ isGone }) => !isGone);
  if (held !== undefined) return refusal(held);
  const own = `lock.${1 + Math.max(0, ...before.map(({ number }) => number))}`;
  const identity = formatIdentity(await identifyProcess());
  if (!(await createFile(join(folder, own), identity))) return { ok: false, holder: "another process", file: own };
  const other = (await readLocks(folder)).find(({ name, isGone }) => name !== own && !isGone);
  if (other !== undefined) {
    await removeTree(join(folder, own));
    return refusal(other);
  }
  for (const { name } of before) await removeTree(join(folder, name));
  return { ok: true, lock: { release: () => removeTree(join(folder, own)) } };
}

/**
 * Does something while the lock of a folder is ours; makes the folder. Waits at most ten seconds for whoever has it. Throws `disk_failed`,
 * also where the lock stays, and `aborted`.
 */
export async function withFolderLock<Result>(
  folder: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  await ensureDirectory(folder);
  const lock = await waitForLock(folder, signal);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function waitForLock(folder: string, signal: AbortSignal | undefined): Promise<FolderLock> {
  for (let tries = 0; ; tries += 1) {
    if (signal?.aborted) throw new OrchestratorError("aborted", "stopped before anything was written");
    const answer = await takeFolderLock(folder);
    if (answer.ok) return answer.lock;
    if (tries >= triesMax)
      throw new OrchestratorError(
        "disk_failed",
        `${answer.holder} writes here, as ${answer.file} says; wait for it, or remove that file where none is running`,
      );
    await pause(pauseMs);
  }
}

interface FoundLock {
  readonly name: string;
  readonly number: number;
  readonly file: string;
  readonly holder: string;
  readonly isGone: boolean;
}

function refusal({ holder, file }: FoundLock): LockAnswer {
  return { ok: false, holder, file };
}

async function readLocks(folder: string): Promise<readonly FoundLock[]> {
  const found: FoundLock[] = [];
  for (const { name } of await listDirectory(folder)) {
    const number = Number(/^lock\.(\d{1,9})$/.exec(name)?.[1] ?? 0);
    if (number === 0) continue;
    const file = join(folder, name);
    const text = (await readFileIfThere(file, identityBytesMax))?.toString("utf8");
    if (text === undefined) continue;
    const identity = parseIdentity(text);
    const holder = identity === null ? "a process that cannot be named" : `process ${identity.pid} on ${identity.host}`;
    found.push({ name, number, file, holder, isGone: identity !== null && (await isGone(identity)) });
  }
  return found;
}

/** A restart of the machine ends every process; elsewhere a system without `/proc` still knows its own pids. */
async function isGone(identity: ProcessIdentity): Promise<boolean> {
  const state = await lookUpProcess(identity);
  if (state !== "unknown" || identity.host !== hostname()) return state === "dead";
  const own = await identifyProcess();
  if (identity.boot !== own.boot) return true;
  return identity.namespace === own.namespace && !isThere(identity.pid);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}
